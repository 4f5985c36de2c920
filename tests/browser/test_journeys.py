"""Each form, sent in each language through Chromium, with scripts and without."""

from pathlib import Path
from typing import Any

import pytest

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.every_page import send_and_check
from tests.browser.filling_in import send

EACH = [
    pytest.param(form, language, id=f"{form}-{language}", marks=pytest.mark.xdist_group(f"journeys_{language}"))
    for language in Language
    for form in FormKey
]
pytestmark = pytest.mark.browser

# 1280 × 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}


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


@pytest.mark.parametrize(
    ("form", "language", "window"),
    [
        pytest.param(FormKey.APPLICATION, Language.NB, {}, id="a desk"),
        pytest.param(FormKey.POWER_OF_ATTORNEY, Language.NN, {"forced_colors": "active"}, id="forced colours"),
        pytest.param(FormKey.COMPLAINT, Language.DA, ZOOMED, id="400 %"),
    ],
)
def test_a_form_is_sent_with_scripts_and_every_page_and_error_is_accessible(
    open_page: OpenPage,
    portal_in_browser: RunningPortal,
    letters: list[Path],
    form: FormKey,
    language: Language,
    window: dict[str, Any],
) -> None:
    page = open_page(**window)
    trip = journey(form, language)
    reference, faults = send_and_check(page, trip, letters)
    assert faults == []
    _assert_delivered(portal_in_browser, trip, reference, letters)
