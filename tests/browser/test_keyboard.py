"""The forms by keyboard alone, and where the focus is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.journeys import Journey, journey
from tests.browser.conftest import FilledIn, OpenPage
from tests.browser.filling_in import answer, path_of, press, press_continue

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("keyboard")]

_MOST_TABS = 80
_DESCRIBED_BY = "one => (one.closest('fieldset[aria-describedby]') || one).getAttribute('aria-describedby')"


def _tab_to(page: Page, target: Locator) -> None:
    for unused_stop in range(_MOST_TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def _press_until(page: Page, key: str, target: Locator) -> None:
    for unused_try in range(12):
        if target.is_checked():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {target}")


def _answer_by_keyboard(page: Page, journey: Journey) -> None:
    for name, values in journey.answers.items():
        fields = page.locator(f"main [name='{name}']:not([type=hidden])")
        kind = fields.first.get_attribute("type") if fields.count() else None
        if kind == "radio":
            _tab_to(page, fields.first)
            page.keyboard.press("Space")
            _press_until(page, "ArrowDown", page.locator(f"main [name='{name}'][value='{values[0]}']"))
        elif kind == "checkbox":
            for value in values:
                _tab_to(page, page.locator(f"main [name='{name}'][value='{value}']"))
                page.keyboard.press("Space")
        elif fields.count():
            _tab_to(page, fields.first)
            page.keyboard.type(values[0])


def test_a_whole_form_is_sent_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    trip = journey(FormKey.POWER_OF_ATTORNEY, Language.NN)
    page.goto(trip.start)
    for unused_step in range(20):
        _answer_by_keyboard(page, trip)
        _tab_to(page, page.locator(".actions button").first)
        before = path_of(page)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert path_of(page) != before, page.locator("main").inner_text()
        if path_of(page) == trip.receipt:
            break
    expect(page.locator(".reference")).to_be_visible()


def test_every_stop_of_tab_is_visible_and_shows_that_it_has_the_focus(open_page: OpenPage) -> None:
    page = open_page(width=390)
    trip = journey(FormKey.COMPLAINT)
    for path in (trip.start, "/nb/", "/nb/klage/"):
        page.goto(path)
        stops = set()
        for unused_stop in range(_MOST_TABS):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => { const one = document.activeElement, box = one.getBoundingClientRect(),
                    style = getComputedStyle(one);
                    return {what: one.outerHTML.slice(0, 100), is_body: one === document.body,
                        is_seen: box.width > 0 && box.bottom > 0 && box.right > 0 && box.left < innerWidth,
                        is_marked: style.outlineStyle !== "none" || style.boxShadow !== "none"}; }"""
            )
            if stop["is_body"]:
                break
            assert stop["is_seen"], (path, stop)
            assert stop["is_marked"], (path, stop)
            stops.add(stop["what"])
        assert len(stops) > 5, path


@pytest.mark.parametrize("scripts", [True, False])
def test_the_focus_lands_on_the_error_summary_and_its_links_lead_to_the_fields(
    open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    trip = journey(FormKey.POWER_OF_ATTORNEY)
    page.goto(trip.start)
    press_continue(page)
    seen = 0
    for step in ("kommune", "fullmaktsgiver", "fullmektig", "omfang", "sak"):
        assert path_of(page) == trip.start + step
        press_continue(page)
        seen += _follow_every_link(page)
        answer(page, trip)
        press_continue(page)
    assert seen == 8
    answer(page, trip.answering(**{"valid_to-day": ["31"], "valid_to-month": ["2"]}))
    press_continue(page)
    assert _follow_every_link(page) == 1


def _follow_every_link(page: Page) -> int:
    summary = page.locator(".ds-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Feil:")
    for link in summary.locator("a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.focus()
        page.keyboard.press("Enter")
        field = page.locator(f"[id='{target}']")
        expect(field).to_be_focused()
        assert field.get_attribute("aria-invalid") == "true"
        assert "-error" in field.evaluate(_DESCRIBED_BY)
    return summary.locator("a").count()


def test_enter_in_a_text_field_continues_and_removes_nothing(open_page: OpenPage, filled_in: FilledIn) -> None:
    page = open_page()
    trip = journey(FormKey.APPLICATION)
    filled_in(page, trip)
    page.goto(f"{trip.start}hvem-hjelper")
    press(page, "button[value^=add-row]")
    names = page.locator("[name^=bodies-][name$=-body_name]")
    names.last.fill("Legen")
    names.last.press("Enter")
    page.wait_for_url("**/vedlegg")
    page.goto(f"{trip.start}hvem-hjelper")
    assert [one.input_value() for one in names.all()] == ["Skolen på Øya", "Legen"]
    press(page, "button[value^=remove-row]")
    assert [one.input_value() for one in names.all()] == ["Legen"]
    page.goto(f"{trip.start}kontakt")
    page.locator("[name=phone]").press("Enter")
    page.wait_for_url("**/samtykke")
