"""The pages around the forms, in every language: found, accessible, and in a quiet console."""

import pytest
from playwright.sync_api import expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.masthead import form_url
from tests.acceptance.journeys import journey
from tests.browser.conftest import OpenPage
from tests.browser.filling_in import answer, path_of, press, press_continue
from tests.browser.watched import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

_BORDERS = """one => (({borderStyle, borderWidth, outlineStyle}) => [borderStyle, borderWidth, outlineStyle])(
    getComputedStyle(one))"""
_NOBODYS_CODE = "0000-0000-0000-0000-0000-0000-0000"


@pytest.mark.parametrize("language", Language)
def test_the_pages_around_the_forms_are_accessible(open_page: OpenPage, language: Language) -> None:
    page = open_page()
    status = form_url(language, "status")
    paths = [
        status,
        f"/{language}/finnes-ikke/",
        f"{status}/finnes-ikke",
    ]
    faults = []
    for path in paths:
        page.goto(path)
        faults += check(page)
    page.goto(status)
    page.locator("#code").fill(_NOBODYS_CODE)
    press_continue(page)
    expect(page.locator(".ds-error-summary")).to_be_focused()
    faults += check(page)
    assert faults == []


@pytest.mark.parametrize("language", Language)
def test_a_page_that_does_not_exist_says_so_in_the_language_of_its_address(
    open_page: OpenPage, language: Language
) -> None:
    page = open_page()
    for path in (f"/{language}/finnes-ikke/", f"{form_url(language, 'complaint')}finnes-ikke"):
        answered = page.goto(path)
        assert answered
        assert answered.status == 404
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(f"main a[href='/{language}/']").count()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_code_leads_back_to_the_draft_on_another_computer(open_page: OpenPage, scripts: bool) -> None:
    here, elsewhere = open_page(scripts=scripts), open_page(scripts=scripts)
    trip = journey(FormKey.COMPLAINT, Language.DA)
    here.goto(trip.start)
    press_continue(here)
    answer(here, trip)
    press_continue(here)
    press(here, "button[value=pause]")
    code = here.locator(".code").inner_text()
    elsewhere.goto(form_url(Language.DA, "status"))
    elsewhere.locator("#code").fill(code.lower().replace("-", " "))
    press_continue(elsewhere)
    assert path_of(elsewhere).startswith(trip.start)
    elsewhere.goto(f"{trip.start}kommune")
    expect(elsewhere.locator("[name=municipality][value=rudersdal]")).to_be_checked()


def test_with_forced_colours_fields_and_focus_keep_their_borders(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    trip = journey(FormKey.POWER_OF_ATTORNEY)
    page.goto(trip.start)
    press_continue(page)
    answer(page, trip)
    press_continue(page)
    press_continue(page)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    for field in (
        page.locator("#grantor_name"),
        page.locator("[name=filled_in_by]").first,
        page.locator(".actions button").first,
    ):
        field.focus()
        style = field.evaluate(_BORDERS)
        assert style[0] != "none", (field, style)
        assert style[1] != "0px", (field, style)
        assert style[2] != "none", (field, style)
