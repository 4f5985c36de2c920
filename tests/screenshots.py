"""Takes the pictures of the README: `python -m tests.screenshots FOLDER` starts a portal of its own and saves PNGs.

Four pages in three languages at the width of a desk and of a phone: front page, a step with errors, check your
answers, receipt. Their names are `<page>-<language>-<width>.png`. Besides them a case worker's inbox with sixty cases.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from forms_app.clock import utc_now
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.settings import from_environ
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.staff import members
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.chromium import launch
from tests.browser.filling_in import answer, press_continue, send, to_review
from tests.browser.staff_desk import logged_in_as
from tests.demo_cases import fill_inbox

WIDTHS = (1280, 390)
TALLEST = {1280: 1400, 390: 1600}
"""Pixels; what is below is cut off."""


def _front(page: Page, trip: Journey) -> None:
    page.goto(f"/{trip.language}/")


def _errors(page: Page, trip: Journey) -> None:
    page.goto(trip.start)
    press_continue(page)
    answer(page, trip)
    press_continue(page)
    press_continue(page)


PAGES: dict[str, Callable[[Page, Journey], object]] = {
    "front": _front,
    "errors": _errors,
    "review": to_review,
    "receipt": send,
}


def _take(browser: Browser, root: str, folder: Path, name: str, trip: Journey, width: int) -> None:
    context = browser.new_context(base_url=root, viewport={"width": width, "height": 900}, locale=trip.language)
    page = context.new_page()
    PAGES[name](page, trip)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement.blur()")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    clip = {"x": 0, "y": 0, "width": width, "height": tall}
    path = folder / f"{name}-{trip.language}-{width}.png"
    page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
    print(path)
    context.close()


def _take_inbox(browser: Browser, portal: RunningPortal, folder: Path) -> None:
    settings = from_environ(portal.environment)
    engine, staff = make_engine(settings.database_url), make_engine(settings.staff_database_url)
    with reading(staff) as connection:
        people = [one.id for one in members.present(connection) if "arendal" in one.roles]
    fill_inbox(settings, engine, now=utc_now(), staff=people[:2])
    for width in WIDTHS:
        state = logged_in_as(browser, portal.root, "ingrid", "/staff/inbox")
        size = {"width": width, "height": 900}
        context = browser.new_context(base_url=portal.root, viewport=size, storage_state=state)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/staff/inbox")
        page.evaluate("document.fonts.ready")
        path = folder / f"inbox-nb-{width}.png"
        page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": TALLEST[width]})
        print(path)
        context.close()
    engine.dispose()
    staff.dispose()


def main(folder: Path) -> None:
    """Save all pictures in a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own, sync_playwright() as playwright:
        portal = RunningPortal(Path(own)).start()
        try:
            browser = launch(playwright)
            for language in Language:
                for name in PAGES:
                    form = FormKey.POWER_OF_ATTORNEY if name == "errors" else FormKey.COMPLAINT
                    for width in WIDTHS:
                        _take(browser, portal.root, folder, name, journey(form, language), width)
            _take_inbox(browser, portal, folder)
            browser.close()
        finally:
            portal.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
