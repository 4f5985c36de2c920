"""The inbox shows first what needs a human first, and every case once."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage import attachments, cases, complaints, deliveries, follow_ups, inbox, leases
from forms_app.storage.attachments import NewAttachment
from forms_app.storage.casework_tables import ComplaintOutcome
from forms_app.storage.complaints import Complaint
from forms_app.storage.deliveries import CONFIRMATION_MAIL, NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.inbox import InboxRow
from forms_app.storage.inbox_order import Wanted
from forms_app.storage.leases import Lane
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import CaseStatus, Source, submissions
from forms_app.storage.tables import cases as table

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def give_up_one(engine: sa.Engine, submission_id: uuid.UUID, kind: str = "folder", lane: Lane = Lane.HAND_OVER) -> None:
    with engine.begin() as connection:
        owed = NewDelivery(key=f"{kind}:{submission_id}", kind=kind, submission_id=submission_id)
        deliveries.enqueue(connection, [owed])
        (claimed,) = leases.claim(connection, lane, free=1, lease_seconds=60)
        leases.give_up(connection, claimed, error="PermanentFailure")


def order(rows: list[InboxRow]) -> list[uuid.UUID]:
    return [row.submission_id for row in rows]


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
        assert order(inbox.rows(connection)) == expected
        pages = []
        after = None
        while page := inbox.rows(connection, limit=2, after=after):
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
        while page := inbox.rows(connection, limit=3, after=after):
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
        (row,) = inbox.rows(connection)
    assert row == InboxRow(
        reference="ABCD2345",
        submission_id=id,
        form="application",
        form_version=1,
        municipality="arendal",
        language="nb",
        accepted_at=MORNING,
        status=CaseStatus.RECEIVED,
        is_late=False,
        is_unconfirmed=False,
        is_unscanned=False,
        opened_at=None,
        handed_over_at=None,
        withdrawn_at=None,
        revoked_at=None,
        news_at=None,
        assignee=None,
        family=None,
        family_size=0,
        source=Source.ONLINE,
        received_on=None,
        target_group="children",
        next_deadline=date(2026, 12, 1),
        next_kind="preliminary_answer",
        complaint=Complaint(),
        attachments=1,
        additions=0,
        deliveries_given_up=1,
        mail_given_up=False,
        summary=b"sealed summary",
        position=row.position,
    )


def test_a_mail_that_was_given_up_is_told_and_moves_no_case_up(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    older, younger = open_case(age=2), open_case(age=1)
    give_up_one(engine, younger, CONFIRMATION_MAIL, Lane.MAIL)
    with reading(engine) as connection:
        rows = inbox.rows(connection)
    assert order(rows) == [older, younger]
    assert [(row.deliveries_given_up, row.mail_given_up) for row in rows] == [(0, False), (0, True)]


def test_the_inbox_of_one_municipality_holds_no_others(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> None:
    open_case(municipality="rudersdal")
    ours = open_case(municipality="arendal")
    with reading(engine) as connection:
        assert order(inbox.rows(connection, Wanted(municipality="arendal"))) == [ours]
        assert len(inbox.rows(connection)) == 2


def test_what_was_taken_back_comes_first_and_what_was_added_to_counts_as_unread(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID], stored: Callable[..., NewSubmission]
) -> None:
    unread, stuck, added_to, withdrawn, revoked, opened = (open_case(age=9 - age) for age in range(6))
    give_up_one(engine, stuck)
    with engine.begin() as connection:
        for id in (added_to, withdrawn, revoked, opened):
            cases.mark_opened(connection, id, now=MORNING)
        cases.mark_added(connection, added_to, now=MORNING, is_unscanned=False)
        cases.mark_withdrawn(connection, withdrawn, now=MORNING)
        cases.mark_revoked(connection, revoked, now=MORNING)
        assert order(inbox.rows(connection)) == [withdrawn, revoked, stuck, unread, added_to, opened]
        for id in (added_to, withdrawn, revoked):
            cases.mark_read(connection, id, news_at=MORNING)
        assert order(inbox.rows(connection)) == [stuck, unread, added_to, withdrawn, revoked, opened]


def test_what_was_added_is_counted_and_its_failed_delivery_is_the_case_s_own(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID], stored: Callable[..., NewSubmission]
) -> None:
    id, other = open_case(age=1), open_case()
    later = [stored(), stored()]
    with engine.begin() as connection:
        for number, kind in enumerate((FollowUpKind.ADDITION, FollowUpKind.WITHDRAWAL), start=1):
            following = Following(follows=id, kind=kind, number=number)
            follow_ups.insert(connection, later[number - 1].id, following)
    give_up_one(engine, later[1].id)
    with reading(engine) as connection:
        counted = {row.submission_id: (row.additions, row.deliveries_given_up) for row in inbox.rows(connection)}
    assert counted == {id: (1, 1), other: (0, 0)}


def test_a_row_tells_what_was_done_with_a_complaint(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> None:
    id = open_case()
    done = Complaint(outcome=ComplaintOutcome.PARTLY, reconsidered_on=date(2026, 11, 20))
    with engine.begin() as connection:
        complaints.put(connection, cases.of(connection, id).id, done)
        (row,) = inbox.rows(connection)
    assert row.complaint == done


def test_a_complaint_without_a_date_stands_where_it_would_if_it_had_been_due_the_day_it_came(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID], new_complaint: Callable[..., uuid.UUID]
) -> None:
    today = MORNING.date()
    other, later, overdue = open_case(age=9), open_case(due=today + timedelta(1)), open_case(due=today - timedelta(5))
    young, old = new_complaint(age=1), new_complaint(age=7)
    keyed = new_complaint(age=0, received_on=today - timedelta(6))
    gone = [
        new_complaint(age=8, done=Complaint(outcome=ComplaintOutcome.NOT_UPHELD, forwarded_on=today)),
        new_complaint(age=8, done=Complaint(outcome=ComplaintOutcome.UPHELD)),
        new_complaint(age=8, withdrawn_at=MORNING),
    ]
    with engine.begin() as connection:
        connection.execute(sa.update(table).values(opened_at=MORNING))
        rows = inbox.rows(connection)
        first = inbox.rows(connection, limit=2)
        rest = inbox.rows(connection, after=first[-1].position)
    assert order(rows)[:5] == [old, keyed, overdue, young, later]
    assert set(order(rows)[5:]) == {other, *gone}
    assert order(first + rest) == order(rows)


@pytest.fixture
def new_complaint(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> Callable[..., uuid.UUID]:
    """Stores a complaint without a date, with what was `done` with it, and returns its id."""

    def make(age: int, done: Complaint | None = None, **facts: Any) -> uuid.UUID:
        id = open_case(age=age)
        with engine.begin() as connection:
            connection.execute(sa.update(submissions).where(submissions.c.id == id).values(form="complaint"))
            if facts:
                connection.execute(sa.update(table).where(table.c.submission_id == id).values(**facts))
            if done:
                complaints.put(connection, cases.of(connection, id).id, done)
        return id

    return make
