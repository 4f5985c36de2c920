"""Cases keep their dates, and the inbox shows first what needs a human first."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.storage import attachments, cases, deliveries, leases
from forms_app.storage.attachments import NewAttachment
from forms_app.storage.cases import Case, Deadline, InboxRow, UnknownCase
from forms_app.storage.deliveries import NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import CaseStatus
from forms_app.storage.tables import cases as table

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def open_case(engine: sa.Engine, stored: Callable[..., NewSubmission]) -> Callable[..., uuid.UUID]:
    """Stores a submission with its case, accepted `age` days before the morning, and returns its id."""

    def make(
        age: int = 0, due: date | None = None, municipality: str = "arendal", reference: str | None = None
    ) -> uuid.UUID:
        facts = {"reference": reference} if reference else {}
        new = stored(accepted_at=MORNING - timedelta(days=age), municipality=municipality, **facts)
        id = uuid.uuid4()
        dates = [Deadline(case_id=id, kind="answer", due_on=due, fact="preliminary_answer")] if due else []
        with engine.begin() as connection:
            cases.insert(
                connection,
                id=id,
                submission_id=new.id,
                municipality=municipality,
                is_late=False,
                is_unconfirmed=False,
                deadlines=dates,
            )
        return new.id

    return make


def give_up_one(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    with engine.begin() as connection:
        owed = NewDelivery(key=f"folder:{submission_id}", kind="folder", submission_id=submission_id)
        deliveries.enqueue(connection, [owed])
        (claimed,) = leases.claim(connection, free=1, lease_seconds=60)
        leases.give_up(connection, claimed, error="PermanentFailure")


def order(rows: list[InboxRow]) -> list[uuid.UUID]:
    return [row.submission_id for row in rows]


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
            opened_at=None,
            handed_over_at=None,
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


def test_the_inbox_begins_with_failed_deliveries_then_the_unread_by_age_then_the_dates(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    opened_without_date = open_case(age=50)
    opened_late_date = open_case(age=40, due=date(2026, 12, 20))
    opened_early_date = open_case(age=1, due=date(2026, 12, 2))
    closed = open_case(age=60, due=date(2026, 11, 1))
    unread_young = open_case(age=2, due=date(2026, 11, 24))
    unread_old = open_case(age=30)
    stuck = open_case(age=0, due=date(2027, 1, 1))
    with engine.begin() as connection:
        for id in (opened_without_date, opened_late_date, opened_early_date, closed, stuck):
            cases.mark_opened(connection, id, now=MORNING)
        connection.execute(sa.update(table).where(table.c.submission_id == closed).values(status="closed"))
    give_up_one(engine, stuck)
    expected = [
        stuck,
        unread_old,
        unread_young,
        opened_early_date,
        opened_late_date,
        opened_without_date,
        closed,
    ]
    with reading(engine) as connection:
        assert order(cases.inbox(connection)) == expected
        pages = []
        after = None
        while page := cases.inbox(connection, limit=2, after=after):
            pages.append(order(page))
            after = page[-1].position
    assert [id for page in pages for id in page] == expected
    assert [len(page) for page in pages] == [2, 2, 2, 1]


def test_cases_accepted_at_the_same_instant_are_paged_without_loss(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    made = {open_case() for __case in range(7)}
    with reading(engine) as connection:
        seen: list[uuid.UUID] = []
        after = None
        while page := cases.inbox(connection, limit=3, after=after):
            seen += order(page)
            after = page[-1].position
    assert len(seen) == 7
    assert set(seen) == made


def test_an_inbox_row_tells_all_that_may_be_known_without_the_key(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    id = open_case(due=date(2026, 12, 1), reference="ABCD2345")
    with engine.begin() as connection:
        file = NewAttachment(id=uuid.uuid4(), position=1, size=1, sealed=b"s", sealed_hash="a" * 64)
        attachments.insert_all(connection, id, [file])
    give_up_one(engine, id)
    with reading(engine) as connection:
        (row,) = cases.inbox(connection)
    assert row == InboxRow(
        reference="ABCD2345",
        submission_id=id,
        form="application",
        municipality="arendal",
        language="nb",
        accepted_at=MORNING,
        status=CaseStatus.RECEIVED,
        is_late=False,
        is_unconfirmed=False,
        opened_at=None,
        handed_over_at=None,
        target_group="children",
        next_deadline=date(2026, 12, 1),
        attachments=1,
        deliveries_given_up=1,
        summary=b"sealed summary",
        position=row.position,
    )


def test_the_inbox_of_one_municipality_holds_no_others(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> None:
    open_case(municipality="rudersdal")
    ours = open_case(municipality="arendal")
    with reading(engine) as connection:
        assert order(cases.inbox(connection, municipality="arendal")) == [ours]
        assert len(cases.inbox(connection)) == 2
