"""What must hold on each page of the built site, one page and one width at a time.

The tests look at a sample of all pages, checks and widths; `make proof-axe` at all of them.
"""

from playwright.sync_api import Page
from site_server import SiteServer

from forms_app.language import Language
from tests.browser.watched import WIDTHS, accessibility_faults, sideways_scroll

TAB_WIDTHS = (1280, 390)
HEIGHT = 900

# Everything the Tab key should reach, in the order of the page. What is closed or hidden is not reached.
_LISTEN = """() => {
    const shown = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest("[inert]"));
    window.reached = [];
    document.activeElement.blur();
    document.addEventListener("focusin", ({target}) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(target);
        const box = target.getBoundingClientRect();
        const isInWindow = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        const isRinged = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        window.reached.push([shown.indexOf(target), isInWindow && isRinged ? "" : target.outerHTML.slice(0, 120)]);
    });
    return shown.length;
}"""


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
    number = page.evaluate(_LISTEN)
    for unused_press in range(number + 1):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    reached = page.evaluate("window.reached")
    faults = [] if [at for at, _ in reached[:number]] == list(range(number)) else ["not everything, or not in order"]
    faults += [f"unseen: {unseen}" for _, unseen in reached if unseen]
    if len(reached) > number and reached[number][0] != 0:
        faults.append("ends in a trap")
    return [f"{path} {width} px: {one}" for one in faults]


def script_faults(page: Page, without: Page, path: str) -> list[str]:
    """Where a browser without scripts shows other words."""
    page.goto(path)
    without.goto(page.url)
    text = "document.querySelector('main').innerText"
    is_same = without.locator("h1").is_visible() and without.locator("main").inner_text() == page.evaluate(text)
    return [] if is_same else [f"{path}: other words without scripts"]
