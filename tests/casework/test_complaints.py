"""The way of a complaint in Denmark and in Norway, and that no step can be taken out of turn."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed

from forms_app.casework.complaints import ComplaintOutcome, Handler, NextStep, NoComplaint, NotNow, WrongDay, next_step
from forms_app.casework.opening import UnknownReference
from forms_app.countries import Country, rules_for
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.language import Language
from forms_app.storage import audit, case_events, cases, complaints, submissions
from forms_app.storage.case_events import StatusText
from forms_app.storage.cases import Case
from forms_app.storage.complaints import Complaint
from forms_app.storage.engine import reading
from forms_app.storage.tables import CaseStatus

TODAY = date(2026, 11, 22)
UPHELD, PARTLY, NOT_UPHELD = ComplaintOutcome.UPHELD, ComplaintOutcome.PARTLY, ComplaintOutcome.NOT_UPHELD
Sent = Callable[[str], str]


@pytest.fixture
def sent(client: CheckedClient) -> Sent:
    """Sends a complaint to a municipality and returns its reference."""

    def send(municipality: str, form: str = "complaint") -> str:
        return reference_of(Rehearsed(client, Language.NB, form, {**LEAST, "municipality": municipality}).send())

    return send


@pytest.fixture
def denmark(database: sa.Engine, clock: MovableClock) -> Handler:
    return Handler(engine=database, clock=clock, rules=rules_for(Country.DENMARK), actor="staff:x")


@pytest.fixture
def norway(database: sa.Engine, clock: MovableClock) -> Handler:
    return Handler(engine=database, clock=clock, rules=rules_for(Country.NORWAY), actor="staff:x")


def case_of(database: sa.Engine, reference: str) -> tuple[Case, Complaint, list[tuple[CaseStatus, StatusText | None]]]:
    with reading(database) as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        case = cases.of(connection, row.id)
        told = [(event.status, event.text) for event in case_events.of(connection, case.id)]
        return case, complaints.of(connection, case.id), told


def dates_of(database: sa.Engine, reference: str) -> dict[str, tuple[date, date | None]]:
    return {one.kind: (one.due_on, one.done_on) for one in case_of(database, reference)[0].deadlines}


def aim(database: sa.Engine, reference: str, due_on: date) -> None:
    """As if the municipality had set itself a target when the complaint came in."""
    case = case_of(database, reference)[0]
    target = cases.Deadline(case_id=case.id, kind=COMPLAINT_TARGET, due_on=due_on, fact=COMPLAINT_TARGET)
    with database.begin() as connection:
        cases.add_deadline(connection, target)


def step(database: sa.Engine, handler: Handler, reference: str) -> NextStep:
    return next_step(case_of(database, reference)[1], handler.rules, goes_straight_on=False)


def test_danish_law_gives_four_weeks_to_look_again(database: sa.Engine, sent: Sent, denmark: Handler) -> None:
    reference = sent("rudersdal")
    assert dates_of(database, reference) == {"reassessment": (date(2026, 12, 21), None)}
    assert step(database, denmark, reference) is NextStep.RECONSIDER


def test_danish_law_gives_fourteen_days_in_the_listed_cases(database: sa.Engine, sent: Sent, denmark: Handler) -> None:
    reference = sent("rudersdal")
    denmark.shorten(reference)
    assert dates_of(database, reference) == {"reassessment": (date(2026, 12, 7), None)}


def test_norwegian_law_sets_no_time(database: sa.Engine, sent: Sent, norway: Handler) -> None:
    reference = sent("arendal")
    assert dates_of(database, reference) == {}
    with pytest.raises(NotNow):
        norway.shorten(reference)


def test_a_decision_that_is_changed_ends_the_complaint(
    database: sa.Engine, sent: Sent, denmark: Handler, clock: MovableClock
) -> None:
    reference = sent("rudersdal")
    clock.move(days=3)
    denmark.reconsider(reference, UPHELD, on=TODAY + timedelta(days=2))
    assert dates_of(database, reference)["reassessment"][1] == TODAY + timedelta(days=2)
    assert case_of(database, reference)[2] == [(CaseStatus.ANSWERED, StatusText.CHANGED)]
    assert step(database, denmark, reference) is NextStep.NOTHING


def test_in_denmark_a_part_gives_the_citizen_four_weeks_and_then_the_municipality_fourteen_days(
    database: sa.Engine, sent: Sent, denmark: Handler, clock: MovableClock
) -> None:
    reference = sent("rudersdal")
    denmark.reconsider(reference, PARTLY, on=TODAY)
    assert step(database, denmark, reference) is NextStep.REPLY
    assert dates_of(database, reference)["partial_reply"] == (date(2026, 12, 21), None)
    assert case_of(database, reference)[2] == [(CaseStatus.WAITING_FOR_CITIZEN, StatusText.PARTLY_CHANGED)]
    clock.move(days=10)
    denmark.replied(reference, maintains=True, on=date(2026, 12, 1))
    assert step(database, denmark, reference) is NextStep.FORWARD
    assert dates_of(database, reference)["forward_after_reply"] == (date(2026, 12, 15), None)
    denmark.forward(reference, on=date(2026, 12, 2), goes_straight_on=False)
    assert all(done for unused_due, done in dates_of(database, reference).values())
    assert case_of(database, reference)[2][-1] == (CaseStatus.IN_PROGRESS, StatusText.FORWARDED)


def test_what_is_not_changed_must_be_sent_on_within_the_same_four_weeks(
    database: sa.Engine, sent: Sent, denmark: Handler, clock: MovableClock
) -> None:
    reference = sent("rudersdal")
    denmark.reconsider(reference, NOT_UPHELD, on=TODAY)
    assert step(database, denmark, reference) is NextStep.FORWARD
    assert dates_of(database, reference) == {"reassessment": (date(2026, 12, 21), None)}
    clock.move(days=3)
    denmark.forward(reference, on=TODAY + timedelta(days=3), goes_straight_on=False)
    assert dates_of(database, reference) == {"reassessment": (date(2026, 12, 21), TODAY + timedelta(days=3))}


def test_a_complaint_that_is_not_maintained_ends(database: sa.Engine, sent: Sent, denmark: Handler) -> None:
    reference = sent("rudersdal")
    denmark.reconsider(reference, PARTLY, on=TODAY)
    denmark.replied(reference, maintains=False, on=TODAY)
    assert step(database, denmark, reference) is NextStep.NOTHING
    assert case_of(database, reference)[0].status is CaseStatus.CLOSED
    with pytest.raises(NotNow):
        denmark.forward(reference, on=TODAY, goes_straight_on=False)


def test_in_norway_what_is_not_changed_goes_on(database: sa.Engine, sent: Sent, norway: Handler) -> None:
    for outcome in (PARTLY, NOT_UPHELD):
        reference = sent("arendal")
        norway.reconsider(reference, outcome, on=TODAY)
        assert step(database, norway, reference) is NextStep.FORWARD
        norway.forward(reference, on=TODAY, goes_straight_on=False)
        assert step(database, norway, reference) is NextStep.NOTHING


def test_what_the_municipality_does_not_decide_goes_on_at_once(
    database: sa.Engine, sent: Sent, denmark: Handler
) -> None:
    reference = sent("rudersdal")
    with pytest.raises(NotNow):
        denmark.forward(reference, on=TODAY, goes_straight_on=False)
    denmark.forward(reference, on=TODAY, goes_straight_on=True)
    assert dates_of(database, reference)["reassessment"][1] == TODAY


def test_nothing_is_done_twice_or_out_of_turn(sent: Sent, denmark: Handler) -> None:
    reference = sent("rudersdal")
    with pytest.raises(NotNow):
        denmark.replied(reference, maintains=True, on=TODAY)
    denmark.reconsider(reference, NOT_UPHELD, on=TODAY)
    with pytest.raises(NotNow):
        denmark.reconsider(reference, UPHELD, on=TODAY)
    with pytest.raises(NotNow):
        denmark.shorten(reference)
    denmark.forward(reference, on=TODAY, goes_straight_on=False)
    with pytest.raises(NotNow):
        denmark.forward(reference, on=TODAY, goes_straight_on=False)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_day_before_it_came_in_or_after_today_is_a_slip(sent: Sent, denmark: Handler, day: date) -> None:
    reference = sent("rudersdal")
    with pytest.raises(WrongDay):
        denmark.reconsider(reference, NOT_UPHELD, on=day)
    with pytest.raises(WrongDay):
        denmark.forward(reference, on=day, goes_straight_on=True)


@pytest.mark.parametrize(
    ("outcome", "is_met"), [(UPHELD, True), (PARTLY, False), (NOT_UPHELD, False)], ids=["upheld", "partly", "not"]
)
def test_the_municipality_s_own_target_is_met_when_the_complaint_has_left_it(
    database: sa.Engine, sent: Sent, norway: Handler, outcome: ComplaintOutcome, is_met: bool
) -> None:
    reference = sent("arendal")
    aim(database, reference, date(2027, 1, 4))
    norway.reconsider(reference, outcome, on=TODAY)
    assert dates_of(database, reference) == {COMPLAINT_TARGET: (date(2027, 1, 4), TODAY if is_met else None)}
    if not is_met:
        norway.forward(reference, on=TODAY, goes_straight_on=False)
        assert dates_of(database, reference) == {COMPLAINT_TARGET: (date(2027, 1, 4), TODAY)}


def test_a_target_is_met_by_a_complaint_that_is_not_maintained(
    database: sa.Engine, sent: Sent, denmark: Handler
) -> None:
    """As it would be in a country that has a time for the reply and none for looking again."""
    reference = sent("rudersdal")
    aim(database, reference, date(2027, 1, 4))
    denmark.reconsider(reference, PARTLY, on=TODAY)
    assert dates_of(database, reference)[COMPLAINT_TARGET][1] is None
    denmark.replied(reference, maintains=False, on=TODAY)
    assert dates_of(database, reference)[COMPLAINT_TARGET][1] == TODAY


def test_other_cases_and_other_references_are_no_complaints(sent: Sent, norway: Handler) -> None:
    with pytest.raises(NoComplaint):
        norway.reconsider(sent("arendal", "application"), UPHELD, on=TODAY)
    with pytest.raises(UnknownReference):
        norway.reconsider("K7M2-9QXK", UPHELD, on=TODAY)


def test_every_step_stands_in_the_audit_trail(
    database: sa.Engine, sent: Sent, denmark: Handler, clock: MovableClock
) -> None:
    reference = sent("rudersdal")
    denmark.shorten(reference)
    denmark.reconsider(reference, PARTLY, on=TODAY)
    denmark.replied(reference, maintains=True, on=TODAY)
    denmark.forward(reference, on=TODAY, goes_straight_on=False)
    with reading(database) as connection:
        deeds = [entry.action for entry in audit.entries(connection) if entry.actor == "staff:x"]
    assert deeds == [
        "shortened the time for a complaint",
        "reconsidered partly",
        "complaint maintained",
        "forwarded",
    ]
