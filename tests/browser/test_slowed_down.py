"""The pages that ask once more or to wait: accessible like all others, in every language."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.conftest import OpenPage
from tests.browser.filling_in import answer, path_of, press_continue
from tests.browser.watched import check
from tests.unlimited import UNLIMITED

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("slowed_down")]

FEW = {
    "PORTAL_CODES_PER_HOUR": "1",
    "PORTAL_DRAFTS_PER_HOUR": "2",
    "PORTAL_SUBMISSIONS_PER_HOUR": "1",
    "PORTAL_FASTEST_SECONDS": "60",
}


@pytest.fixture(scope="module")
def portal_in_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal where everybody is too fast and little is allowed."""
    portal = RunningPortal(tmp_path_factory.mktemp("portal"), settings={**UNLIMITED, **FEW}).start()
    yield portal
    portal.end()


def press_twice(page: Page) -> list[str]:
    """Press the button, and once more on the page that asks for it; what is wrong with that page."""
    press_continue(page)
    faults = check(page)
    press_continue(page)
    return faults


def to_review(page: Page, trip: Journey) -> list[str]:
    """All that is asked; what is wrong with the page that asks once more."""
    page.goto(trip.start)
    expect(page.locator(".left-empty input")).to_be_hidden()
    faults = press_twice(page)
    for unused_step in range(20):
        if path_of(page) == trip.review:
            return faults
        answer(page, trip)
        press_continue(page)
    raise AssertionError(page.locator("main").inner_text())


def test_whoever_must_press_twice_or_wait_meets_pages_that_everybody_can_use(open_page: OpenPage) -> None:
    page = open_page()
    faults = to_review(page, journey(FormKey.APPLICATION)) + press_twice(page)
    assert page.locator(".receipt").count()
    other = open_page()
    faults += to_review(other, journey(FormKey.COMPLAINT, Language.DA)) + press_twice(other)
    expect(other.locator("[aria-labelledby=refused-heading]")).to_be_focused()
    faults += check(other)
    for language in Language:
        other = open_page()
        other.goto(form_url(language, "application"))
        faults += press_twice(other)
        expect(other.locator("[aria-labelledby=refused-heading]")).to_be_focused()
        faults += check(other)
        for unused_try in range(2):
            other.goto(form_url(language, "status"))
            other.locator("#code").fill(Code.new().shown)
            press_continue(other)
        expect(other.locator("[aria-labelledby=refused-heading]")).to_be_focused()
        faults += check(other)
    assert faults == []
