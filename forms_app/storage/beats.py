"""Who of the workers is still there: each writes down now and then that it is."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from forms_app.storage.functions import database_now, inserting
from forms_app.storage.worker_tables import beats


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A worker, and how many seconds ago it was last there."""

    worker: uuid.UUID
    host: str
    process: int
    seconds_ago: float


_SAY: Any = inserting(
    beats,
    lambda insert: insert.values(
        worker=sa.bindparam("worker"),
        host=sa.bindparam("host"),
        process=sa.bindparam("process"),
        started_at=database_now(),
        beat_at=database_now(),
    ).on_conflict_do_update(index_elements=[beats.c.worker], set_={"beat_at": database_now()}),
)
_ALL = sa.select(
    beats.c.worker, beats.c.host, beats.c.process, (database_now() - beats.c.beat_at).label("seconds_ago")
).order_by(beats.c.beat_at.desc())
_FORGET = sa.delete(beats).where(beats.c.beat_at < database_now() - sa.bindparam("seconds", type_=sa.Double))


def say(connection: sa.Connection, worker: uuid.UUID, *, host: str, process: int) -> None:
    """This worker is there now."""
    connection.execute(_SAY[connection.dialect.name], {"worker": worker, "host": host, "process": process})


def end(connection: sa.Connection, worker: uuid.UUID) -> None:
    """This worker has ended as it should, and nobody need miss it."""
    connection.execute(sa.delete(beats).where(beats.c.worker == worker))


def all(connection: sa.Connection) -> list[Beat]:
    """Every worker that has not ended as it should, the one that was there last comes first."""
    return [Beat(**row._mapping) for row in connection.execute(_ALL)]


def forget(connection: sa.Connection, *, older_than_seconds: float) -> None:
    """Those that have not been there for so long will not come back; others have taken over."""
    connection.execute(_FORGET, {"seconds": older_than_seconds})
