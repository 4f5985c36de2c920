"""The plain facts that figures are made of: no envelope is read, and nobody is named."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from forms_app.storage.inbox_order import IS_BY_LAW
from forms_app.storage.tables import CaseStatus, case_events, cases, deadlines, submissions


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """When things happened to one case. `due_on` is the first legal date that was not met, `was_late` whether one was
    met too late; `received_on` is set where it came in on another day than it was stored.
    """

    form: str
    status: CaseStatus
    accepted_at: datetime
    received_on: date | None
    opened_at: datetime | None
    answered_on: date | None
    due_on: date | None
    was_late: bool
    has_assignee: bool


_ANSWERED = (
    sa.select(sa.func.min(case_events.c.answered_on)).where(case_events.c.case_id == cases.c.id).scalar_subquery()
)
_DUE = (
    sa.select(sa.func.min(deadlines.c.due_on))
    .where(deadlines.c.case_id == cases.c.id, deadlines.c.done_on.is_(None), IS_BY_LAW)
    .scalar_subquery()
)
_WAS_LATE = sa.exists().where(deadlines.c.case_id == cases.c.id, deadlines.c.done_on > deadlines.c.due_on, IS_BY_LAW)
_FACTS = (
    sa.select(
        submissions.c.form,
        cases.c.status,
        submissions.c.accepted_at,
        cases.c.received_on,
        cases.c.opened_at,
        _ANSWERED.label("answered_on"),
        _DUE.label("due_on"),
        _WAS_LATE.label("was_late"),
        cases.c.assignee.is_not(None).label("has_assignee"),
    )
    .join_from(cases, submissions)
    .where(
        cases.c.municipality == sa.bindparam("municipality"),
        cases.c.withdrawn_at.is_(None),
        cases.c.revoked_at.is_(None),
        sa.or_(submissions.c.accepted_at >= sa.bindparam("since"), cases.c.status != "closed"),
    )
    .order_by(submissions.c.accepted_at, submissions.c.id)
)


def facts(connection: sa.Connection, municipality: str, *, since: datetime) -> list[CaseFacts]:
    """Every case that came in since then, and what is still open of those before; not what the sender took back."""
    rows = connection.execute(_FACTS, {"municipality": municipality, "since": since})
    return [CaseFacts(**dict(row._mapping) | {"status": CaseStatus(row.status)}) for row in rows]
