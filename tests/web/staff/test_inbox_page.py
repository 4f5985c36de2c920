"""The inbox as case workers meet it: the most urgent first, narrowed by an address, searched without one."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from checked_client import Page, words_of
from movable_clock import MovableClock
from staff_login import StaffBrowser, hidden_of

from forms_app.forms.definition import FormKey
from forms_app.storage import audit, case_work, cases, submissions
from forms_app.storage.engine import reading
from forms_app.storage.inbox_order import InboxPosition
from forms_app.storage.staff import members
from forms_app.storage.tables import deadlines
from forms_app.storage.tables import submissions as table
from forms_app.web.staff.inbox_query import InboxQuery, read_query

Sent = Callable[..., str]
SEARCH = "/staff/inbox/search"


def lines(page: Page) -> list[str]:
    """The words of each case on the page, in order."""
    return [words_of(one) for one in page.with_class("inbox-line")]


def listed(page: Page, *references: str) -> list[str]:
    """Those of the references that the page lists, in its order."""
    return [found for line in lines(page) for found in references if found in line]


@pytest.fixture
def opened(database: sa.Engine, clock: MovableClock) -> Callable[[str], cases.Case]:
    """Marks a case as opened, and returns it."""

    def mark(reference: str) -> cases.Case:
        with database.begin() as connection:
            row = submissions.by_reference(connection, reference)
            assert row
            cases.mark_opened(connection, row.id, now=clock())
            return cases.of(connection, row.id)

    return mark


def test_logging_in_leads_to_the_inbox(ingrid: StaffBrowser) -> None:
    assert ingrid.get("/staff/", status=303).location == "/staff/inbox"
    page = ingrid.get("/staff/inbox")
    assert page.heading == "Innboks"
    assert "Det er ingenting her." in page.main


def test_what_nobody_has_opened_comes_first_with_its_age_then_what_is_due(
    ingrid: StaffBrowser, sent: Sent, opened: Callable[[str], cases.Case], clock: MovableClock, database: sa.Engine
) -> None:
    in_hand = sent(name_of_person="Thea Myhre", role="child")
    case = opened(in_hand)
    with database.begin() as connection:
        overdue = clock().date() - timedelta(days=1)
        connection.execute(sa.update(deadlines).where(deadlines.c.case_id == case.id).values(due_on=overdue))
    unread = sent(name_of_person="Åse Ødegård", role="child")
    page = ingrid.get("/staff/inbox")
    assert listed(page, in_hand, unread) == [unread, in_hand]
    first, second = lines(page)
    assert "Åse Ødegård" in first
    assert "Ikke åpnet" in first
    assert "kom inn i dag" in first
    assert "over fristen" in second
    (box,) = page.with_class("overdue")
    assert "Thea Myhre" in words_of(box)
    assert [words_of(one) for one in page.with_class("inbox-group")] == [
        "Uleste, de eldste først",
        "I arbeid, nærmeste dato først",
    ]


def test_only_cases_of_the_municipality_where_one_is_at_work_are_listed(ingrid: StaffBrowser, sent: Sent) -> None:
    ours, theirs = sent(), sent(place="bjornafjorden")
    page = ingrid.get("/staff/inbox?status=all")
    assert listed(page, ours, theirs) == [ours]


def test_the_list_is_narrowed_by_its_address(
    ingrid: StaffBrowser,
    sent: Sent,
    opened: Callable[[str], cases.Case],
    database: sa.Engine,
    staff_database: sa.Engine,
    clock: MovableClock,
) -> None:
    power, mine, complaint = sent(FormKey.POWER_OF_ATTORNEY), sent(), sent(FormKey.COMPLAINT, role="myself")
    with reading(staff_database) as connection:
        (me,) = [id for id, name in members.names(connection).items() if name == "Ingrid Solberg"]
    case = opened(mine)
    with database.begin() as connection:
        case_work.assign(connection, case.id, me, seen=None, now=clock())
    everything = (power, mine, complaint)

    def found(query: str) -> list[str]:
        return listed(ingrid.get(f"/staff/inbox?{query}"), *everything)

    assert found("form=complaint") == [complaint]
    assert found("who=mine") == [mine]
    assert found(f"who={me}") == [mine]
    assert found("who=nobody") == [power, complaint]
    assert found("flag=unconfirmed") == [power]
    assert found("status=unread&group=children") == []
    assert found("due=overdue") == []
    assert found("form=nonsense&who=nonsense&due=nonsense&status=nonsense&flag=x&after=nonsense") == [
        power,
        complaint,
        mine,
    ]
    page = ingrid.get("/staff/inbox?form=complaint")
    assert [words_of(one) for one in page.with_class("found")] == ["1 sak funnet"]
    assert page.all(".//option[@selected]")


def test_an_address_keeps_what_was_chosen_and_the_place_in_the_list(clock: MovableClock) -> None:
    query = InboxQuery(form="complaint", who="nobody", due="week")
    after = InboxPosition(rank=2, due_on=clock().date(), accepted_at=clock(), submission_id=uuid.uuid4())
    arguments = dict(part.split("=") for part in query.url(after).partition("?")[2].replace("%3A", ":").split("&"))
    assert read_query(arguments) == (query, after)
    assert InboxQuery().url() == "/staff/inbox"


def test_more_than_a_page_of_cases_goes_on_without_loss(
    ingrid: StaffBrowser, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [sent() for unused_case in range(5)]
    monkeypatch.setattr("forms_app.casework.inbox.ON_A_PAGE", 2)
    seen: list[str] = []
    url: str | None = "/staff/inbox"
    while url:
        page = ingrid.get(url)
        seen += listed(page, *references)
        ways_on = {words_of(one): one.get("href") for one in page.all(".//nav[@class='pages']/a")}
        url = ways_on.get("De neste sakene")
    assert seen == references


def search(browser: StaffBrowser, words: str) -> Page:
    hidden = hidden_of(browser.get("/staff/inbox"), SEARCH)
    return browser.post(SEARCH, {**hidden, "q": [words]})


def test_a_name_is_searched_for_by_post_and_stands_in_no_address(ingrid: StaffBrowser, sent: Sent) -> None:
    wanted = sent(name_of_person="Åse Ødegård", sender_name="Kåre Ødegård", role="child")
    other = sent(name_of_person="Bjørn Haugen", sender_name="Tor Haugen", role="child")
    page = search(ingrid, "odegard")
    assert page.status == 200
    assert listed(page, wanted, other) == [wanted]
    assert "1 sak funnet" in page.main
    assert all("odegard" not in (one.get("href") or "") for one in page.all(".//a"))
    nothing = search(ingrid, "finnes ikke")
    assert "0 saker funnet" in nothing.main
    assert "finnes ikke" in ingrid.get(SEARCH, status=404).main


def test_a_reference_leads_straight_to_its_case_but_never_to_another_municipality_s(
    ingrid: StaffBrowser, sent: Sent
) -> None:
    ours, theirs = sent(), sent(place="bjornafjorden")
    found = search(ingrid, ours.lower().replace("-", " "))
    assert (found.status, found.location) == (303, f"/staff/case/{ours}")
    assert "0 saker funnet" in search(ingrid, theirs).main


def test_every_look_at_names_is_written_down(ingrid: StaffBrowser, sent: Sent, database: sa.Engine) -> None:
    sent()
    ingrid.get("/staff/inbox")
    search(ingrid, "finnes ikke")
    with reading(database) as connection:
        actions = [one.action for one in audit.entries(connection, "arendal")]
    assert actions[-3:] == ["listed", "listed", "searched"]


def test_what_cannot_be_opened_or_was_erased_is_listed_without_a_name(
    ingrid: StaffBrowser, sent: Sent, database: sa.Engine, clock: MovableClock
) -> None:
    first, second, third = sent(), sent(), sent()
    with database.begin() as connection:
        other = submissions.by_reference(connection, third)
        assert other
        connection.execute(sa.update(table).where(table.c.reference == first).values(summary=other.summary))
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(table).where(table.c.reference == second).values(**gone))
    shown = lines(ingrid.get("/staff/inbox"))
    assert ["Kan ikke åpnes" in shown[0], "Slettet" in shown[1]] == [True, True]
