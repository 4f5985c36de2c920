"""Fills in forms in a browser as a person with a mouse does."""

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.acceptance.journeys import Journey

Look = Callable[[Page], None]


def _nothing(unused_page: Page) -> None:
    pass


def path_of(page: Page) -> str:
    """The path in the address bar."""
    return urlsplit(page.url).path


def answer(page: Page, journey: Journey) -> None:
    """Answer each question of the page that the journey has an answer to."""
    for name, values in journey.answers.items():
        fields = page.locator(f"main [name='{name}']:not([type=hidden])")
        if not fields.count():
            continue
        if fields.first.get_attribute("type") in ("radio", "checkbox"):
            for value in values:
                page.locator(f"main [name='{name}'][value='{value}']").check()
        elif fields.first.evaluate("one => one.localName") == "select":
            fields.select_option(values[0])
        else:
            fields.fill(values[0])


def press(page: Page, selector: str) -> None:
    """Press a button or a link and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def store(page: Page, files: Path | Sequence[Path]) -> None:
    """Choose files; without scripts, press the button that stores them."""
    page.locator("input[type=file]").set_input_files(files)
    if page.locator("button[value=upload]").is_visible():
        press(page, "button[value=upload]")
    expect(page.locator("form progress:visible")).to_have_count(0)


def press_continue(page: Page) -> None:
    """The button at the bottom of the page."""
    press(page, ".actions button")


def to_review(page: Page, journey: Journey, *, files: Sequence[Path] = (), look: Look = _nothing) -> None:
    """From the first page to the one where the answers are looked over; `look` is called on each page on the way."""
    page.goto(journey.start)
    look(page)
    press_continue(page)
    for unused_step in range(20):
        look(page)
        if path_of(page) == journey.review:
            return
        answer(page, journey)
        if files and page.locator("input[type=file]").count():
            store(page, files)
            expect(page.locator(".file-name")).to_have_text([file.name for file in files])
        before = path_of(page)
        press_continue(page)
        assert path_of(page) != before, page.locator("main").inner_text()
    raise AssertionError(f"no end in sight: {page.url}")


def send(page: Page, journey: Journey, *, files: Sequence[Path] = (), look: Look = _nothing) -> str:
    """The whole form; the reference on the receipt."""
    to_review(page, journey, files=files, look=look)
    press_continue(page)
    assert path_of(page) == journey.receipt, page.locator("main").inner_text()
    look(page)
    return page.locator(".reference").inner_text()
