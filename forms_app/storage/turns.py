"""Whose turn a repeated job is: one worker's among all, whichever host it is on."""

from typing import Any

import sqlalchemy as sa

from forms_app.storage.functions import database_now, inserting
from forms_app.storage.worker_tables import turns

_IS_JOB = turns.c.job == sa.bindparam("name")
_LEFT = sa.select(turns.c.next_at - database_now()).where(_IS_JOB)
_MAKE: Any = inserting(turns, lambda insert: insert.on_conflict_do_nothing())
_AFTER = database_now() + sa.bindparam("seconds", type_=sa.Double)
_TAKE = sa.update(turns).where(_IS_JOB, turns.c.next_at <= database_now()).values(next_at=_AFTER)
_FINISH = sa.update(turns).where(_IS_JOB).values(next_at=_AFTER)


def seconds_left(connection: sa.Connection, job: str) -> float:
    """How long until it is anybody's turn again; at most 0 where it is now."""
    left: float | None = connection.execute(_LEFT, {"name": job}).scalar()
    return 0.0 if left is None else left


def take(connection: sa.Connection, job: str, *, hold_seconds: float) -> bool:
    """Whether it is the caller's turn. Nobody else gets it for `hold_seconds`; after that the caller counts as dead."""
    connection.execute(_MAKE[connection.dialect.name], {"job": job, "next_at": 0.0})
    return connection.execute(_TAKE, {"name": job, "seconds": hold_seconds}).rowcount == 1


def finish(connection: sa.Connection, job: str, *, again_in: float) -> None:
    """The job is done, and due again in so many seconds."""
    connection.execute(_FINISH, {"name": job, "seconds": again_in})
