"""A printed page is clean: the text alone, everything open, and below it where and when it was read."""

import re
from collections.abc import Iterator

import pytest
from guidance_project import ROOT
from playwright.sync_api import Browser, Page, expect
from site_server import SiteServer

from forms_app.language import Language
from guidance.pages import Page as GuidancePage
from guidance.pages import read_pages

pytestmark = pytest.mark.browser

EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)
MOST_SHEETS = 6
_ADD_A_BOX = """one => one.insertAdjacentHTML(
    "beforeend", "<details class='note'><summary>Mer</summary><p id='inside'>Ord</p></details>"
)"""
_SHEET = re.compile(rb"/Type\s*/Page\b")


def _by_length(language: Language) -> list[GuidancePage]:
    pages = read_pages(ROOT / "docs").values()
    return sorted(
        (one for one in pages if one.language is language and one.is_published), key=lambda one: len(one.body)
    )


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def paper(request: pytest.FixtureRequest, browser: Browser, site_server: SiteServer) -> Iterator[Page]:
    """A page as the printer gets it."""
    context = browser.new_context(base_url=site_server.address, java_script_enabled=request.param)
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def _print(page: Page, sheets: str = "") -> bytes:
    return page.pdf(format="A4", page_ranges=sheets)


@EVERY_LANGUAGE
def test_no_sheet_is_blank(paper: Page, language: Language) -> None:
    lengths = []
    pages = _by_length(language)
    for page in (pages[0], pages[len(pages) // 2], pages[-1]):
        paper.goto(page.url)
        lengths.append(len(_SHEET.findall(_print(paper))))
        last = _print(paper, str(lengths[-1]))
        # A sheet without a word on it needs no font.
        assert len(_SHEET.findall(last)) == 1
        assert b"/Type /Font" in last, page.where
    assert max(lengths) <= MOST_SHEETS


@EVERY_LANGUAGE
def test_the_foot_tells_address_municipalities_and_day(paper: Page, language: Language) -> None:
    paper.goto(_by_length(language)[0].url)
    foot = paper.locator(".below__paper")
    expect(foot).to_be_visible()
    assert paper.locator(".below__address").inner_text().endswith(_by_length(language)[0].url)
    served = "Rudersdal" if language is Language.DA else "Arendal, Kristiansand, Bjørnafjorden"
    assert served in foot.inner_text()
    assert re.search(r": \d{1,2}\. [a-z]+ 20\d\d$", foot.inner_text())
    paper.emulate_media(media="screen")
    expect(foot).to_be_hidden()


def test_what_can_only_be_used_on_a_screen_is_left_out(paper: Page) -> None:
    paper.goto("/nb/klage/")
    for name in (".tools", ".contents", ".masthead__menu", ".languages", ".footer", ".skip-link", ".below__report"):
        expect(paper.locator(name)).to_be_hidden()
    for name in (".masthead__home", ".demo-band", "article h1", ".below"):
        expect(paper.locator(name)).to_be_visible()


def test_a_closed_box_is_open_on_paper_and_closed_again_on_the_screen(paper: Page) -> None:
    paper.goto("/nb/klage/")
    paper.locator("article").evaluate(_ADD_A_BOX)
    assert paper.locator("#inside").evaluate("one => one.getBoundingClientRect().height") > 0
    _print(paper)
    assert not paper.locator("article details").last.evaluate("one => one.open")
    paper.emulate_media(media="screen")
    expect(paper.locator("#inside")).to_be_hidden()


def test_an_address_is_printed_after_the_link_to_it_and_only_where_the_link_does_not_show_it(paper: Page) -> None:
    paper.goto("/nb/kilder/")
    law = paper.locator("article a[href^='https://lovdata.no/']").first
    assert law.evaluate("one => getComputedStyle(one, '::after').content") != "none"
    paper.goto("/nb/")
    form = paper.locator("article a[href^='/nb/skjema/']").first
    assert form.evaluate("one => getComputedStyle(one, '::after').content") in ("none", '""')
