"""The pages that people meet when something is not as they thought, and those beside the form, in each language.

What else a page can be is looked at where it is tested: empty, with errors, looked over and received in test_journeys,
status and confirm in test_status_page, not found in test_pages, too large in test_uploads, too many in
test_slowed_down, another window in test_switching_language.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from forms_app.clock import utc_now
from forms_app.delivery.expiry import DraftExpiry
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.masthead import PAPER_SLUG, form_url
from forms_app.storage.engine import make_engine
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.conftest import FilledIn, OpenPage
from tests.browser.filling_in import answer, path_of, press_continue
from tests.browser.watched import accessibility_faults, check, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("states")]


def look(page: Page, language: Language) -> list[str]:
    """What is wrong with the page; at every width in Bokmål only, for the words are what differs."""
    assert page.locator("html").get_attribute("lang") == language
    found = check(page) if language is Language.NB else accessibility_faults(page) + sideways_scroll(page)
    return [f"{page.url}: {one}" for one in found]


def expire_drafts(portal: RunningPortal) -> None:
    """What the worker does when forty days have gone."""
    engine = make_engine(f"sqlite:///{portal.data / 'portal.sqlite'}")
    DraftExpiry(engine, lambda: utc_now() + timedelta(days=40), days=30).run_once()
    engine.dispose()


def begin(page: Page, trip: Journey) -> None:
    """As far as the second page of questions."""
    page.goto(trip.start)
    press_continue(page)
    answer(page, trip)
    press_continue(page)


def open_for(open_page: OpenPage, language: Language) -> Page:
    """As wide as a telephone where only one width is looked at."""
    return open_page(width=1280 if language is Language.NB else 390)


@pytest.mark.parametrize("language", Language)
def test_an_expired_draft(open_page: OpenPage, portal_in_browser: RunningPortal, language: Language) -> None:
    page = open_for(open_page, language)
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    begin(page, trip)
    expire_drafts(portal_in_browser)
    answer(page, trip)
    press_continue(page)
    expect(page.locator(".ds-alert[data-color=warning]").first).to_be_visible()
    expect(page.locator("#grantor_name")).to_have_value(trip.answers["grantor_name"][0])
    faults = look(page, language)
    page.goto(path_of(page))
    assert path_of(page) == trip.start
    expect(page.locator(".ds-alert[data-color=warning]")).to_be_visible()
    faults += look(page, language)
    assert faults == []


@pytest.mark.parametrize("language", Language)
def test_an_expired_session_keeps_what_was_typed(open_page: OpenPage, language: Language) -> None:
    page = open_for(open_page, language)
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    begin(page, trip)
    answer(page, trip)
    page.context.clear_cookies(name="session")
    press_continue(page)
    expect(page.locator("#grantor_name")).to_have_value(trip.answers["grantor_name"][0])
    assert look(page, language) == []


@pytest.mark.parametrize("language", Language)
def test_a_form_that_was_sent_from_another_window(open_page: OpenPage, filled_in: FilledIn, language: Language) -> None:
    page = open_for(open_page, language)
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    filled_in(page, trip)
    page.goto(trip.review)
    other = page.context.new_page()
    other.goto(trip.start + "kommune")
    press_continue(page)
    answer(other, trip)
    press_continue(other)
    expect(other.locator(".ds-alert").first).to_be_visible()
    assert look(other, language) == []


@pytest.mark.parametrize("language", Language)
def test_the_paper_page_and_the_self_check(open_page: OpenPage, language: Language) -> None:
    page = open_for(open_page, language)
    page.goto(form_url(language, "complaint") + PAPER_SLUG)
    faults = look(page, language)
    page.goto(form_url(language, "self_check"))
    faults += look(page, language)
    press_continue(page)
    expect(page.locator(".ds-error-summary")).to_be_visible()
    faults += look(page, language)
    for unused_round in ("where and about whom", "the rest"):
        for group in page.locator("main fieldset").all():
            group.locator("input[type=radio]").first.check()
        press_continue(page)
    expect(page.locator(".check-result")).to_be_visible()
    faults += look(page, language)
    assert faults == []
