"""How often a thing was done of late: a count for each key, in windows that begin with the first time.

A key says nothing by itself: what it stands for is known to whoever made it, and only for a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from forms_app.storage.columns import UTCDateTime
from forms_app.storage.functions import inserting
from forms_app.storage.tables import limits

WINDOW = timedelta(hours=1)
_MOST_CLEANED = 100


class Counted(StrEnum):
    """What is counted: each thing that costs us room or could be tried until it works."""

    CODE = "code"
    DRAFT = "draft"
    SUBMISSION = "submission"
    UPLOAD = "upload"
    INVITATION = "invitation"


@dataclass(frozen=True, kw_only=True)
class Window:
    """A count that starts anew at `ends_at`."""

    times: int
    ends_at: datetime


_NOW = sa.bindparam("now", type_=UTCDateTime)
_IS_KEY = limits.c.key == sa.bindparam("wanted")
_IS_OVER = limits.c.ends_at <= _NOW
_WINDOW = (limits.c.times, limits.c.ends_at)

_FIND = sa.select(*_WINDOW).where(_IS_KEY, ~_IS_OVER)


def _adding(insert: sqlite.Insert | postgresql.Insert) -> Any:
    """One statement, so that two who come at once are counted as two; both databases spell it the same way."""
    return insert.on_conflict_do_update(
        index_elements=[limits.c.key],
        set_={
            "times": sa.case((_IS_OVER, 1), else_=limits.c.times + 1),
            "ends_at": sa.case((_IS_OVER, insert.excluded.ends_at), else_=limits.c.ends_at),
        },
    ).returning(*_WINDOW)


_ADD = inserting(limits, _adding)
_TAKE_BACK = sa.update(limits).where(_IS_KEY, ~_IS_OVER, limits.c.times > 0).values(times=limits.c.times - 1)
_CLEAN = sa.delete(limits).where(
    limits.c.key.in_(
        # Two who clean at once would lock each other's rows in another order; SQLite has one writer anyway.
        sa.select(limits.c.key).where(_IS_OVER).limit(_MOST_CLEANED).with_for_update(skip_locked=True)
    )
)


def find(connection: sa.Connection, key: bytes, now: datetime) -> Window | None:
    """The present window of a key, if there is one."""
    row = connection.execute(_FIND, {"wanted": key, "now": now}).one_or_none()
    return Window(**row._mapping) if row else None


def add(connection: sa.Connection, key: bytes, now: datetime) -> Window:
    """Count one more, and return the window with it."""
    values = {"key": key, "times": 1, "ends_at": now + WINDOW, "now": now}
    return Window(**connection.execute(_ADD[connection.dialect.name], values).one()._mapping)


def take_back(connection: sa.Connection, key: bytes, now: datetime) -> None:
    """Count one less, where there is anything to take back."""
    connection.execute(_TAKE_BACK, {"wanted": key, "now": now})


def clean(connection: sa.Connection, now: datetime) -> None:
    """Delete windows that are over; each writer takes some, so that none has to take many."""
    connection.execute(_CLEAN, {"now": now})
