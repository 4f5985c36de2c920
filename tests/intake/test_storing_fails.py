"""When storing is slow or fails: everything is stored or nothing, and the draft is never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from counter import FILES, Counter, rows
from movable_clock import SUNDAY_NOON, MovableClock

from forms_app.intake import drafts, uploads
from forms_app.intake import submit as sending
from forms_app.intake.drafts import Draft, contents
from forms_app.intake.submit import NotAccepted, NotWhatWasReviewed
from forms_app.language import Language
from forms_app.sealing.attached import SentFile
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.tables import submissions

Listen = Callable[[Callable[[str], None]], None]
WRITES = ("submissions", "attachments", "cases", "deadlines", "deliveries", "audit", "draft_steps", "draft_files")


def test_an_acceptance_that_took_over_a_minute_is_taken_again(
    counter: Counter, clock: MovableClock, on_statement: Listen, database: sa.Engine
) -> None:
    delays = [61.0, 61.0]

    def dawdle(statement: str) -> None:
        if "INSERT INTO audit" in statement and delays:
            clock.move(seconds=delays.pop())

    code = counter.begin()
    on_statement(dawdle)
    receipt = counter.send(code)
    assert receipt.binding.accepted_at == SUNDAY_NOON + timedelta(seconds=122)
    assert rows(database)["submissions"] == rows(database)["cases"] == 1
    with reading(database) as connection:
        assert {entry.at for entry in audit.entries(connection)} == {receipt.binding.accepted_at}


def test_a_store_that_is_always_too_slow_accepts_nothing(
    counter: Counter, clock: MovableClock, on_statement: Listen, database: sa.Engine
) -> None:
    code = counter.begin()
    before = rows(database)
    on_statement(lambda statement: clock.move(minutes=2) if "INSERT INTO audit" in statement else None)
    with pytest.raises(NotAccepted):
        counter.send(code)
    assert rows(database) == before


def test_a_reference_that_is_taken_is_drawn_anew(
    counter: Counter, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = counter.send(counter.begin()).binding.reference
    drawn = iter([taken, taken, "K7M2-9QXA"])
    monkeypatch.setattr(sending, "new_reference", lambda: next(drawn))
    assert counter.send(counter.begin()).binding.reference == "K7M2-9QXA"
    assert rows(database)["submissions"] == 2


@pytest.mark.parametrize("table", WRITES)
def test_when_any_statement_fails_nothing_is_stored_and_the_draft_is_as_it_was(
    counter: Counter, on_statement: Listen, database: sa.Engine, table: str
) -> None:
    def fail(statement: str) -> None:
        if statement.startswith((f"INSERT INTO {table} ", f"DELETE FROM {table} ")):
            raise OSError("the disk is full")

    code = counter.begin()
    before, kept = rows(database), counter.look(code)[0]
    on_statement(fail)
    with pytest.raises(OSError, match="full"):
        counter.send(code)
    assert rows(database) == before
    draft, unused_filled = counter.look(code)
    assert draft == kept
    assert {file.facts.name: file.content for file in drafts.contents(counter.desk.engine, draft)} == FILES


def test_a_commit_that_fails_leaves_the_draft_to_be_sent_again(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    before = rows(database)

    def fail(unused_connection: object) -> None:
        raise OSError("the disk is full")

    sa.event.listen(counter.desk.engine, "commit", fail)
    with pytest.raises(OSError, match="full"):
        counter.send(code)
    sa.event.remove(counter.desk.engine, "commit", fail)
    assert rows(database) == before
    assert counter.send(code).binding.reference


def test_files_that_another_tab_removed_are_not_silently_left_out(counter: Counter) -> None:
    code = counter.begin()
    draft, filled = counter.look(code)
    uploads.remove(counter.desk.engine, code, draft.files[0].id)
    municipality = filled.context.municipality
    assert municipality
    with pytest.raises(NotWhatWasReviewed):
        sending.submit(
            counter.desk,
            draft,
            filled,
            reviewed=sending.review_hash(filled, [file.facts for file in draft.files], Language.NN),
            municipality=municipality,
            recipients=counter.settings.recipients[municipality.key],
            language=Language.NN,
        )


def test_a_click_that_was_faster_is_answered_with_its_receipt(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = counter.begin()
    first: list[str] = []

    def contents_after_another_click(engine: sa.Engine, draft: Draft) -> list[SentFile]:
        monkeypatch.undo()
        first.append(counter.send(code).binding.reference)
        return contents(engine, draft)

    monkeypatch.setattr(sending, "contents", contents_after_another_click)
    assert [counter.send(code).binding.reference] == first


def test_what_was_sent_and_then_erased_is_not_accepted_again(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    draft, filled = counter.look(code)
    counter.send(code)
    with database.begin() as connection:
        connection.execute(sa.update(submissions).values(own_copy=None, own_receipt=None))
    before = rows(database)
    municipality = filled.context.municipality
    assert municipality
    with pytest.raises(NotAccepted):
        sending.submit(
            counter.desk,
            replace(draft, files=()),
            filled,
            reviewed=sending.review_hash(filled, [], Language.NN),
            municipality=municipality,
            recipients=counter.settings.recipients[municipality.key],
            language=Language.NN,
        )
    assert rows(database) == before
