"""A database that takes nothing more, from whichever process, while it is copied and for good once it has moved.

Triggers on every table refuse each change; every engine turns that into DatabaseClosed. The database that is being
filled is closed too, and opened for each batch of rows inside its transaction: so at most one of the two ever takes
what citizens send, whatever dies in between.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage.contents import closable
from forms_app.storage.engine import reading
from forms_app.storage.failures import CLOSED_CODE, CLOSED_WORD
from forms_app.storage.migrate import Schema
from forms_app.storage.worker_tables import moves

_VERSION = "alembic_version"


class GivenUp(PortalError):
    """Somebody else has opened the database again while it was copied; the copy does not count."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One copy of a database, as one of the two knows it: `place` is the other one, without user or password."""

    id: uuid.UUID
    is_source: bool
    place: str
    begun_at: datetime
    finished_at: datetime | None = None


_CLOSED_BY = sa.select(moves).where(sa.or_(moves.c.is_source, moves.c.finished_at.is_(None)))
_ARRIVED = sa.select(moves).where(moves.c.id == sa.bindparam("wanted"))
_FORGET = sa.delete(moves).where(moves.c.id == sa.bindparam("wanted"))
_FINISH = sa.update(moves).where(moves.c.id == sa.bindparam("wanted")).values(finished_at=sa.bindparam("at"))


def closed_by(connection: sa.Connection) -> Move | None:
    """The move that keeps this database closed; None where it is open."""
    return _one(connection.execute(_CLOSED_BY).one_or_none())


def is_closed(engine: sa.Engine) -> bool:
    """Whether any move keeps it closed."""
    with reading(engine) as connection:
        return closed_by(connection) is not None


def find(connection: sa.Connection, id: uuid.UUID) -> Move | None:
    """A move that this database has been part of."""
    return _one(connection.execute(_ARRIVED, {"wanted": id}).one_or_none())


def _one(row: sa.Row[tuple[object, ...]] | None) -> Move | None:
    return Move(**row._mapping) if row else None


@contextmanager
def deciding(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction beside which nobody else decides whether this database is closed."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE moves IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def announce(connection: sa.Connection, move: Move) -> None:
    """Say why the database is closed, before it is; in a transaction of `deciding`."""
    connection.execute(sa.insert(moves), asdict(move))


def close(engine: sa.Engine, schema: Schema) -> None:
    """Return when nobody can write any more, and all who had begun are done; doing it again does no harm.

    One table after the other: whoever waited for one of them with another in hand could be waited for by its writer.
    """
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql(_REFUSE)
    for name in _names(schema):
        with engine.begin() as connection:
            _put_up(connection, name)


def reopen(connection: sa.Connection, schema: Schema, id: uuid.UUID) -> None:
    """Be as if the move had never been; in a transaction of `deciding`."""
    _take_down_all(connection, schema)
    connection.execute(_FORGET, {"wanted": id})


def open_filled(connection: sa.Connection, schema: Schema, id: uuid.UUID, *, now: datetime) -> None:
    """Everything has arrived: from here on this is the database."""
    _take_down_all(connection, schema)
    finish(connection, id, now=now)


def finish(connection: sa.Connection, id: uuid.UUID, *, now: datetime) -> None:
    """Note that the move is over; the source stays closed. Raises GivenUp where somebody has opened it meanwhile."""
    if connection.execute(_FINISH, {"wanted": id, "at": now}).rowcount != 1:
        raise GivenUp


@contextmanager
def opened(connection: sa.Connection, table: sa.Table) -> Iterator[None]:
    """For this transaction alone the table takes rows."""
    _take_down(connection, table.name)
    yield
    _put_up(connection, table.name)


def _names(schema: Schema) -> list[str]:
    """A closed database is not migrated either."""
    return [*(table.name for table in closable(schema)), _VERSION]


_REFUSE = f"""
    CREATE OR REPLACE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{CLOSED_WORD}' USING ERRCODE = '{CLOSED_CODE}'; END $$
"""
_HAS_TRIGGER = "SELECT 1 FROM pg_trigger WHERE tgname = 'closed' AND tgrelid = %s::regclass"
_DEEDS = ("insert", "update", "delete")


def _put_up(connection: sa.Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f'CREATE OR REPLACE TRIGGER closed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{name}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
        )
        return
    for deed in _DEEDS:
        connection.exec_driver_sql(
            f'CREATE TRIGGER IF NOT EXISTS "closed_{deed}_{name}" BEFORE {deed} ON "{name}"'
            f" BEGIN SELECT RAISE(ABORT, '{CLOSED_WORD}'); END"
        )


def _take_down_all(connection: sa.Connection, schema: Schema) -> None:
    for name in _names(schema):
        _take_down(connection, name)


def _take_down(connection: sa.Connection, name: str) -> None:
    """On PostgreSQL it only sleeps: to drop it one would have to wait until nobody reads."""
    if connection.dialect.name == "postgresql":
        if connection.exec_driver_sql(_HAS_TRIGGER, (name,)).first():
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER closed')
        return
    for deed in _DEEDS:
        connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "closed_{deed}_{name}"')
