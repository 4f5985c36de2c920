"""The built site in Chromium under the strict content policy: accessibility, search, and menus without a script."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from guidance_project import ROOT
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launch

pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
AXE = ROOT / "node_modules/axe-core/axe.min.js"
AXE_RUN = "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
PAGES = ("/", "/nb/", "/nb/klage/", "/nn/", "/nn/klage/", "/da/", "/da/klage/", "/da/kilder/", "/404.html")


def _path(url: str) -> str:
    return urlsplit(url).path


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def address(built_site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(built_site)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test when anything is blocked, breaks, or is asked of another host."""
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: wrong.extend({request.url} - {address + _path(request.url)}))
    yield opened
    assert context.cookies() == []
    assert opened.evaluate("localStorage.length + sessionStorage.length") == 0
    assert wrong == []
    context.close()


@pytest.mark.skipif(not AXE.is_file(), reason="npm ci has not been run")
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_breaks_an_accessibility_rule(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(path)
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(AXE_RUN)["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path


def test_no_page_scrolls_sideways_at_320_pixels(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize(
    ("path", "query", "title"),
    [
        ("/nb/", "klager", "Klage på svaret"),
        ("/nb/", "fullmakten", "Fullmakt og hjelp fra andre"),
        ("/nb/", "barnekoordinatorer", "Barnekoordinator"),
        ("/nn/", "fullmaktene", "Fullmakt"),
        ("/da/", "fuldmagter", "fuldmagt"),
    ],
)
def test_search_finds_other_forms_of_the_word(page: Page, path: str, query: str, title: str) -> None:
    page.goto(path)
    page.locator("#search-field").press_sequentially(query)
    hits = page.locator(".search__answer a")
    expect(hits.first).to_be_visible()
    assert any(title.lower() in text.lower() for text in hits.all_inner_texts())
    assert page.url.endswith(path)


def test_search_works_by_keyboard_and_says_when_there_is_nothing(page: Page) -> None:
    page.goto("/nb/klage/")
    field = page.locator("#search-field")
    field.press_sequentially("xyzzy")
    expect(page.locator(".search [role=status]")).to_have_text("Ingen treff. Prøv et annet ord.")
    field.fill("fullmakt")
    page.keyboard.press("Tab")
    expect(page.locator(".search__answer a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(page.locator(".search__answer")).to_be_hidden()
    field.fill("fullmakt")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nb/fullmakt/**")


def test_the_menus_of_a_phone_work_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/nb/klage/")
    for menu in ("main-menu", "all-pages"):
        first = page.locator(f"#{menu} a").first
        expect(first).to_be_hidden()
        page.locator(f"[popovertarget={menu}]").press("Enter")
        expect(first).to_be_visible()
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
        expect(page.locator(f"[popovertarget={menu}]")).to_be_focused()
    expect(page.locator(".search")).to_be_hidden()
    context.close()


def test_the_skip_link_is_first_and_leads_to_the_content(page: Page) -> None:
    page.goto("/nb/klage/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_paper_shows_the_article_and_no_menus(page: Page) -> None:
    page.goto("/nb/klage/")
    page.emulate_media(media="print")
    for name in (".tools", ".contents", ".masthead__menu", ".languages", ".footer nav"):
        expect(page.locator(name)).to_be_hidden()
    expect(page.locator("article h1")).to_be_visible()
    expect(page.locator(".masthead__home")).to_be_visible()


def test_letters_and_signs_change_no_page(page: Page) -> None:
    page.goto("/nb/klage/")
    for key in ("s", "f", "/", "n", "p", ",", "."):
        page.keyboard.press(key)
    assert page.url.endswith("/nb/klage/")
    expect(page.locator("#search-field")).not_to_be_focused()
