"""What staff said of a case and when: the dated lines that the citizen reads on the status page."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from forms_app.storage.tables import AnsweredBy, CaseStatus, case_events


class StatusText(StrEnum):
    """Sentences that staff choose from; they never write their own on a citizen's page.

    The values are stored: one may be added, none may be changed or taken away.
    """

    MEETING = "meeting"
    OBTAINING = "obtaining"
    LONGER = "longer"
    FORWARDED = "forwarded"
    DOCUMENTS = "documents"
    TALK = "talk"
    CONFIRM = "confirm"
    JOINED = "joined"
    CHANGED = "changed"
    PARTLY_CHANGED = "partly_changed"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class CaseEvent:
    """A case got this status. `answered_on` and `answered_by` stand together, where it was answered."""

    at: datetime
    status: CaseStatus
    text: StatusText | None = None
    answered_on: date | None = None
    answered_by: AnsweredBy | None = None


_INSERT = sa.insert(case_events)
_OF = (
    sa.select(*(case_events.c[name] for name in CaseEvent.__dataclass_fields__))
    .where(case_events.c.case_id == sa.bindparam("case"))
    .order_by(case_events.c.id)
)


def add(connection: sa.Connection, case_id: uuid.UUID, event: CaseEvent) -> None:
    """Write down what became of a case."""
    connection.execute(_INSERT, {"case_id": case_id, **asdict(event)})


def of(connection: sa.Connection, case_id: uuid.UUID) -> list[CaseEvent]:
    """What became of a case, in the order it was written."""
    return [
        CaseEvent(
            at=row.at,
            status=CaseStatus(row.status),
            text=None if row.text is None else StatusText(row.text),
            answered_on=row.answered_on,
            answered_by=None if row.answered_by is None else AnsweredBy(row.answered_by),
        )
        for row in connection.execute(_OF, {"case": case_id})
    ]
