"""What citizens do after sending, in a browser: with and without scripts, accessible in every state."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.web.addresses import ADDITION, ADDITION_REVIEW, DELETE_COPY, STATUS, TAKE_BACK
from tests.acceptance.journeys import Journey, journey
from tests.browser.conftest import OpenPage, Sent
from tests.browser.filling_in import path_of, press, press_continue, store
from tests.browser.watched import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("status")]


def place(trip: Journey, page: dict[Language, str]) -> str:
    """The path of a page about what was sent."""
    return trip.start + page[trip.language]


def link(page: Page, path: str) -> None:
    """Follow the link to this path."""
    press(page, f"main a[href='{path}']")


@pytest.mark.parametrize(
    ("form", "language", "scripts"),
    [
        (FormKey.APPLICATION, Language.NB, True),
        (FormKey.COMPLAINT, Language.NN, True),
        (FormKey.POWER_OF_ATTORNEY, Language.DA, True),
        (FormKey.POWER_OF_ATTORNEY, Language.NN, False),
    ],
)
def test_one_adds_documents_deletes_the_copy_and_takes_it_back(
    open_page: OpenPage, sent: Sent, letters: list[Path], form: FormKey, language: Language, scripts: bool
) -> None:
    page, faults = open_page(scripts=scripts), []
    # Axe waits for scripts of its own.
    look = check if scripts else lambda unused_page: []
    trip = journey(form, language)
    reference = sent(page, trip, letters[:1])
    page.goto(trip.receipt)
    link(page, place(trip, STATUS))
    faults += look(page)
    expect(page.locator(".reference")).to_have_text(reference)
    link(page, place(trip, ADDITION))
    press_continue(page)
    expect(page.locator(".ds-error-summary")).to_be_focused()
    faults += look(page)
    store(page, letters)
    faults += look(page)
    press_continue(page)
    assert path_of(page) == place(trip, ADDITION_REVIEW)
    faults += look(page)
    press_continue(page)
    assert path_of(page) == place(trip, STATUS)
    expect(page.locator("#sent-1")).to_contain_text(f"{reference}-1")
    with page.expect_download() as download:
        page.locator("main a[download]").last.click()
    assert Path(download.value.path()).read_bytes() == letters[-1].read_bytes()
    for confirm in (DELETE_COPY, TAKE_BACK):
        link(page, place(trip, confirm))
        faults += look(page)
        press_continue(page)
        assert path_of(page) == place(trip, STATUS)
    expect(page.locator("#sent-2")).to_contain_text(f"{reference}-2")
    faults += look(page)
    assert faults == []
