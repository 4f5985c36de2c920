"""Finding a case by a name that nothing but memory holds in clear."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.casework.names import NameIndex
from forms_app.casework.spelling import compared
from forms_app.storage import submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import submissions as table

Identities = tuple[Identity, ...]


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
    found = NameIndex().search(database, identities, "arendal", typed)
    assert references(database, found) == {wanted}


def test_a_sender_is_found_too_and_no_other_municipality_s_cases(
    sent: Callable[..., str], database: sa.Engine, identities: Identities
) -> None:
    wanted = sent(sender_name="Kåre Ødegård", role="child")
    sent(sender_name="Kåre Ødegård", role="child", place="kristiansand")
    index = NameIndex()
    assert references(database, index.search(database, identities, "arendal", "kåre")) == {wanted}
    assert index.search(database, identities, "bjornafjorden", "kåre") == frozenset()
    assert index.search(database, identities, "arendal", "  ") == frozenset()


def test_what_came_since_is_found_and_what_was_erased_is_forgotten(
    sent: Callable[..., str], database: sa.Engine, identities: Identities, clock: MovableClock
) -> None:
    first = sent(name_of_person="Åse Ødegård", role="child")
    index = NameIndex()
    index.search(database, identities, "arendal", "ødegård")
    second = sent(name_of_person="Ane Ødegård", role="child")
    assert references(database, index.search(database, identities, "arendal", "ødegård")) == {first, second}
    with database.begin() as connection:
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(table).where(table.c.reference == first).values(**gone))
    assert references(database, index.search(database, identities, "arendal", "ødegård")) == {second}


def test_what_cannot_be_opened_hides_no_other(
    sent: Callable[..., str], database: sa.Engine, identities: Identities
) -> None:
    wanted, damaged = (sent(name_of_person="Åse Ødegård", role="child") for unused in range(2))
    with database.begin() as connection:
        row = submissions.by_reference(connection, wanted)
        assert row
        connection.execute(sa.update(table).where(table.c.reference == damaged).values(summary=row.summary))
    found = NameIndex().search(database, identities, "arendal", "ødegård")
    assert references(database, found) == {wanted}
    assert NameIndex().search(database, (Identity.generate(),), "arendal", "ødegård") == frozenset()


def test_letters_are_compared_without_accents_and_capitals() -> None:
    assert compared("Éßæ ØÅ Łódź") == "essa oa lodz"
