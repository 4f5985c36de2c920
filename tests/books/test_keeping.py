"""What no journal knew of is noted by the worker, so that it cannot be lost unnoticed afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock

from forms_app.books.closing import Books, Gap
from forms_app.books.journal import IssueJournal, JournalUnwritable
from forms_app.books.journals import Journals, late_since
from forms_app.books.keeping import NOTED_AFTER, Bookkeeper
from forms_app.storage.tables import submissions
from tests.books.conftest import NOON, Counter
from tests.books.tampering import Closed, delete, gaps


@pytest.fixture
def keeper(engine: sa.Engine, clock: MovableClock, tmp_path: Path) -> Bookkeeper:
    return Bookkeeper(
        engine=engine,
        clock=clock,
        journals=Journals([tmp_path]),
        late=IssueJournal(tmp_path / "issued-late.jsonl"),
    )


def test_what_nobody_was_shown_a_receipt_of_is_noted_once_it_is_sure(
    counter: Counter, keeper: Bookkeeper, clock: MovableClock, closed: Closed
) -> None:
    counter.take("A")
    counter.take("B", is_issued=False)
    assert (keeper.run().noted, keeper.run().gaps) == ((), ())
    clock.now = NOON + NOTED_AFTER
    assert [row.reference for row in keeper.run().noted] == ["B"]
    assert keeper.run().noted == ()
    assert gaps(closed()) == []
    assert [line.reference for line in late_since(keeper.journals, NOON)] == ["B"]
    assert late_since(keeper.journals, clock() + timedelta(seconds=1)) == []


def test_what_was_noted_cannot_be_lost_unnoticed_any_more(
    counter: Counter, keeper: Bookkeeper, clock: MovableClock, change: Callable[..., None]
) -> None:
    counter.take("B", is_issued=False)
    clock.move(hours=1)
    kept = keeper.run()
    assert ([row.reference for row in kept.noted], kept.gaps) == (["B"], ())
    change(*delete("B"))
    assert [(one.gap, one.reference) for one in keeper.run().gaps] == [(Gap.MISSING, "B")]


def test_a_receipt_that_is_shown_after_all_is_the_same_one(
    counter: Counter, keeper: Bookkeeper, clock: MovableClock, closed: Callable[..., Books], engine: sa.Engine
) -> None:
    counter.take("B", is_issued=False)
    clock.move(hours=1)
    keeper.run()
    with engine.connect() as connection:
        row = connection.execute(sa.select(submissions)).one()
    counter.journal.issue(NOON, "B", "arendal", row.sealed_hash)
    books = closed()
    assert (gaps(books), books.balances[0].issued) == ([], 1)


def test_a_journal_that_cannot_be_written_is_told(
    counter: Counter, keeper: Bookkeeper, clock: MovableClock, tmp_path: Path
) -> None:
    counter.take("B", is_issued=False)
    clock.move(hours=1)
    late = IssueJournal(tmp_path / "missing" / "issued-late.jsonl")
    with pytest.raises(JournalUnwritable):
        replace(keeper, late=late).run()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What is logged is tested elsewhere."""
    with structlog.testing.capture_logs():
        yield
