"""Which alarms last, and what somebody was told of each: kept here, for any worker may be the next to look."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forms_app.storage.alarm_tables import Turn, alarms
from forms_app.storage.functions import inserting


@dataclass(frozen=True, kw_only=True)
class KnownAlarm:
    """An alarm that somebody was told of `told_count` things at `told_at`; `unsent` is what a mail must still say.

    What has ended stays until the mail has gone that says so.
    """

    kind: str
    subject: str
    count: int
    began_at: datetime
    told_at: datetime
    told_count: int
    ended_at: datetime | None = None
    unsent: Turn | None = None


_NAMES = tuple(name for name in KnownAlarm.__dataclass_fields__ if name not in ("kind", "subject"))
_ALL = sa.select(alarms).order_by(alarms.c.kind, alarms.c.subject)
_PUT: Any = inserting(
    alarms,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[alarms.c.kind, alarms.c.subject], set_={name: insert.excluded[name] for name in _NAMES}
    ),
)
_IS_ALARM = sa.and_(alarms.c.kind == sa.bindparam("of_kind"), alarms.c.subject == sa.bindparam("about"))
_FORGET = sa.delete(alarms).where(_IS_ALARM)


def known(connection: sa.Connection) -> list[KnownAlarm]:
    """Every alarm that lasts, and those that ended while no mail could say so."""
    return [
        KnownAlarm(**dict(row._mapping) | {"unsent": Turn(row.unsent) if row.unsent else None})
        for row in connection.execute(_ALL)
    ]


def put(connection: sa.Connection, changed: Iterable[KnownAlarm]) -> None:
    """Remember these as they are now."""
    for one in changed:
        connection.execute(_PUT[connection.dialect.name], asdict(one))


def forget(connection: sa.Connection, over: Iterable[KnownAlarm]) -> None:
    """Nobody need be told of these any more."""
    for one in over:
        connection.execute(_FORGET, {"of_kind": one.kind, "about": one.subject})
