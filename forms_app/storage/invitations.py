"""Who was invited to confirm what someone else has sent: a row under the id that the invitation's own code yields."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.tables import invitations


@dataclass(frozen=True, kw_only=True)
class NewInvitation:
    """An invitation to be stored; `sealed` is the text, which only its code opens."""

    id: bytes
    submission_id: uuid.UUID
    sealed: bytes
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoredInvitation:
    """An invitation; the text is gone once it is answered."""

    id: bytes
    submission_id: uuid.UUID
    sealed: bytes | None
    created_at: datetime
    answered_at: datetime | None


_INSERT = sa.insert(invitations)
_FIND = sa.select(invitations).where(invitations.c.id == sa.bindparam("wanted"))
_OF = sa.select(invitations).where(invitations.c.submission_id == sa.bindparam("wanted"))
_MARK_ANSWERED = (
    sa.update(invitations)
    .where(invitations.c.id == sa.bindparam("wanted"))
    .values(answered_at=sa.bindparam("moment"), sealed=None)
)


def insert(connection: sa.Connection, new: NewInvitation) -> None:
    """Store an invitation; a submission has one at most."""
    connection.execute(_INSERT, asdict(new))


def find(connection: sa.Connection, id: bytes) -> StoredInvitation | None:
    """The invitation with this id."""
    return _one(connection, _FIND, id)


def of(connection: sa.Connection, submission_id: uuid.UUID) -> StoredInvitation | None:
    """The invitation to confirm this submission."""
    return _one(connection, _OF, submission_id)


def mark_answered(connection: sa.Connection, id: bytes, *, now: datetime) -> None:
    """Note that it is answered, and delete its text: nobody needs to read it again."""
    connection.execute(_MARK_ANSWERED, {"wanted": id, "moment": now})


def _one(connection: sa.Connection, query: sa.Select[tuple[object, ...]], wanted: object) -> StoredInvitation | None:
    row = connection.execute(query, {"wanted": wanted}).one_or_none()
    return StoredInvitation(**row._mapping) if row else None
