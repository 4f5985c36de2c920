"""Another language in the middle of a page: what is typed stays, and so does the place."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.journeys import journey
from tests.browser.conftest import FilledIn, OpenPage
from tests.browser.filling_in import path_of, press, press_continue, to_review
from tests.browser.watched import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("language")]

TEXT = "Vi er mange.\n\n«Æ, ø og å» & <b>"


def _switch(page: Page, language: Language) -> None:
    press(page, f".languages button[lang={language}]")
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("scripts", [True, False])
def test_the_language_is_changed_and_what_is_typed_comes_along(
    open_page: OpenPage, filled_in: FilledIn, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    trip = journey(FormKey.APPLICATION)
    filled_in(page, trip)
    page.goto(trip.start + "situasjonen")
    page.locator("#goals").fill("Søvn")
    page.locator("#situation").fill(TEXT)
    for language in (Language.NN, Language.DA, Language.NB):
        page.locator("#situation").focus()
        _switch(page, language)
        expect(page.locator("#situation")).to_have_value(TEXT)
        expect(page.locator("#goals")).to_have_value("Søvn")
        assert urlsplit(page.url).fragment == ("situation" if scripts else "questions")
        if scripts:
            expect(page.locator("#situation")).to_be_focused()
        else:
            # The next press of Tab goes on from the form: the first field of it.
            page.keyboard.press("Tab")
            expect(page.locator("#situation, #goals").first).to_be_focused()
    assert path_of(page) == trip.start + "situasjonen"
    press_continue(page)
    assert path_of(page) == trip.start + "hvem-hjelper"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_choice_and_a_wrong_date_come_along_and_enter_continues(
    open_page: OpenPage, filled_in: FilledIn, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    trip = journey(FormKey.COMPLAINT)
    filled_in(page, trip)
    page.goto(trip.start + "om-deg")
    page.locator("#name_of_person").fill("Åse")
    page.locator("#birth_date-day").fill("31")
    page.locator("#birth_date-month").fill("x")
    _switch(page, Language.DA)
    expect(page.locator("#birth_date-month")).to_have_value("x")
    expect(page.locator(".ds-error-summary")).to_have_count(0)
    with page.expect_navigation():
        page.locator("#name_of_person").press("Enter")
    expect(page.locator(".ds-error-summary")).to_be_focused()
    assert page.locator("html").get_attribute("lang") == "da"


def test_files_that_were_chosen_come_along_without_a_script(
    open_page: OpenPage, filled_in: FilledIn, letters: list[Path]
) -> None:
    page = open_page(scripts=False)
    trip = journey(FormKey.COMPLAINT)
    filled_in(page, trip)
    page.goto(trip.start + "vedlegg")
    page.locator("input[type=file]").set_input_files(letters)
    _switch(page, Language.NN)
    expect(page.locator(".file-name")).to_have_text([letter.name for letter in letters])


@pytest.mark.parametrize("width", [1280, 320])
def test_the_languages_look_and_work_the_same_on_every_page(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    trip = journey(FormKey.COMPLAINT)
    page.goto(trip.start)
    on_links = [one.bounding_box() for one in page.locator(".languages a").all()]
    press_continue(page)
    on_buttons = [one.bounding_box() for one in page.locator(".languages button").all()]
    assert on_links == on_buttons
    assert check(page) == []


def test_a_page_that_was_deleted_in_another_window_is_kept_in_view_and_begins_anew(
    open_page: OpenPage, filled_in: FilledIn
) -> None:
    here = open_page()
    trip = journey(FormKey.APPLICATION)
    filled_in(here, trip)
    here.goto(trip.start + "situasjonen")
    there = here.context.new_page()
    there.goto(trip.start + "kode")
    press(there, "a[href$='/slett']")
    assert check(there) == []
    press_continue(there)
    assert check(there) == []
    here.locator("#situation").fill(TEXT)
    press_continue(here)
    expect(here.locator("#situation")).to_have_value(TEXT)
    assert check(here) == []
    press(here, "button[value=begin]")
    assert check(here) == []
    to_review(there, trip)
    there.goto(trip.start + "situasjonen")
    expect(there.locator("#situation")).to_have_value("Vi er mange steder på én gang.")


def test_two_windows_on_one_page_never_overwrite_each_other_in_silence(
    open_page: OpenPage, filled_in: FilledIn
) -> None:
    one = open_page()
    trip = journey(FormKey.APPLICATION)
    filled_in(one, trip)
    one.goto(trip.start + "situasjonen")
    other = one.context.new_page()
    other.goto(one.url)
    other.locator("#situation").fill("Fra det andre vinduet")
    press_continue(other)
    one.locator("#situation").fill(TEXT)
    _switch(one, Language.NN)
    expect(one.locator("#situation")).to_have_value(TEXT)
    assert check(one) == []
    press_continue(one)
    one.goto(trip.start + "situasjonen")
    expect(one.locator("#situation")).to_have_value(TEXT)


@pytest.mark.parametrize("language", Language)
def test_the_code_page_prints_the_code_and_how_to_read_it_and_no_buttons(
    open_page: OpenPage, language: Language
) -> None:
    page = open_page()
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    page.goto(trip.start)
    press_continue(page)
    page.goto(f"{trip.start}kode")
    assert check(page) == []
    with page.expect_download() as download:
        page.locator("a[href$='.pdf']").click()
    assert download.value.suggested_filename == "kodekort.pdf"
    page.emulate_media(media="print")
    for seen in (".code", "main section >> nth=0", "h1"):
        expect(page.locator(seen)).to_be_visible()
    for hidden in (".languages", ".masthead__menu", ".actions", "main form", "main a[href*='/sl']"):
        expect(page.locator(hidden).first).to_be_hidden()
