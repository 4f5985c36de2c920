"""What must hold on each page of the built site, one page and one width at a time.

The tests look at a sample of all pages, checks and widths; `make proof-axe` at all of them.
"""

from playwright.sync_api import Page
from site_server import SiteServer

from forms_app.language import Language
from tests.browser import by_keyboard
from tests.browser.watched import WIDTHS, accessibility_faults, sideways_scroll

TAB_WIDTHS = (1280, 390)
HEIGHT = 900


def all_paths(server: SiteServer) -> list[str]:
    """Every page, language by language, and the two that belong to none."""
    return ["/", "/404.html", *(path for language in Language for path in server.paths(language))]


def rule_faults(page: Page, path: str, width: int) -> list[str]:
    """The rules of accessibility that are broken at this width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(path)
    return [f"{path} {width} px: {one}" for one in accessibility_faults(page)]


def width_faults(page: Page) -> list[str]:
    """What makes the page that is open scroll sideways, at any width."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += sideways_scroll(page)
    return faults


def tab_faults(page: Page, path: str, width: int) -> list[str]:
    """Where the Tab key skips something, shows no ring, leaves the window or never comes out."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(path)
    return [f"{path} {width} px: {one}" for one in by_keyboard.tab_faults(page)]


def script_faults(page: Page, without: Page, path: str) -> list[str]:
    """Where a browser without scripts shows other words."""
    page.goto(path)
    without.goto(page.url)
    text = "document.querySelector('main').innerText"
    is_same = without.locator("h1").is_visible() and without.locator("main").inner_text() == page.evaluate(text)
    return [] if is_same else [f"{path}: other words without scripts"]
