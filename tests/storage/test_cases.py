"""Cases keep their dates and what became of them."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.storage import case_events, cases
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.cases import Case, Deadline, UnknownCase
from forms_app.storage.engine import reading
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import AnsweredBy, CaseStatus, Source

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_case_comes_back_with_its_dates_the_nearest_first(
    engine: sa.Engine, stored: Callable[..., NewSubmission]
) -> None:
    new, id = stored(), uuid.uuid4()
    dates = [
        Deadline(case_id=id, kind="full_decision", due_on=date(2026, 12, 24), fact="full_decision_after"),
        Deadline(case_id=id, kind="answer", due_on=date(2026, 12, 1), fact="preliminary_answer"),
    ]
    with engine.begin() as connection:
        cases.insert(
            connection,
            id=id,
            submission_id=new.id,
            municipality="arendal",
            is_late=True,
            is_unconfirmed=True,
            is_unscanned=True,
            deadlines=dates,
        )
    with reading(engine) as connection:
        assert cases.of(connection, new.id) == Case(
            id=id,
            submission_id=new.id,
            municipality="arendal",
            status=CaseStatus.RECEIVED,
            is_late=True,
            is_unconfirmed=True,
            is_unscanned=True,
            opened_at=None,
            handed_over_at=None,
            withdrawn_at=None,
            revoked_at=None,
            news_at=None,
            assignee=None,
            assigned_at=None,
            family=None,
            source=Source.ONLINE,
            received_on=None,
            deadlines=(dates[1], dates[0]),
        )


def test_a_submission_without_a_case_is_an_error(engine: sa.Engine) -> None:
    with pytest.raises(UnknownCase), reading(engine) as connection:
        cases.of(connection, uuid.uuid4())


def test_only_the_first_opening_and_the_first_hand_over_are_dated(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    id = open_case()
    later = MORNING + timedelta(hours=1)
    with engine.begin() as connection:
        assert cases.mark_opened(connection, id, now=MORNING)
        assert not cases.mark_opened(connection, id, now=later)
        assert cases.mark_handed_over(connection, id, now=later)
        assert not cases.mark_handed_over(connection, id, now=MORNING)
        case = cases.of(connection, id)
    assert (case.opened_at, case.handed_over_at) == (MORNING, later)


def test_a_case_is_taken_back_once_and_that_is_news_until_it_is_read(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    withdrawn, revoked = open_case(), open_case()
    later = MORNING + timedelta(hours=1)
    with engine.begin() as connection:
        assert cases.of(connection, withdrawn).taken_back_at is None
        assert cases.mark_withdrawn(connection, withdrawn, now=MORNING)
        assert cases.mark_revoked(connection, revoked, now=later)
        cases.mark_read(connection, withdrawn, news_at=MORNING)
        assert not cases.mark_withdrawn(connection, withdrawn, now=later)
        assert not cases.mark_revoked(connection, revoked, now=MORNING)
        one, other = cases.of(connection, withdrawn), cases.of(connection, revoked)
    assert (one.withdrawn_at, one.revoked_at, one.taken_back_at, one.news_at) == (MORNING, None, MORNING, None)
    assert (other.withdrawn_at, other.revoked_at, other.taken_back_at, other.news_at) == (None, later, later, later)


def test_what_comes_while_a_case_is_read_stays_news(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> None:
    id = open_case()
    later = MORNING + timedelta(seconds=1)
    with engine.begin() as connection:
        cases.mark_added(connection, id, now=MORNING, is_unscanned=False)
        assert not cases.of(connection, id).is_unscanned
        cases.mark_added(connection, id, now=later, is_unscanned=True)
        cases.mark_read(connection, id, news_at=MORNING)
        case = cases.of(connection, id)
    assert (case.news_at, case.is_unscanned) == (later, True)


def test_what_staff_say_of_a_case_is_kept_in_order(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> None:
    id, other = open_case(), open_case()
    told = [
        CaseEvent(at=MORNING, status=CaseStatus.IN_PROGRESS),
        CaseEvent(at=MORNING, status=CaseStatus.WAITING_FOR_CITIZEN, text=StatusText.DOCUMENTS),
        CaseEvent(
            at=MORNING,
            status=CaseStatus.ANSWERED,
            answered_on=date(2026, 11, 20),
            answered_by=AnsweredBy.LETTER,
        ),
    ]
    with engine.begin() as connection:
        case = cases.of(connection, id)
        for event in told:
            case_events.add(connection, case.id, event)
        cases.set_status(connection, case.id, CaseStatus.ANSWERED)
        assert case_events.of(connection, case.id) == told
        assert cases.of(connection, id).status is CaseStatus.ANSWERED
        assert cases.of(connection, other).status is CaseStatus.RECEIVED
        assert case_events.of(connection, cases.of(connection, other).id) == []
