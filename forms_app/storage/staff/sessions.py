"""Who is logged in, for as long as they are there."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.staff.tables import sessions


@dataclass(frozen=True, kw_only=True)
class Session:
    """A login. `municipality` is the one whose cases are shown at present."""

    id: bytes
    member_id: uuid.UUID
    municipality: str
    started_at: datetime
    seen_at: datetime
    id_token: str


_INSERT = sa.insert(sessions)
_FIND = sa.select(sessions).where(sessions.c.id == sa.bindparam("session"))
_SEEN = sa.update(sessions).where(sessions.c.id == sa.bindparam("session")).values(seen_at=sa.bindparam("moment"))
_MOVE = sa.update(sessions).where(sessions.c.id == sa.bindparam("session")).values(municipality=sa.bindparam("place"))
_END = sa.delete(sessions).where(sessions.c.id == sa.bindparam("session"))
_END_IDLE = sa.delete(sessions).where(sessions.c.seen_at < sa.bindparam("moment"))


def insert(connection: sa.Connection, session: Session) -> None:
    """Somebody has logged in."""
    connection.execute(_INSERT, vars(session))


def find(connection: sa.Connection, id: bytes) -> Session | None:
    """The session, however old."""
    row = connection.execute(_FIND, {"session": id}).one_or_none()
    return Session(**row._mapping) if row else None


def mark_seen(connection: sa.Connection, id: bytes, *, now: datetime) -> None:
    """They are still there."""
    connection.execute(_SEEN, {"session": id, "moment": now})


def move(connection: sa.Connection, id: bytes, municipality: str) -> None:
    """Show the cases of another municipality."""
    connection.execute(_MOVE, {"session": id, "place": municipality})


def end(connection: sa.Connection, id: bytes) -> None:
    """They have logged out."""
    connection.execute(_END, {"session": id})


def end_idle(connection: sa.Connection, before: datetime) -> None:
    """Forget those who were last seen before that moment."""
    connection.execute(_END_IDLE, {"moment": before})
