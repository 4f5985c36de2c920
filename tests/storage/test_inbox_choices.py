"""What narrows the inbox, what is counted above it, and what the search by name is built from."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.storage import case_work, cases, deliveries, inbox, inbox_counts, inbox_summaries, leases
from forms_app.storage.deliveries import CONFIRMATION_MAIL, NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.inbox_counts import InboxCounts
from forms_app.storage.inbox_order import EVERYTHING, Flag, Wanted
from forms_app.storage.inbox_summaries import SealedSummary
from forms_app.storage.leases import Lane
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import CaseStatus, TargetGroup, submissions
from forms_app.storage.tables import cases as table

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ME, COLLEAGUE, FAMILY = (uuid.UUID(int=number) for number in (1, 2, 3))

OpenCase = Callable[..., uuid.UUID]


@pytest.fixture
def change(engine: sa.Engine) -> Callable[..., None]:
    """Sets columns of a case."""

    def change(submission_id: uuid.UUID, **values: object) -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(table).where(table.c.submission_id == submission_id).values(**values))

    return change


@pytest.fixture
def found(engine: sa.Engine) -> Callable[[Wanted], list[uuid.UUID]]:
    """The submissions that are listed, and counted, for what is wanted."""

    def find(wanted: Wanted) -> list[uuid.UUID]:
        with reading(engine) as connection:
            rows = inbox.rows(connection, wanted)
            assert inbox_counts.count(connection, wanted) == len(rows)
        return [row.submission_id for row in rows]

    return find


def test_the_list_is_narrowed_by_status_assignee_and_whether_it_was_read(
    open_case: OpenCase, change: Callable[..., None], found: Callable[[Wanted], list[uuid.UUID]]
) -> None:
    unread, mine, theirs, closed = (open_case(age=9 - age) for age in range(4))
    for id in (mine, theirs, closed):
        change(id, opened_at=MORNING)
    change(mine, assignee=ME, status="in_progress")
    change(theirs, assignee=COLLEAGUE)
    change(closed, status="closed")
    assert found(EVERYTHING) == [unread, mine, theirs, closed]
    assert found(Wanted(is_open=True)) == [unread, mine, theirs]
    assert found(Wanted(is_open=True, is_unopened=True)) == [unread]
    assert found(Wanted(status=CaseStatus.IN_PROGRESS)) == [mine]
    assert found(Wanted(assignee=COLLEAGUE)) == [theirs]
    assert found(Wanted(is_nobodys=True)) == [unread, closed]
    assert found(Wanted(among=frozenset({mine, closed}))) == [mine, closed]
    assert found(Wanted(among=frozenset())) == []


def test_the_list_is_narrowed_by_form_group_and_date(
    engine: sa.Engine, open_case: OpenCase, found: Callable[[Wanted], list[uuid.UUID]]
) -> None:
    late, soon, complaint = open_case(due=TODAY - timedelta(days=1)), open_case(due=TODAY), open_case(age=3)
    with engine.begin() as connection:
        values = {"form": "complaint", "target_group": "adults"}
        connection.execute(sa.update(submissions).where(submissions.c.id == complaint).values(**values))
    assert found(Wanted(form=FormKey.COMPLAINT)) == [complaint]
    assert found(Wanted(target_group=TargetGroup.ADULTS)) == [complaint]
    assert found(Wanted(due_before=TODAY)) == [late]
    assert set(found(Wanted(due_before=TODAY + timedelta(days=1)))) == {late, soon}


def test_each_mark_finds_its_cases(
    engine: sa.Engine, open_case: OpenCase, change: Callable[..., None], found: Callable[[Wanted], list[uuid.UUID]]
) -> None:
    late, unconfirmed, unscanned, no_mail, withdrawn, joined = (open_case(age=9 - age) for age in range(6))
    change(joined, family=FAMILY)
    change(late, is_late=True)
    change(unconfirmed, is_unconfirmed=True)
    change(unscanned, is_unscanned=True)
    with engine.begin() as connection:
        owed = NewDelivery(key="mail", kind=CONFIRMATION_MAIL, submission_id=no_mail)
        deliveries.enqueue(connection, [owed])
        (claimed,) = leases.claim(connection, Lane.MAIL, free=1, lease_seconds=60)
        leases.give_up(connection, claimed, error="PermanentFailure")
        cases.mark_withdrawn(connection, withdrawn, now=MORNING)
    expected = {
        Flag.LATE: [late],
        Flag.UNCONFIRMED: [unconfirmed],
        Flag.UNSCANNED: [unscanned],
        Flag.FAILED: [no_mail],
        Flag.TAKEN_BACK: [withdrawn],
        Flag.FAMILY: [joined],
    }
    assert found(Wanted(family=FAMILY)) == [joined]
    assert {flag: found(Wanted(flag=flag)) for flag in Flag} == expected


def test_what_there_is_to_do_is_counted_for_one_municipality_without_closed_cases(
    engine: sa.Engine, open_case: OpenCase, change: Callable[..., None]
) -> None:
    open_case(municipality="rudersdal", due=TODAY - timedelta(days=9))
    oldest = open_case(age=4, due=TODAY - timedelta(days=2))
    later, closed = open_case(age=2, due=TODAY + timedelta(days=7)), open_case(age=8, due=TODAY - timedelta(days=30))
    change(later, opened_at=MORNING, assignee=ME)
    change(closed, status="closed")
    with reading(engine) as connection:
        told = inbox_counts.counts(connection, "arendal", today=TODAY, member=ME)
        nothing = inbox_counts.counts(connection, "kristiansand", today=TODAY, member=ME)
        assert inbox_counts.longest_overdue(connection, "arendal", today=TODAY, limit=5) == [oldest]
    since = MORNING - timedelta(days=4)
    assert told == InboxCounts(
        all=2, unread=1, oldest_unread_at=since, overdue=1, soon=1, past_target=0, nobodys=1, mine=1
    )
    assert nothing == InboxCounts(
        all=0, unread=0, oldest_unread_at=None, overdue=0, soon=0, past_target=0, nobodys=0, mine=0
    )


def test_the_municipality_s_own_target_orders_the_list_and_is_no_deadline_to_be_late_for(
    engine: sa.Engine, open_case: OpenCase, change: Callable[..., None], found: Callable[[Wanted], list[uuid.UUID]]
) -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    late, past, soon = (
        open_case(due=yesterday),
        open_case(target=yesterday - timedelta(days=1)),
        open_case(due=tomorrow),
    )
    both = open_case(due=TODAY + timedelta(days=30), target=TODAY)
    for one in (late, past, soon, both):
        change(one, opened_at=MORNING)
    assert found(EVERYTHING) == [past, late, both, soon]
    assert found(Wanted(due_before=TODAY)) == [late]
    assert found(Wanted(target_before=TODAY)) == [past]
    with reading(engine) as connection:
        told = inbox_counts.counts(connection, "arendal", today=TODAY, member=ME)
        rows = inbox.rows(connection)
    assert (told.overdue, told.soon, told.past_target) == (1, 1, 1)
    own, law = COMPLAINT_TARGET, "preliminary_answer"
    assert [row.next_kind for row in rows] == [own, law, own, law]


def test_summaries_are_read_of_what_is_there_and_not_erased(
    engine: sa.Engine, open_case: OpenCase, stored: Callable[..., NewSubmission]
) -> None:
    kept, erased = open_case(), open_case()
    follows_only = stored().id
    with engine.begin() as connection:
        gone = {"summary": None, "answers": None, "erased_at": MORNING}
        connection.execute(sa.update(submissions).where(submissions.c.id == erased).values(**gone))
        assert inbox_summaries.ids(connection, "arendal") == {kept}
        assert inbox_summaries.ids(connection, "rudersdal") == set()
        found = inbox_summaries.summaries(connection, [kept, erased, follows_only])
        (row,) = inbox.rows(connection, Wanted(among=frozenset({kept})))
    assert found == {kept: SealedSummary(binding=row.binding, envelope=b"sealed summary")}


def test_a_case_is_given_to_somebody_only_if_it_is_still_whose_it_was(engine: sa.Engine, open_case: OpenCase) -> None:
    id = open_case()
    with engine.begin() as connection:
        case_id = cases.of(connection, id).id
        assert case_work.assign(connection, case_id, ME, seen=None, now=MORNING)
        assert not case_work.assign(connection, case_id, COLLEAGUE, seen=None, now=MORNING)
        case = cases.of(connection, id)
        assert (case.assignee, case.assigned_at) == (ME, MORNING)
        assert case_work.assign(connection, case_id, None, seen=ME, now=MORNING)
        case = cases.of(connection, id)
        assert (case.assignee, case.assigned_at) == (None, None)


def test_a_confirmation_counts_once_each_way(engine: sa.Engine, open_case: OpenCase) -> None:
    id = open_case()
    with engine.begin() as connection:
        case_id = cases.of(connection, id).id
        steps = [case_work.set_unconfirmed(connection, case_id, is_unconfirmed=one) for one in (True, True, False)]
        assert steps == [True, False, True]
        assert not cases.of(connection, id).is_unconfirmed


def test_a_met_date_is_no_next_date_any_more(engine: sa.Engine, open_case: OpenCase) -> None:
    one, other = open_case(due=TODAY), open_case(due=TODAY)
    with engine.begin() as connection:
        of_one, of_other = (cases.of(connection, id).id for id in (one, other))
        assert case_work.meet_deadlines(connection, of_one, on=TODAY, kind="another") == 0
        assert case_work.meet_deadlines(connection, of_one, on=TODAY, kind="answer") == 1
        assert case_work.meet_deadlines(connection, of_one, on=TODAY) == 0
        assert case_work.meet_deadlines(connection, of_other, on=TODAY) == 1
        assert [date.done_on for date in cases.of(connection, one).deadlines] == [TODAY]
        assert {row.next_deadline for row in inbox.rows(connection)} == {None}


def test_what_came_and_what_was_erased_since_is_told_without_asking_for_all(
    engine: sa.Engine, open_case: OpenCase
) -> None:
    with reading(engine) as connection:
        nothing = inbox_summaries.latest(connection)
    old, erased, theirs = open_case(age=3), open_case(age=2), open_case(age=2, municipality="rudersdal")
    with engine.begin() as connection:
        since = inbox_summaries.latest(connection)
        assert inbox_summaries.changed_since(connection, "arendal", nothing) == ({old, erased}, set())
        gone = {"summary": None, "answers": None, "erased_at": MORNING}
        connection.execute(sa.update(submissions).where(submissions.c.id == erased).values(**gone))
    new = open_case(age=0)
    with reading(engine) as connection:
        assert inbox_summaries.changed_since(connection, "arendal", since) == ({new}, {erased})
        assert inbox_summaries.changed_since(connection, "rudersdal", since) == ({theirs}, set())
