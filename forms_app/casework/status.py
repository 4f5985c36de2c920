"""What case workers say of a case: they set where it stands, and the citizen reads it on the status page."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock, local_date
from forms_app.countries import Country, rules_for
from forms_app.errors import PortalError
from forms_app.forms.definition import FormKey
from forms_app.references.reference import parse_reference
from forms_app.storage import audit, case_events, case_work, cases, submissions
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.cases import Case
from forms_app.storage.engine import reading
from forms_app.storage.submissions import Submission
from forms_app.storage.tables import AnsweredBy, CaseStatus


class AnswerIncomplete(PortalError):
    """An answered case needs the day of the answer and how it was given, and no other status has them."""


class WrongDay(PortalError):
    """The day of the answer lies before what it answers was received, or after today."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Where a case stands from now on. `on` and `by` are the day of the answer and how it was given."""

    status: CaseStatus
    text: StatusText | None = None
    on: date | None = None
    by: AnsweredBy | None = None


@dataclass(frozen=True, kw_only=True)
class CaseHistory:
    """What is known of a case without any key."""

    submission: Submission
    case: Case
    events: tuple[CaseEvent, ...]


def set_status(engine: sa.Engine, clock: Clock, reference: str, change: Change, *, actor: str) -> bool:
    """Say it, with the audit trail in the same transaction; False where exactly this was said last.

    Raises WrongReference, UnknownReference, AnswerIncomplete and WrongDay.
    """
    is_answer = change.status is CaseStatus.ANSWERED
    if (change.on is not None, change.by is not None) != (is_answer, is_answer):
        raise AnswerIncomplete(change.status)
    now = clock()
    event = CaseEvent(at=now, status=change.status, text=change.text, answered_on=change.on, answered_by=change.by)
    with engine.begin() as connection:
        row = _found(connection, reference)
        if change.on and not min(_days(row.accepted_at)) <= change.on <= max(_days(now)):
            raise WrongDay(str(change.on))
        case = cases.held(connection, row.id)
        before = case_events.of(connection, case.id)
        if before and replace(before[-1], at=now) == event:
            return False
        case_events.add(connection, case.id, event)
        cases.set_status(connection, case.id, change.status)
        if change.on and row.form != FormKey.COMPLAINT:
            # A complaint has a way of its own, on which its dates are met.
            case_work.meet_deadlines(connection, case.id, on=change.on)
        audit.record(connection, at=now, actor=actor, action=f"status {change.status}", subject=str(row.id))
    return True


def history(engine: sa.Engine, reference: str) -> CaseHistory:
    """What was said of a case so far. Raises WrongReference and UnknownReference."""
    with reading(engine) as connection:
        row = _found(connection, reference)
        case = cases.of(connection, row.id)
        return CaseHistory(submission=row, case=case, events=tuple(case_events.of(connection, case.id)))


def _found(connection: sa.Connection, reference: str) -> Submission:
    row = submissions.by_reference(connection, parse_reference(reference))
    if row is None:
        raise UnknownReference(reference)
    return row


def _days(moment: datetime) -> set[date]:
    """The day it is then, wherever the citizen lives."""
    return {local_date(moment, rules_for(country).time_zone) for country in Country}
