"""Who did what to which case, as a row in the same transaction as the deed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.tables import audit


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One deed.

    `actor` is a role, and for commands the operating system's user ("cli:ingrid"); `subject` is the id of a submission,
    the key of a municipality or "all". Neither ever names a citizen.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str


_RECORD = sa.insert(audit)


def record(connection: sa.Connection, *, at: datetime, actor: str, action: str, subject: str) -> None:
    """Add an entry to the trail."""
    connection.execute(_RECORD, {"at": at, "actor": actor, "action": action, "subject": subject})


def entries(connection: sa.Connection, subject: str | None = None) -> list[AuditEntry]:
    """The trail in the order it was written, of one subject or of all."""
    query = sa.select(audit).order_by(audit.c.id)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditEntry(**row._mapping) for row in connection.execute(query)]
