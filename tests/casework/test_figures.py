"""What a leader is told of each month, counted by hand."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.casework.figures import Month, figures_of, nearest_rank
from forms_app.storage import case_events, cases
from forms_app.storage.case_events import CaseEvent
from forms_app.storage.cases import Deadline
from forms_app.storage.tables import AnsweredBy, CaseStatus
from forms_app.storage.tables import deadlines as deadline_rows
from forms_app.storage.tables import submissions as submission_rows

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OSLO = "Europe/Oslo"
Came = Callable[..., uuid.UUID]


@pytest.fixture
def came(database: sa.Engine) -> Came:
    """Stores a case; what it is about is nobody's business here."""

    def store(at: datetime, *, form: str = "application", to: str = "arendal", due: date | None = None) -> uuid.UUID:
        case, submission = uuid.uuid4(), uuid.uuid4()
        row = {
            "id": submission,
            "reference": str(submission)[:8],
            "draft_id": submission.bytes,
            "form": form,
            "form_version": 1,
            "municipality": to,
            "language": "nb",
            "accepted_at": at,
            "recipients_fingerprint": "f",
            "public_half": "p",
            "summary": b"s",
            "answers": b"a",
            "sealed_hash": "h",
        }
        dates = [Deadline(case_id=case, kind="reassessment", due_on=due, fact="reassessment")] if due else []
        with database.begin() as connection:
            connection.execute(sa.insert(submission_rows), row)
            cases.insert(
                connection,
                id=case,
                submission_id=submission,
                municipality=to,
                is_late=False,
                is_unconfirmed=False,
                deadlines=dates,
            )
        return case

    return store


def answer(database: sa.Engine, case: uuid.UUID, on: date) -> None:
    event = CaseEvent(at=NOW, status=CaseStatus.ANSWERED, answered_on=on, answered_by=AnsweredBy.LETTER)
    with database.begin() as connection:
        case_events.add(connection, case, event)
        cases.set_status(connection, case, CaseStatus.ANSWERED)


def months(database: sa.Engine, form: str = "") -> tuple[Month, ...]:
    return figures_of(database, "arendal", zone=OSLO, now=NOW, form=form).months


def test_where_nothing_came_in_there_is_nothing_to_count(database: sa.Engine) -> None:
    found = figures_of(database, "arendal", zone=OSLO, now=NOW)
    assert found.months == ()
    assert (found.today.open, found.today.unopened, found.today.unassigned, found.today.overdue) == (0, 0, 0, 0)


def test_days_are_counted_from_the_day_it_came_in_where_the_citizen_lives(database: sa.Engine, came: Came) -> None:
    # Half past eleven in the evening in UTC is the next day, and the next month, in Oslo.
    case = came(datetime(2026, 9, 30, 23, 30, tzinfo=UTC))
    answer(database, case, date(2026, 10, 15))
    (month,) = months(database)
    assert (month.first, month.received, month.answered) == (date(2026, 10, 1), 1, 1)
    assert (month.median_days, month.p90_days) == (14, 14)


def test_half_and_nine_of_ten_are_told_by_nearest_rank(database: sa.Engine, came: Came) -> None:
    start = datetime(2026, 10, 1, 12, tzinfo=UTC)
    for days in range(1, 11):
        answer(database, came(start), start.date() + timedelta(days=days))
    came(start)
    (month,) = months(database)
    assert (month.received, month.answered, month.median_days, month.p90_days) == (11, 10, 5, 9)


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 2), (75, 3), (90, 4), (100, 4)])
def test_a_rank_is_a_value_that_was_waited(percent: int, value: int) -> None:
    assert nearest_rank([1, 2, 3, 4], percent) == value
    assert nearest_rank([], percent) is None


def test_a_legal_date_counts_as_missed_until_it_is_met_in_time(database: sa.Engine, came: Came) -> None:
    october = datetime(2026, 10, 1, 12, tzinfo=UTC)
    missed = came(october, due=date(2026, 11, 21))
    came(october, due=date(2026, 11, 22))
    late = came(october, due=date(2026, 10, 20))
    met = came(october, due=date(2026, 10, 21))
    with database.begin() as connection:
        for case, on in ((late, date(2026, 10, 22)), (met, date(2026, 10, 21))):
            connection.execute(sa.update(deadline_rows).where(deadline_rows.c.case_id == case).values(done_on=on))
    found = figures_of(database, "arendal", zone=OSLO, now=NOW)
    assert found.months[0].overdue == 2
    assert found.today.overdue == 1
    answer(database, missed, date(2026, 11, 22))
    assert figures_of(database, "arendal", zone=OSLO, now=NOW).today.overdue == 0


def test_other_municipalities_other_forms_and_old_months_stay_out(database: sa.Engine, came: Came) -> None:
    came(NOW, to="rudersdal")
    came(NOW, form="complaint")
    came(NOW)
    came(NOW - timedelta(days=500))
    assert [(one.form, one.received) for one in months(database)] == [("application", 1), ("complaint", 1)]
    assert [one.form for one in months(database, "complaint")] == ["complaint"]
    # What is that old and still open is not forgotten.
    assert figures_of(database, "arendal", zone=OSLO, now=NOW).today.open == 3


def test_the_latest_month_comes_first_and_a_year_can_be_compared(database: sa.Engine, came: Came) -> None:
    for month in (11, 12):
        came(datetime(2025, month, 15, tzinfo=UTC))
    came(NOW)
    assert [one.first for one in months(database)] == [date(2026, 11, 1), date(2025, 12, 1), date(2025, 11, 1)]
