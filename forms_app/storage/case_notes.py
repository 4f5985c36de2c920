"""What case workers write down for each other about a case, sealed like what citizens send."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.casework_tables import case_notes


@dataclass(frozen=True, kw_only=True)
class StoredNote:
    """A note; `sealed` is None once the case has been erased."""

    id: int
    at: datetime
    author: str
    sealed: bytes | None


_INSERT = sa.insert(case_notes)
_OF = (
    sa.select(case_notes.c.id, case_notes.c.at, case_notes.c.author, case_notes.c.sealed)
    .where(case_notes.c.case_id == sa.bindparam("case"))
    .order_by(case_notes.c.id)
)


def insert(connection: sa.Connection, case_id: uuid.UUID, *, at: datetime, author: str, sealed: bytes) -> None:
    """Keep a note; `author` is named as in the audit trail."""
    connection.execute(_INSERT, {"case_id": case_id, "at": at, "author": author, "sealed": sealed})


def of(connection: sa.Connection, case_id: uuid.UUID) -> list[StoredNote]:
    """The notes of a case in the order they were written."""
    return [StoredNote(**row._mapping) for row in connection.execute(_OF, {"case": case_id})]
