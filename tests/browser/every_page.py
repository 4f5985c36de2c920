"""A whole form with all that must hold on each of its pages: empty, with errors, looked over, received."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from tests.acceptance.journeys import Journey
from tests.browser.filling_in import press_continue, send
from tests.browser.watched import check, sideways_scroll

_WHAT_MUST_BE_ANSWERED = "form .ds-tag[data-color=warning], form [name=phone]"
_CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(one => {
    const {overflowX, clip, position} = getComputedStyle(one);
    const isHidden = position === "absolute" && (one.clientWidth <= 1 || clip !== "auto");
    return overflowX !== "visible" && !isHidden && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1
        && !["INPUT", "TEXTAREA", "SELECT"].includes(one.tagName);
}).map(one => `cut off: ${one.outerHTML.slice(0, 120)}`)"""
_OUT_OF_REACH = """one => { one.focus(); const {x, y, width, height} = one.getBoundingClientRect();
    const above = document.elementFromPoint(x + width / 2, y + height / 2);
    const {outlineStyle, boxShadow} = getComputedStyle(one);
    return [...(one.contains(above) ? [] : ["what goes on cannot be reached"]),
        ...(outlineStyle === "none" && boxShadow === "none" ? ["what goes on shows no focus"] : [])]; }"""


def send_and_check(page: Page, trip: Journey, letters: Sequence[Path]) -> tuple[str, list[str]]:
    """Send it, with every page left empty first; the reference, and what is wrong with any page on the way."""
    faults: list[str] = []

    def look(page: Page) -> None:
        faults.extend(in_this_window(page))
        if page.locator(_WHAT_MUST_BE_ANSWERED).count():
            press_continue(page)
            assert page.locator(".ds-error-summary").is_visible()
            faults.extend(in_this_window(page))

    reference = send(page, trip, files=letters, look=look)
    for path in (trip.start + "kode", trip.start):
        page.goto(path)
        faults.extend(in_this_window(page))
    assert reference in page.locator("main").inner_text()
    return reference, faults


def in_this_window(page: Page) -> list[str]:
    """What is wrong with the page, in the window as it is and in those of other widths."""
    found = [f"{page.url}: {one}" for one in sideways_scroll(page) + page.evaluate(_CUT_OFF)]
    button = page.locator(".actions button:visible, .actions a:visible").first
    if button.count():
        found += [f"{page.url}: {one}" for one in button.evaluate(_OUT_OF_REACH)]
    return found + check(page)
