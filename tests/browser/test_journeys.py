"""Each form, sent in each language through Chromium, with scripts and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.filling_in import press_continue, send
from tests.browser.watched import check

EACH = [
    pytest.param(form, language, id=f"{form}-{language}", marks=pytest.mark.xdist_group(f"journeys_{language}"))
    for language in Language
    for form in FormKey
]
pytestmark = pytest.mark.browser

_WHAT_MUST_BE_ANSWERED = "form .ds-tag[data-color=warning], form [name=phone]"


def _assert_delivered(portal: RunningPortal, sent: Journey, reference: str, letters: list[Path]) -> None:
    attachments = portal.parcel(sent.municipality, reference) / "attachments"
    wait_for(attachments.is_dir, f"{reference} is delivered")
    found = sorted(attachments.iterdir())
    assert [path.name.partition("-")[2] for path in found] == [letter.name for letter in letters]
    assert [path.read_bytes() for path in found] == [letter.read_bytes() for letter in letters]


@pytest.mark.parametrize(("form", "language"), EACH)
def test_a_form_is_sent_without_scripts(
    open_page: OpenPage, portal_in_browser: RunningPortal, letters: list[Path], form: FormKey, language: Language
) -> None:
    page = open_page(scripts=False)
    trip = journey(form, language)
    reference = send(page, trip, files=letters)
    assert page.locator("html").get_attribute("lang") == language
    assert letters[0].name in page.locator("main").inner_text()
    _assert_delivered(portal_in_browser, trip, reference, letters)


@pytest.mark.parametrize(("form", "language"), EACH)
def test_a_form_is_sent_with_scripts_and_every_page_and_error_is_accessible(
    open_page: OpenPage, portal_in_browser: RunningPortal, letters: list[Path], form: FormKey, language: Language
) -> None:
    page = open_page()
    trip = journey(form, language)
    faults: list[str] = []

    def look(page: Page) -> None:
        faults.extend(check(page))
        if page.locator(_WHAT_MUST_BE_ANSWERED).count():
            press_continue(page)
            assert page.locator(".ds-error-summary").is_visible()
            faults.extend(check(page))

    reference = send(page, trip, files=letters, look=look)
    page.goto(trip.start + "kode")
    faults.extend(check(page))
    page.goto(trip.start)
    assert reference in page.locator("main").inner_text()
    faults.extend(check(page))
    assert faults == []
    _assert_delivered(portal_in_browser, trip, reference, letters)
