"""Files through a browser: kept at once under their own names, removed, refused with the reason."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.journeys import journey
from tests.browser.conftest import OpenPage
from tests.browser.filling_in import path_of, press, press_continue, to_review
from tests.browser.watched import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("uploads")]

TOO_LARGE = 30_000_000


def _at_the_attachments(open_page: OpenPage, **options: bool) -> Page:
    page = open_page(**options)
    trip = journey(FormKey.POWER_OF_ATTORNEY)
    to_review(page, trip)
    page.goto(f"{trip.start}vedlegg")
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_files_are_kept_at_once_and_each_can_be_removed(
    open_page: OpenPage, letters: list[Path], scripts: bool
) -> None:
    page = _at_the_attachments(open_page, scripts=scripts)
    page.locator("input[type=file]").set_input_files(letters)
    press(page, "button[value=upload]")
    expect(page.locator(".file-name")).to_have_text([letter.name for letter in letters])
    press(page, "button[value^=remove-file]")
    expect(page.locator(".file-name")).to_have_text([letters[1].name])
    page.locator("input[type=file]").set_input_files(letters[0])
    press_continue(page)
    assert not path_of(page).endswith("/vedlegg")
    page.goto(journey(FormKey.POWER_OF_ATTORNEY).review)
    for letter in letters:
        assert letter.name in page.locator("main").inner_text()


def test_a_refused_file_is_named_with_the_reason_and_the_others_are_kept(
    open_page: OpenPage, letters: list[Path], tmp_path: Path
) -> None:
    page = _at_the_attachments(open_page)
    program = tmp_path / "Søknad.pdf"
    program.write_bytes(b"MZ\x90\x00")
    page.locator("input[type=file]").set_input_files([letters[0], program])
    press(page, "button[value=upload]")
    expect(page.locator(".file-name")).to_have_text([letters[0].name])
    expect(page.locator(".ds-error-summary")).to_be_focused()
    expect(page.locator(".ds-error-summary")).to_contain_text("Søknad.pdf")
    assert check(page) == []


@pytest.mark.parametrize("language", Language)
def test_a_file_that_is_far_too_large_gets_a_page_and_no_broken_connection(
    open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    page = open_page()
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    to_review(page, trip)
    page.goto(trip.start + ("bilag" if language is Language.DA else "vedlegg"))
    film = tmp_path / "film.pdf"
    film.write_bytes(b"%PDF-1.7\n" + bytes(TOO_LARGE))
    page.locator("input[type=file]").set_input_files(film)
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.locator("button[value=upload]").click()
    assert answered.value.status == 413
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == language
    assert "25" in page.locator("main").inner_text()
    assert check(page) == []
    page.go_back()
    expect(page.locator("input[type=file]")).to_be_visible()
