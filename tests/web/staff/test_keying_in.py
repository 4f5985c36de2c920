"""What came on paper, by telephone or in a visit becomes a case like any other, counted from the day it came."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from checked_client import File, Page, words_of
from form_journeys import fields_of
from movable_clock import MovableClock
from people import CITIZEN
from pyrage.x25519 import Identity
from staff_login import StaffBrowser

from forms_app.books.journal import IssueJournal
from forms_app.casework.opening import OpenedCase, open_case
from forms_app.settings import Settings
from forms_app.storage import audit, cases, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import Source, deliveries, drafts
from forms_app.storage.tables import cases as case_table
from tests.sample_files import pdf

START = "/staff/new/application"
CALL = {
    "source": ["phone"],
    "received-day": ["9"],
    "received-month": ["11"],
    "received-year": ["2026"],
    "role": ["child"],
    "name_of_person": [CITIZEN.name],
    "sender_name": ["Kåre Ødegård"],
    "wanted": ["unsure"],
    "phone": [CITIZEN.phone],
    "email": [CITIZEN.email],
    "bodies-0-body_name": ["Stinta skole"],
}


def form_of(page: Page) -> dict[str, list[str]]:
    """What the page's own form would post, without the forms of the frame."""
    (form,) = [one for one in page.all(".//form") if (one.get("action") or "").startswith("/staff/new")]
    alone = Element("main")
    alone.append(form)
    return fields_of(replace(page, tree=alone))


def posted(browser: StaffBrowser, page: Page, action: str, files: list[File] | None = None, **more: list[str]) -> Page:
    return browser.post(START, {**form_of(page), **CALL, **more, "action": [action]}, files=files or [], multipart=True)


@pytest.fixture
def grown(ingrid: StaffBrowser) -> Page:
    """The page once whom it is for has been answered."""
    return posted(ingrid, ingrid.get(START), "show")


@pytest.fixture
def opened(database: sa.Engine, identities: tuple[Identity, ...], clock: MovableClock) -> Callable[[str], OpenedCase]:
    return lambda reference: open_case(database, clock, identities, reference, actor="test")


def test_the_three_forms_can_be_chosen(ingrid: StaffBrowser) -> None:
    page = ingrid.get("/staff/new")
    assert {f"/staff/new/{form}" for form in ("application", "power_of_attorney", "complaint")} <= {
        one.get("href") for one in page.all(".//main//a")
    }
    assert ingrid.get("/staff/new/nonsense", status=303).location == "/staff/new"


def test_the_page_grows_with_the_answers_and_keeps_what_was_typed(ingrid: StaffBrowser, grown: Page) -> None:
    assert not ingrid.get(START).all(".//input[@name='name_of_person']")
    assert grown.one(".//input[@name='phone']").get("value") == CITIZEN.phone
    asked = posted(ingrid, grown, "show")
    assert asked.one(".//input[@name='name_of_person']").get("value") == CITIZEN.name
    assert asked.all(".//input[@name='bodies-1-body_name']")


def test_a_call_is_stored_sealed_and_counts_from_the_day_it_came(
    ingrid: StaffBrowser,
    grown: Page,
    database: sa.Engine,
    opened: Callable[[str], OpenedCase],
    settings: Settings,
) -> None:
    files = [File(name="notat.pdf", content=pdf(b"Et notat"))]
    answer = posted(ingrid, grown, "store", files)
    assert answer.status == 303, [words_of(one) for one in answer.with_class("ds-error-summary")]
    reference = answer.location.rpartition("/")[2]
    with reading(database) as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        case = cases.of(connection, row.id)
        entries = [(one.actor[:6], one.action) for one in audit.entries(connection, str(row.id))]
        owed = {one.kind for one in connection.execute(sa.select(deliveries))}
    assert (case.source, case.received_on) == (Source.PHONE, date(2026, 11, 9))
    assert [one.due_on for one in case.deadlines] == [date(2026, 12, 9)]
    assert row.own_copy is None
    assert entries == [("staff:", "keyed in")]
    assert owed == {"folder"}
    assert [line.reference for line in IssueJournal(settings.journal).lines()] == [reference]
    case_in_clear = opened(reference)
    assert case_in_clear.submission.answers["child"]["name_of_person"] == CITIZEN.name
    assert [one.facts.name for one in case_in_clear.files] == ["notat.pdf"]
    assert "På telefon" in ingrid.get(answer.location).main


def test_pressing_twice_stores_once(ingrid: StaffBrowser, grown: Page, database: sa.Engine) -> None:
    first, second = (posted(ingrid, grown, "store") for unused_press in range(2))
    assert first.location == second.location
    with reading(database) as connection:
        assert len(connection.execute(sa.select(case_table.c.id)).all()) == 1


def test_what_is_missing_is_told_and_nothing_is_stored(ingrid: StaffBrowser, grown: Page, database: sa.Engine) -> None:
    page = posted(ingrid, grown, "store", name_of_person=[""], sender_name=[""])
    assert page.status == 422
    assert page.one(".//input[@name='phone']").get("value") == CITIZEN.phone
    refused = posted(ingrid, grown, "store", [File(name="x.zip", content=b"PK\x05\x06" + bytes(18))])
    assert refused.status == 422
    with reading(database) as connection:
        assert connection.execute(sa.select(drafts)).all() == []
        assert connection.execute(sa.select(case_table.c.id)).all() == []


@pytest.mark.parametrize("day", [{"received-day": ["x"]}, {"received-year": ["2027"]}, {"received-year": ["2019"]}])
def test_a_day_on_which_it_cannot_have_come_is_asked_about(
    ingrid: StaffBrowser, grown: Page, day: dict[str, list[str]]
) -> None:
    page = posted(ingrid, grown, "store", **day)
    assert page.status == 422
    assert page.one(".//input[@id='received-day']").get("aria-invalid") == "true"
