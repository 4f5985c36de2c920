"""The inbox and a case in a browser: sixty cases, at a desk and on a telephone, without scripts, by keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from forms_app.clock import utc_now
from forms_app.settings import from_environ
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.staff import members
from tests.acceptance.running_portal import RunningPortal
from tests.browser.conftest import OpenPage
from tests.browser.staff_desk import logged_in_as
from tests.browser.watched import check
from tests.demo_cases import fill_inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("staff")]


@pytest.fixture(scope="module")
def portal_in_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal with the inbox of a Monday morning."""
    portal = RunningPortal(tmp_path_factory.mktemp("staff")).start()
    settings = from_environ(portal.environment)
    engine, staff = make_engine(settings.database_url), make_engine(settings.staff_database_url)
    with reading(staff) as connection:
        people = [one.id for one in members.present(connection) if "arendal" in one.roles]
    fill_inbox(settings, engine, now=utc_now(), staff=people[:2])
    engine.dispose()
    staff.dispose()
    yield portal
    portal.end()


@pytest.fixture(scope="module")
def logged_in(chromium: Browser, portal_in_browser: RunningPortal) -> Any:
    """What Ingrid's browser holds after logging in."""
    return logged_in_as(chromium, portal_in_browser.root, "ingrid", "/staff/inbox")


@pytest.fixture
def desk(open_page: OpenPage, logged_in: Any) -> Page:
    """Her screen, with the inbox on it."""
    page = open_page(storage_state=logged_in)
    page.goto("/staff/inbox")
    return page


def test_the_most_urgent_is_on_the_first_screen(desk: Page) -> None:
    overdue = desk.locator(".overdue li").first
    expect(overdue).to_contain_text("over fristen")
    box = overdue.bounding_box()
    assert box
    assert box["y"] + box["height"] < 700
    expect(desk.locator(".tallies li").first).to_contain_text("Over fristen")
    desk.set_viewport_size({"width": 390, "height": 844})
    expect(desk.locator(".tallies li").first).to_be_in_viewport()
    expect(overdue).to_be_in_viewport(ratio=1)


def test_a_case_is_found_taken_and_noted_with_the_keyboard_alone(desk: Page) -> None:
    _tab_to(desk, "#q")
    desk.keyboard.type("haugen")
    desk.keyboard.press("Enter")
    expect(desk.locator(".found")).to_contain_text("funnet")
    assert "haugen" not in desk.url
    _tab_to(desk, ".inbox-line a")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/staff/case/*")
    _tab_to(desk, "button[name=to][value=me]")
    desk.keyboard.press("Enter")
    expect(desk.locator("[role=status]")).to_contain_text("gitt til en saksbehandler")
    _tab_to(desk, "#note")
    desk.keyboard.type("Ringte mor.")
    _tab_to(desk, "form[action$='/note'] button")
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-note")).to_contain_text("Ringte mor.")


def test_cases_of_one_person_are_joined_and_listed_on_a_telephone(desk: Page) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.locator(".inbox-line", has_text="har en sak om samme person").locator("td a").first.click()
    expect(desk.locator("section[aria-labelledby=first]")).to_contain_text("har allerede en sak om samme person")
    faults = check(desk)
    desk.locator("section[aria-labelledby=family] .relatives button").first.click()
    expect(desk.locator("[role=status]")).to_contain_text("Sakene er knyttet sammen.")
    faults += check(desk)
    desk.locator("section[aria-labelledby=family] a[href$='/family']").click()
    expect(desk.locator("h1")).to_have_text("Familiens liste")
    expect(desk.locator(".relatives li")).to_have_count(2)
    assert faults + check(desk) == []


def test_everything_works_without_scripts(open_page: OpenPage, logged_in: Any) -> None:
    page = open_page(scripts=False, storage_state=logged_in)
    page.goto("/staff/inbox")
    page.locator(".narrowing summary").click()
    page.locator("#who").select_option("nobody")
    page.locator(".narrowing button").click()
    expect(page.locator(".found")).to_be_visible()
    page.locator(".inbox-line a").first.click()
    page.locator("button[name=to][value=me]").click()
    expect(page.locator("[role=status]")).to_be_visible()


def test_a_case_is_printed_without_what_can_be_done(desk: Page) -> None:
    desk.locator(".inbox-line a").first.click()
    desk.emulate_media(media="print")
    for hidden in (".whoami", "#note", ".case-out", "form[action$='/status']"):
        expect(desk.locator(hidden).first).to_be_hidden()
    expect(desk.locator("h1")).to_be_visible()


def _tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until the first such element has the focus."""
    wanted = page.locator(selector).first
    for unused_press in range(250):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no tabulator reaches {selector}")


def test_one_is_warned_before_being_logged_out_and_keeps_what_was_typed(desk: Page) -> None:
    desk.clock.install(time=utc_now())
    desk.goto(desk.locator(".inbox-line a").first.get_attribute("href") or "")
    desk.locator("#note").fill("Ringte mor.")
    expect(desk.locator(".idle")).to_be_hidden()
    desk.clock.run_for("26:00")
    expect(desk.locator(".idle")).to_be_visible()
    with desk.expect_response("**/staff/still-here") as answered:
        desk.locator(".idle button").click()
    assert answered.value.ok
    desk.clock.set_system_time(utc_now())
    desk.clock.run_for(10_000)
    expect(desk.locator(".idle")).to_be_hidden()
    desk.clock.run_for("31:00")
    expect(desk.locator(".idle")).to_contain_text("Du er logget ut")
    expect(desk.locator("#note")).to_have_value("Ringte mor.")
