"""The built site in Chromium: accessible, no wider than the window, readable without scripts, walked by keyboard.

A part of the pages is looked at; all of them, in every way and at every width, by `make proof-axe`.
"""

import pytest
from page_by_page import TAB_WIDTHS, all_paths, rule_faults, script_faults, tab_faults, width_faults
from playwright.sync_api import Browser, Locator, Page, expect
from site_server import SiteServer

from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS, form_url
from tests.browser.watched import WIDTHS, accessibility_faults, sideways_scroll

pytestmark = pytest.mark.browser

# So that two processes share the work evenly.
HALVES = pytest.mark.parametrize("half", [0, 1])


@HALVES
def test_no_page_breaks_an_accessibility_rule_or_scrolls_sideways(
    page: Page, site_server: SiteServer, half: int
) -> None:
    """Each at one width, in turn."""
    faults = []
    for place, path in list(enumerate(_sample(site_server, 4)))[half::2]:
        faults += rule_faults(page, path, WIDTHS[place % len(WIDTHS)]) + width_faults(page)
    assert faults == []


@pytest.mark.parametrize("language", Language)
def test_open_menus_and_search_break_no_rule_either(page: Page, language: Language) -> None:
    front, other = f"/{language}/", f"/{language}/klage/"
    for path, width in ((front, 1280), (front, 390), (other, 1000), (other, 320)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        page.locator("#search-field").fill("klage")
        expect(page.locator(".search [role=status]")).not_to_be_empty()
        assert accessibility_faults(page) + sideways_scroll(page) == [], (path, width)
        page.keyboard.press("Escape")
        for opener in page.locator("[popovertarget]:not(.pages__close):visible").all():
            opener.click()
            assert accessibility_faults(page) + sideways_scroll(page) == [], (path, width)
            page.keyboard.press("Escape")


@HALVES
def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(
    page: Page, site_server: SiteServer, half: int
) -> None:
    faults = []
    for path in _sample(site_server, 6)[half::2]:
        faults += tab_faults(page, path, TAB_WIDTHS[half])
    assert faults == []


def test_pages_say_the_same_without_scripts(browser: Browser, page: Page, site_server: SiteServer) -> None:
    plain = browser.new_context(java_script_enabled=False)
    without = plain.new_page()
    assert [fault for path in _sample(site_server, 6) for fault in script_faults(page, without, path)] == []
    plain.close()


def _sample(server: SiteServer, step: int) -> list[str]:
    """The front pages, and each of the others that comes this many after another."""
    fronts = ["/", "/404.html", *(f"/{language}/" for language in Language)]
    return list(dict.fromkeys([*fronts, *all_paths(server)[2::step]]))


def _is_expanded(button: Locator) -> bool:
    """What a screen reader is told; the browser knows it from the popover."""
    session = button.page.context.new_cdp_session(button.page)
    selector = f"[popovertarget={button.get_attribute('popovertarget')}]"
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    tree = session.send("Accessibility.getPartialAXTree", {"nodeId": node, "fetchRelatives": False})
    (state,) = (one["value"]["value"] for one in tree["nodes"][0]["properties"] if one["name"] == "expanded")
    return bool(state)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("path", ["/nb/", "/nn/klage/", "/da/klage/"])
def test_the_menus_of_a_phone_open_and_close_by_keyboard(
    browser: Browser, site_server: SiteServer, path: str, scripts: bool
) -> None:
    context = browser.new_context(
        base_url=site_server.address, java_script_enabled=scripts, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(path)
    for menu in ("main-menu", "all-pages"):
        button, first = page.locator(f"[popovertarget={menu}]").first, page.locator(f"#{menu} a").first
        expect(first).to_be_hidden()
        assert not _is_expanded(button)
        button.press("Enter")
        expect(first).to_be_visible()
        assert _is_expanded(button)
        page.keyboard.press("Tab")
        expect(page.locator(f"#{menu} :focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
        expect(button).to_be_focused()
    page.locator("[popovertarget=all-pages]").first.press("Enter")
    page.locator(".pages__close").press("Enter")
    expect(page.locator("#all-pages")).to_be_hidden()
    assert page.locator(".search").is_visible() is scripts
    context.close()


@pytest.mark.parametrize("language", Language)
def test_on_a_phone_the_front_page_shows_every_door_and_the_self_check_within_one_and_a_half_screens(
    page: Page, language: Language
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/{language}/")
    doors = [page.locator(f"main a[href='{form_url(language, key)}']").first for key in FORM_SLUGS]
    lowest = max(box["y"] + box["height"] for one in doors if (box := one.bounding_box()))
    assert lowest <= 844 * 1.5


def test_the_skip_link_is_first_and_leads_to_the_content(page: Page) -> None:
    page.goto("/nb/klage/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_letters_and_signs_change_no_page(page: Page) -> None:
    page.goto("/nb/klage/")
    for key in ("s", "f", "/", "n", "p", ",", "."):
        page.keyboard.press(key)
    assert page.url.endswith("/nb/klage/")
    expect(page.locator("#search-field")).not_to_be_focused()


def test_with_forced_colours_the_doors_and_the_current_page_keep_their_borders(
    browser: Browser, site_server: SiteServer
) -> None:
    context = browser.new_context(base_url=site_server.address, forced_colors="active")
    page = context.new_page()
    page.goto("/nb/")
    for name in (".door", ".pages [aria-current]", ".search input"):
        width = page.locator(name).first.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)")
        assert width >= 1, name
    context.close()
