"""Finding a case by a name that nothing but memory holds in clear."""

import uuid
from collections.abc import Callable, Mapping
from threading import Event, current_thread, main_thread

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.casework import names
from forms_app.casework.names import Found, NameIndex
from forms_app.casework.spelling import compared
from forms_app.storage import inbox_summaries, submissions
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.inbox_summaries import SealedSummary
from forms_app.storage.tables import submissions as table

Identities = tuple[Identity, ...]
NOTHING = Found(ids=frozenset())


def references(engine: sa.Engine, found: frozenset[object]) -> set[str]:
    with reading(engine) as connection:
        return {row.reference for row in connection.execute(sa.select(table)) if row.id in found}


@pytest.mark.parametrize(
    "typed", ["Ødegård", "ødegård", "odegard", "ODEGARD", "degå", "åse ødegård", "ødegård åse", "  åse   "]
)
def test_a_part_of_a_name_finds_it_however_it_is_written(
    sent: Callable[..., str], database: sa.Engine, identities: Identities, typed: str
) -> None:
    wanted = sent(name_of_person="Åse Ødegård", role="child")
    sent(name_of_person="Bjørn Haugen", sender_name="Tor Haugen", role="child")
    found = NameIndex().search(database, identities, "arendal", typed).ids
    assert references(database, found) == {wanted}


def test_a_sender_is_found_too_and_no_other_municipality_s_cases(
    sent: Callable[..., str], database: sa.Engine, identities: Identities
) -> None:
    wanted = sent(sender_name="Kåre Ødegård", role="child")
    sent(sender_name="Kåre Ødegård", role="child", place="kristiansand")
    index = NameIndex()
    assert references(database, index.search(database, identities, "arendal", "kåre").ids) == {wanted}
    assert index.search(database, identities, "bjornafjorden", "kåre") == NOTHING
    assert index.search(database, identities, "arendal", "  ") == NOTHING


def test_what_came_since_is_found_and_what_was_erased_is_forgotten(
    sent: Callable[..., str], database: sa.Engine, identities: Identities, clock: MovableClock
) -> None:
    first = sent(name_of_person="Åse Ødegård", role="child")
    index = NameIndex()
    index.search(database, identities, "arendal", "ødegård")
    second = sent(name_of_person="Ane Ødegård", role="child")
    assert references(database, index.search(database, identities, "arendal", "ødegård").ids) == {first, second}
    with database.begin() as connection:
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(table).where(table.c.reference == first).values(**gone))
    assert references(database, index.search(database, identities, "arendal", "ødegård").ids) == {second}


def test_what_cannot_be_opened_hides_no_other(
    sent: Callable[..., str], database: sa.Engine, identities: Identities
) -> None:
    wanted, damaged = (sent(name_of_person="Åse Ødegård", role="child") for unused in range(2))
    with database.begin() as connection:
        row = submissions.by_reference(connection, wanted)
        assert row
        connection.execute(sa.update(table).where(table.c.reference == damaged).values(summary=row.summary))
    found = NameIndex().search(database, identities, "arendal", "ødegård").ids
    assert references(database, found) == {wanted}
    assert NameIndex().search(database, (Identity.generate(),), "arendal", "ødegård") == NOTHING


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One case at a time, so that three take three turns."""
    monkeypatch.setattr("forms_app.casework.read_names._AT_ONCE", 1)


@pytest.mark.usefixtures("slowly")
def test_a_search_that_cannot_wait_says_how_many_are_not_read_yet_and_they_are_read_meanwhile(
    sent: Callable[..., str], database: sa.Engine, identities: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {sent(name_of_person="Åse Ødegård", role="child") for unused_case in range(3)}
    index, may_go_on = NameIndex(), Event()
    read_all = names._read_all
    monkeypatch.setattr(names, "_read_all", lambda *given: may_go_on.wait(10) and read_all(*given))
    first = index.search(database, identities, "arendal", "ødegård", patience=0)
    second = index.search(database, identities, "arendal", "ødegård", patience=0)
    assert [(len(one.ids), one.unread) for one in (first, second)] == [(1, 2), (2, 1)]
    may_go_on.set()
    index.finish("arendal")
    found = index.search(database, identities, "arendal", "ødegård", patience=0)
    assert (references(database, found.ids), found.unread) == (wanted, 0)


@pytest.mark.usefixtures("slowly")
def test_a_database_that_fails_in_the_background_is_asked_again_by_whoever_looks_next(
    sent: Callable[..., str], database: sa.Engine, identities: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {sent(name_of_person="Åse Ødegård", role="child") for unused_case in range(3)}
    index, summaries = NameIndex(), inbox_summaries.summaries

    def fail(connection: sa.Connection, ids: list[uuid.UUID]) -> Mapping[uuid.UUID, SealedSummary]:
        if current_thread() is not main_thread():
            raise DatabaseBusy
        return summaries(connection, ids)

    monkeypatch.setattr(inbox_summaries, "summaries", fail)
    with structlog.testing.capture_logs() as lines:
        assert index.search(database, identities, "arendal", "ødegård", patience=0).unread == 2
        index.finish("arendal")
    assert [(line["event"], line["error"]) for line in lines] == [("names_not_read", "DatabaseBusy")]
    assert references(database, index.search(database, identities, "arendal", "ødegård").ids) == wanted


def test_letters_are_compared_without_accents_and_capitals() -> None:
    assert compared("Éßæ ØÅ Łódź") == "essa oa lodz"
