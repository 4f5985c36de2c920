"""What the municipality did with a complaint, and when."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from forms_app.storage.casework_tables import ComplaintOutcome, complaints


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """The way of one complaint so far; nothing in it where nobody has looked at it again."""

    outcome: ComplaintOutcome | None = None
    reconsidered_on: date | None = None
    replied_on: date | None = None
    is_maintained: bool | None = None
    """What the citizen said of a complaint that was partly upheld."""
    forwarded_on: date | None = None


_OF = sa.select(*(complaints.c[name] for name in Complaint.__dataclass_fields__)).where(
    complaints.c.case_id == sa.bindparam("case")
)


def of(connection: sa.Connection, case_id: uuid.UUID) -> Complaint:
    """What was done with the complaint of this case."""
    row = connection.execute(_OF, {"case": case_id}).one_or_none()
    return complaint_of(row._asdict()) if row else Complaint()


def complaint_of(values: Mapping[str, Any]) -> Complaint:
    """From the columns that it has; all of them are None where nothing was done yet."""
    outcome = None if values["outcome"] is None else ComplaintOutcome(values["outcome"])
    return Complaint(**dict(values) | {"outcome": outcome})


def put(connection: sa.Connection, case_id: uuid.UUID, complaint: Complaint) -> None:
    """Keep how it stands now."""
    known = connection.execute(_OF, {"case": case_id}).first()
    if known:
        connection.execute(sa.update(complaints).where(complaints.c.case_id == case_id).values(asdict(complaint)))
    else:
        connection.execute(sa.insert(complaints), {"case_id": case_id, **asdict(complaint)})
