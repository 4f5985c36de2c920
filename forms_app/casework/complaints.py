"""The way of a complaint: the municipality looks at its decision again, and what it does not change goes on.

Norway (forvaltningsloven § 33) sets no time for that; Denmark does (RSBEK §§ 11 to 13). Which times there are is said
by the country's rules, never here. Where there are none, the municipality may have set itself a target: it is met when
nothing more is to be done here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock, local_date
from forms_app.countries import CountryRules, last_day
from forms_app.countries.facts import Fact
from forms_app.errors import PortalError
from forms_app.forms.definition import FormKey
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.references.reference import parse_reference
from forms_app.storage import audit, case_events, case_work, cases, complaints, submissions
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.cases import Case, Deadline
from forms_app.storage.casework_tables import ComplaintOutcome
from forms_app.storage.complaints import Complaint
from forms_app.storage.submissions import Submission
from forms_app.storage.tables import AnsweredBy, CaseStatus

__all__ = ["Complaint", "ComplaintOutcome", "Handler", "NextStep", "NoComplaint", "NotNow", "WrongDay", "next_step"]


class NotNow(PortalError):
    """This is not what the complaint waits for: somebody else has done it, or something else comes first."""


class WrongDay(PortalError):
    """The day lies before the complaint came in, before the step it follows, or after today."""


class NoComplaint(PortalError):
    """The case is no complaint."""


class NextStep(StrEnum):
    """What a complaint waits for."""

    RECONSIDER = "reconsider"
    REPLY = "reply"
    FORWARD = "forward"
    NOTHING = "nothing"


def next_step(complaint: Complaint, rules: CountryRules, *, goes_straight_on: bool) -> NextStep:
    """What comes next. One that goes straight on is never looked at again by the municipality."""
    if complaint.forwarded_on or complaint.outcome is ComplaintOutcome.UPHELD or complaint.is_maintained is False:
        return NextStep.NOTHING
    if goes_straight_on or complaint.outcome is ComplaintOutcome.NOT_UPHELD:
        return NextStep.FORWARD
    if complaint.outcome is ComplaintOutcome.PARTLY:
        waits = rules.complaints.reply is not None and complaint.replied_on is None
        return NextStep.REPLY if waits else NextStep.FORWARD
    return NextStep.RECONSIDER


@dataclass(frozen=True, kw_only=True)
class Handler:
    """Handles complaints of one municipality on behalf of `actor`; each deed stands in the audit trail with it."""

    engine: sa.Engine
    clock: Clock
    rules: CountryRules
    actor: str

    def shorten(self, reference: str) -> None:
        """Count the shorter time to look at the decision again, which the law gives in some kinds of cases.

        Raises UnknownReference, NoComplaint, and NotNow where there is no such time or it has been done.
        """

        def change(at: "_At") -> None:
            short, usual = self.rules.complaints.reconsider_short, self.rules.complaints.reconsider
            if short is None or usual is None or at.complaint.outcome:
                raise NotNow
            received = at.case.received_on or self._day(at)
            cases.add_deadline(at.connection, self._deadline(at.case, usual.name, short, received))

        self._do(reference, "shortened the time for a complaint", change)

    def reconsider(
        self, reference: str, outcome: ComplaintOutcome, *, on: date, by: AnsweredBy = AnsweredBy.LETTER
    ) -> None:
        """The municipality has looked at its decision again, and told the citizen `on` that day, `by` that way.

        Raises UnknownReference, NoComplaint, NotNow and WrongDay.
        """

        def change(at: "_At") -> None:
            if next_step(at.complaint, self.rules, goes_straight_on=False) is not NextStep.RECONSIDER:
                raise NotNow
            self._demand_day(at, on, earliest=at.case.received_on or self._day(at))
            complaints.put(at.connection, at.case.id, replace(at.complaint, outcome=outcome, reconsidered_on=on))
            if outcome is not ComplaintOutcome.NOT_UPHELD:
                # Within that time there is a new decision, or the complaint is sent on.
                _meet(at, self.rules.complaints.reconsider, on)
            if outcome is ComplaintOutcome.UPHELD:
                _finish(at, on)
            if outcome is ComplaintOutcome.PARTLY and self.rules.complaints.reply:
                cases.add_deadline(at.connection, self._deadline(at.case, None, self.rules.complaints.reply, on))
            self._tell(at, self._told_of(outcome, on, by))

        self._do(reference, f"reconsidered {outcome}", change)

    def replied(self, reference: str, *, maintains: bool, on: date) -> None:
        """The citizen has said whether they maintain a complaint that was partly upheld, or their time has run out.

        Raises UnknownReference, NoComplaint, NotNow and WrongDay.
        """

        def change(at: "_At") -> None:
            times = self.rules.complaints
            if next_step(at.complaint, self.rules, goes_straight_on=False) is not NextStep.REPLY or not times.reply:
                raise NotNow
            self._demand_day(at, on, earliest=at.complaint.reconsidered_on or on)
            _meet(at, times.reply, on)
            complaints.put(at.connection, at.case.id, replace(at.complaint, replied_on=on, is_maintained=maintains))
            if not maintains:
                _finish(at, on)
                self._tell(at, CaseEvent(at=self.clock(), status=CaseStatus.CLOSED))
            elif times.forward:
                cases.add_deadline(at.connection, self._deadline(at.case, None, times.forward, on))

        self._do(reference, "complaint maintained" if maintains else "complaint not maintained", change)

    def forward(self, reference: str, *, on: date, goes_straight_on: bool) -> None:
        """The complaint was sent on to those who decide. Raises UnknownReference, NoComplaint, NotNow and WrongDay."""

        def change(at: "_At") -> None:
            if next_step(at.complaint, self.rules, goes_straight_on=goes_straight_on) is not NextStep.FORWARD:
                raise NotNow
            before = at.complaint.replied_on or at.complaint.reconsidered_on
            self._demand_day(at, on, earliest=before or at.case.received_on or self._day(at))
            complaints.put(at.connection, at.case.id, replace(at.complaint, forwarded_on=on))
            for fact in (self.rules.complaints.forward, self.rules.complaints.reconsider):
                _meet(at, fact, on)
            _finish(at, on)
            status = CaseStatus.IN_PROGRESS
            self._tell(at, CaseEvent(at=self.clock(), status=status, text=StatusText.FORWARDED))

        self._do(reference, "forwarded", change)

    def _do(self, reference: str, action: str, change: "Callable[[_At], None]") -> None:
        with self.engine.begin() as connection:
            at = _at(connection, reference)
            change(at)
            audit.record(connection, at=self.clock(), actor=self.actor, action=action, subject=str(at.submission.id))

    def _told_of(self, outcome: ComplaintOutcome, on: date, by: AnsweredBy) -> CaseEvent:
        now = self.clock()
        match outcome:
            case ComplaintOutcome.UPHELD:
                return CaseEvent(
                    at=now, status=CaseStatus.ANSWERED, text=StatusText.CHANGED, answered_on=on, answered_by=by
                )
            case ComplaintOutcome.PARTLY:
                waits = self.rules.complaints.reply is not None
                status = CaseStatus.WAITING_FOR_CITIZEN if waits else CaseStatus.IN_PROGRESS
                return CaseEvent(at=now, status=status, text=StatusText.PARTLY_CHANGED)
        return CaseEvent(at=now, status=CaseStatus.IN_PROGRESS, text=StatusText.KEPT)

    @staticmethod
    def _tell(at: "_At", event: CaseEvent) -> None:
        case_events.add(at.connection, at.case.id, event)
        cases.set_status(at.connection, at.case.id, event.status)

    def _deadline(self, case: Case, kind: str | None, fact: Fact, start: date) -> Deadline:
        due_on = last_day(start, fact, self.rules.country)
        return Deadline(case_id=case.id, kind=kind or fact.name, due_on=due_on, fact=fact.name)

    def _day(self, at: "_At") -> date:
        return local_date(at.submission.accepted_at, self.rules.time_zone)

    def _demand_day(self, at: "_At", day: date, *, earliest: date) -> None:
        if not earliest <= day <= local_date(self.clock(), self.rules.time_zone):
            raise WrongDay(f"{at.submission.reference}: {day}")


@dataclass(frozen=True, kw_only=True)
class _At:
    """A complaint inside the transaction that changes it."""

    connection: sa.Connection
    submission: Submission
    case: Case
    complaint: Complaint


def _at(connection: sa.Connection, reference: str) -> _At:
    row = submissions.by_reference(connection, parse_reference(reference))
    if row is None:
        raise UnknownReference(reference)
    if row.form != FormKey.COMPLAINT:
        raise NoComplaint(reference)
    case = cases.held(connection, row.id)
    return _At(connection=connection, submission=row, case=case, complaint=complaints.of(connection, case.id))


def _finish(at: _At, on: date) -> None:
    """Nothing more is to be done here."""
    case_work.meet_deadlines(at.connection, at.case.id, on=on, kind=COMPLAINT_TARGET)


def _meet(at: _At, fact: Fact | None, on: date) -> None:
    """Where the law sets that date and it is open."""
    if fact:
        case_work.meet_deadlines(at.connection, at.case.id, on=on, kind=fact.name)
