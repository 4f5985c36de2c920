"""Rows copied from either kind of database to either kind: the same, in the same order, going on where it stopped."""

import math
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.storage import audit, copying
from forms_app.storage.canaries import put
from forms_app.storage.casework_tables import canaries
from forms_app.storage.contents import movable
from forms_app.storage.copying import Watch, batches, count_on, fill, tally
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.fingerprints import Teller
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.staff.tables import coordinators, members, roles
from forms_app.storage.tables import audit as audit_table
from forms_app.storage.tables import submissions
from tests.databases import NewDatabase

WORDS = ["b", "a", "B", "Æ", "å", "ø", "z", "Z", "_", "-a", "a b", "aB", "Ab", "10", "9", "\U0001f642", "\ufffd"]


def told_to_nobody(unused_table: str, unused_done: int, unused_total: int) -> None:
    pass


def as_it_is(unused_connection: sa.Connection, unused_table: sa.Table) -> AbstractContextManager[None]:
    return nullcontext()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[sa.Engine]:
    """An empty database, of the same kind as the source and of the other."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'target.sqlite'}")
        migrate(engine)
    else:
        server = request.getfixturevalue("postgres")
        name = server.create(request.getfixturevalue("templates")[Schema.PORTAL])
        engine = make_engine(server.url(name))
    yield engine
    engine.dispose()


def copy(source: sa.Engine, target: sa.Engine, table: sa.Table, watch: Watch = told_to_nobody) -> None:
    with reading(source) as connection:
        sent = fill(connection, target, table, opened=as_it_is, watch=watch)
    with reading(target) as connection:
        assert tally(connection, table, watch=told_to_nobody) == sent


def fill_canaries(engine: sa.Engine, now: datetime, sealed: bytes = b"s") -> None:
    with engine.begin() as connection:
        for word in WORDS:
            put(connection, word, sealed, now=now)


def test_every_value_arrives_as_it_was(
    engine: sa.Engine, target: sa.Engine, stored: Callable[..., Any], now: datetime
) -> None:
    for hours in range(3):
        stored(accepted_at=now + timedelta(hours=hours), summary=bytes(range(256)), target_group=None, language="å")
    copy(engine, target, submissions)
    order = sa.select(submissions).order_by(submissions.c.id)
    with reading(engine) as there, reading(target) as here:
        rows = [tuple(row) for row in here.execute(order)]
        assert rows == [tuple(row) for row in there.execute(order)]
    assert len(rows) == 3


def test_texts_stand_in_the_same_order_on_both_kinds(engine: sa.Engine, target: sa.Engine, now: datetime) -> None:
    fill_canaries(engine, now)
    copy(engine, target, canaries)
    with reading(target) as connection:
        found = [row.fingerprint for rows in batches(connection, canaries) for row in rows]
    assert found == sorted(WORDS, key=str.encode)


def test_a_key_of_several_columns_is_followed(
    new_database: NewDatabase, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_MOST_ROWS", 3)
    engine = make_engine(new_database(Schema.STAFF))
    people = [uuid.uuid4() for unused_number in range(3)]
    places = ["arendal", "Aarhus", "Ærø"]
    with engine.begin() as connection:
        connection.execute(
            sa.insert(members),
            [{"id": one, "issuer": "i", "subject": one.hex, "name": "n", "added_at": now} for one in people],
        )
        connection.execute(
            sa.insert(roles),
            [{"member_id": one, "municipality": place, "role": "auditor"} for one in people for place in places],
        )
    with reading(engine) as connection:
        found = [tuple(row)[:2] for rows in batches(connection, roles) for row in rows]
        assert list(batches(connection, coordinators)) == []
    assert found == [(one, place) for one in sorted(people) for place in sorted(places, key=str.encode)]
    engine.dispose()


def test_what_is_large_comes_alone_and_what_is_small_together(
    engine: sa.Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_MOST_BYTES", 100)
    with engine.begin() as connection:
        for word, size in [("a", 30), ("b", 60), ("c", 20), ("d", 500), ("e", 10), ("f", 90), ("g", 101)]:
            put(connection, word, bytes(size), now=now)
    with reading(engine) as connection:
        found = ["".join(row.fingerprint for row in rows) for rows in batches(connection, canaries)]
    assert found == ["ab", "c", "d", "ef", "g"]


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def test_what_was_interrupted_goes_on_after_the_last_row(
    engine: sa.Engine, target: sa.Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_MOST_ROWS", 4)
    fill_canaries(engine, now)
    seen: list[tuple[str, int, int]] = []
    inserted: list[str] = []
    sa.event.listen(target, "before_cursor_execute", lambda *told: inserted.append(told[2]))

    def interrupt(table: str, done: int, total: int) -> None:
        seen.append((table, done, total))
        if done == 8:
            raise Interrupted

    with pytest.raises(Interrupted):
        copy(engine, target, canaries, interrupt)
    with reading(target) as connection:
        assert copying.count(connection, canaries) == 8
    assert seen == [("canaries", done, len(WORDS)) for done in (0, 4, 8)]
    inserted.clear()
    copy(engine, target, canaries)
    assert sum(one.startswith("INSERT") for one in inserted) == math.ceil((len(WORDS) - 8) / 4)


def test_new_rows_are_numbered_after_the_last_one(engine: sa.Engine, target: sa.Engine, now: datetime) -> None:
    with engine.begin() as connection:
        for subject in "abc":
            audit.record(connection, at=now, actor="a", action="b", subject=subject)
        connection.execute(sa.delete(audit_table).where(audit_table.c.subject == "a"))
    copy(engine, target, audit_table)
    with target.begin() as connection:
        for table in movable(Schema.PORTAL):
            count_on(connection, table)
        audit.record(connection, at=now, actor="a", action="b", subject="d")
        assert [one.id for one in audit.entries(connection)] == [2, 3, 4]


def test_a_table_without_rows_begins_at_one(engine: sa.Engine, now: datetime) -> None:
    with engine.begin() as connection:
        count_on(connection, audit_table)
        audit.record(connection, at=now, actor="a", action="b", subject="d")
        assert [one.id for one in audit.entries(connection)] == [1]


@pytest.mark.parametrize(
    "change",
    [
        sa.update(canaries).where(canaries.c.fingerprint == "a").values(sealed=b"t"),
        sa.update(canaries).where(canaries.c.fingerprint == "a").values(confirmed_at=canaries.c.made_at),
        sa.update(canaries).where(canaries.c.fingerprint == "a").values(proof=""),
        sa.update(canaries).where(canaries.c.fingerprint == "a").values(fingerprint="A"),
        sa.delete(canaries).where(canaries.c.fingerprint == "a"),
    ],
)
def test_whatever_is_changed_shows(engine: sa.Engine, now: datetime, change: sa.Executable) -> None:
    fill_canaries(engine, now)
    with engine.begin() as connection:
        before = tally(connection, canaries, watch=told_to_nobody)
        connection.execute(change)
        assert tally(connection, canaries, watch=told_to_nobody) != before


def told_of(*values: Any) -> str:
    engine = sa.create_engine("sqlite://")
    teller = Teller(sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer)))
    with engine.connect() as connection:
        row = connection.execute(sa.select(sa.literal(1))).one()
    teller.add(type(row)(row._parent, None, row._key_to_index, values))
    engine.dispose()
    return teller.tally.sha256


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.only_on("sqlite")
def test_no_two_values_are_told_alike() -> None:
    values = [None, "", b"", "1", b"1", 1, True, 1.0, uuid.UUID(int=1), NOON, date(2026, 11, 22), "é", "e\u0301"]
    rows = [(one,) for one in values] + [("a", "bc"), ("ab", "c"), ("abc",), ("", "abc")]
    assert len({told_of(*row) for row in rows}) == len(rows)
    assert told_of(NOON) == told_of(NOON.astimezone(timezone(timedelta(hours=1))))
    with pytest.raises(TypeError, match="list"):
        told_of([])
