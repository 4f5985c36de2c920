"""People find the page they need by the words they use, and by keyboard."""

import json
import tomllib
from pathlib import Path

import pytest
from guidance_project import ROOT, Project, page_text
from playwright.sync_api import Page, expect

from forms_app.language import Language
from guidance.labels import labels
from guidance.pages import read_pages
from guidance.search import index

QUERIES = tomllib.loads((Path(__file__).parent / "search_queries.toml").read_text("utf-8"))
OFTEN = {Language.NB: "hjelp kommunen", Language.NN: "hjelp kommunen", Language.DA: "hjælp"}
EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)

_FIRST_HITS = """() => [...document.querySelectorAll(".search__answer a")]
    .slice(0, 3).map(one => one.pathname)"""

# Asks the search's own words about pages that have only these titles.
_FIND = """async ([titles, query]) => {
    const {prepare, find} = await import("/js/finding.js");
    const empty = [{anchor: "", title: "", text: ""}];
    const pages = titles.map(title => ({url: title, title, keywords: [], sections: empty}));
    return find(prepare(pages), query).map(one => one.page.title);
}"""


def hits(page: Page) -> list[str]:
    """The paths of the first three hits on the screen."""
    found: list[str] = page.evaluate(_FIRST_HITS)
    return found


def start(page: Page, path: str) -> None:
    """Open a page, and wait until its search has read the index."""
    page.goto(path)
    page.locator("#search-field").fill("klage")
    expect(page.locator(".search__answer a").first).to_be_visible()


@pytest.mark.browser
@EVERY_LANGUAGE
def test_the_page_that_answers_is_among_the_first_three(page: Page, language: Language) -> None:
    assert len(QUERIES[language]) >= 27
    pages = read_pages(ROOT / "docs")
    start(page, f"/{language}/")
    missed = {}
    for query, path in QUERIES[language].items():
        page.locator("#search-field").fill(query)
        if pages[language, path].url not in (found := hits(page)):
            missed[query] = (path, found)
    assert missed == {}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("klager", "Klage"),
        ("klagene", "Klage"),
        ("vedtaket", "Vedtak"),
        ("vekene", "Veke"),
        ("afgørelserne", "Afgørelse"),
        ("koordinatorens", "Koordinator"),
        ("paarorende", "Pårørende"),
        ("parorende", "Pårørende"),
        ("paaroerende", "Pårørende"),
        ("vaerge", "Værge"),
        ("VÆRGE", "værge"),
        ("fulmakt", "Fullmakt"),
        ("fulmagt", "Fuldmagt"),
        ("kordinator", "Koordinator"),
        ("sjukehuest", "Sjukehus"),
        ("behandlingstid", "Saksbehandlingstid"),
        ("koordinator", "Barnekoordinator"),
        ("klagefristen", "Frist"),
        ("kla", "Klage"),
        ("hva betyr frist", "Frist"),
    ],
)
def test_a_word_is_found_in_other_forms_spellings_and_compounds(page: Page, typed: str, written: str) -> None:
    page.goto("/nb/")
    assert page.evaluate(_FIND, [[written, "Noe annet"], typed]) == [written]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "written"),
    [("ventetid", "Saksbehandlingstid"), ("møte", "Mot"), ("16", "2016"), ("nav", "Avtale"), ("NAV", "Stavanger")],
)
def test_words_that_only_look_alike_are_not_taken_for_each_other(page: Page, typed: str, written: str) -> None:
    page.goto("/nb/")
    assert page.evaluate(_FIND, [[written, "Noe annet"], typed]) == []


@pytest.mark.browser
def test_the_law_that_applies_here_comes_before_the_law_of_the_other_country(page: Page) -> None:
    start(page, "/nb/")
    page.locator("#search-field").fill("klage")
    assert hits(page)[0] == "/nb/klage/"
    page.locator("#search-field").fill("klage i Danmark")
    assert hits(page)[0] == "/nb/danmark/klage/"


@pytest.mark.browser
@EVERY_LANGUAGE
def test_the_number_of_hits_is_announced(page: Page, language: Language) -> None:
    words = labels(language)
    start(page, f"/{language}/")
    status, field = page.locator(".search [role=status]"), page.locator("#search-field")
    field.fill(OFTEN[language])
    expect(status).to_have_text(words["search_best"].replace("#", "8"))
    field.fill("cookies")
    shown = page.locator(".search__answer a").count()
    expect(status).to_have_text(words["search_one"] if shown == 1 else words["search_many"].replace("#", str(shown)))
    field.fill("xyzzyqwrtp")
    expect(status).to_have_text(words["search_none"])
    field.fill("")
    expect(status).to_have_text("")


@pytest.mark.browser
def test_search_is_worked_by_keyboard(page: Page) -> None:
    start(page, "/nb/klage/")
    field, answer = page.locator("#search-field"), page.locator(".search__answer")
    first, second = answer.locator("a").nth(0), answer.locator("a").nth(1)
    field.fill("fullmakt")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(answer).to_be_hidden()
    field.fill("fullmakten")
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nb/fullmakt/**")


@pytest.mark.browser
def test_leaving_the_search_closes_it(page: Page) -> None:
    start(page, "/nb/klage/")
    page.locator("h1").click()
    expect(page.locator(".search__answer")).to_be_hidden()
    page.locator("#search-field").focus()
    expect(page.locator(".search__answer")).to_be_visible()
    for unused_hit in range(page.locator(".search__answer a").count() + 1):
        page.keyboard.press("Tab")
    expect(page.locator(".search__answer")).to_be_hidden()


@pytest.mark.browser
def test_what_is_typed_never_leaves_the_browser(page: Page) -> None:
    asked: list[str] = []
    start(page, "/nb/")
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#search-field").press_sequentially("fullmakten")
    expect(page.locator(".search__answer a").first).to_be_visible()
    assert asked == []
    page.locator(".search__answer a").first.click()
    assert all("?" not in url for url in asked)


@pytest.mark.browser
def test_a_search_that_cannot_be_loaded_says_so_and_tries_again(page: Page) -> None:
    page.route("**/search.json", lambda route: route.fulfill(status=200, body="not JSON"))
    page.goto("/nb/")
    page.locator("#search-field").fill("klage")
    expect(page.locator(".search [role=status]")).to_have_text(labels(Language.NB)["search_failed"])
    page.unroute("**/search.json")
    page.locator("#search-field").fill("klager")
    expect(page.locator(".search__answer a").first).to_be_visible()


@EVERY_LANGUAGE
def test_every_page_for_citizens_is_in_the_index_of_its_language_and_no_other(
    built_site: Path, language: Language
) -> None:
    entries = json.loads((built_site / language / "search.json").read_text("utf-8"))
    pages = [one for one in read_pages(ROOT / "docs").values() if one.language is language and one.is_published]
    assert {one["url"] for one in entries} == {one.url for one in pages if one.audience == "citizens"}
    assert all(section["text"] and "<" not in section["text"] for one in entries for section in one["sections"])
    assert not (built_site / "search").exists()


def test_drafts_and_pages_for_editors_are_in_no_index(project: Project) -> None:
    for name, line in {"utkast": "status: draft", "redaktor": "audience: editors"}.items():
        project.write(f"nb/{name}.md", page_text(name, "Ordet.").replace("owner:", f"{line}\nowner:"))
    done = project.build()
    assert done.returncode == 0, done.stderr
    entries = json.loads((project.site / "nb/search.json").read_text("utf-8"))
    assert {one["url"] for one in entries} == {"/nb/", "/nb/klage/"}


def test_key_words_are_in_the_index_and_pages_about_another_country_are_marked(project: Project) -> None:
    project.change("nb/klage.md", "owner:", "keywords: [anke, si imot]\nowner:")
    project.write("nb/danmark/klage.md", page_text("Klage i Danmark", "Slik.", country="danmark"))
    pages = read_pages(project.docs)
    found = index(
        [
            {"location": "nb/klage/", "title": "Klage", "text": "<p>Du kan klage.</p>"},
            {"location": "nb/klage/#frist", "title": "Frist", "text": "<p>Fire&nbsp;uker.</p>"},
            {"location": "nb/danmark/klage/", "title": "Klage i Danmark", "text": "<p>Slik.</p>"},
            {"location": "nn/klage/", "title": "Klage", "text": "<p>Du kan klage.</p>"},
        ],
        Language.NB,
        pages,
    )
    assert found == [
        {
            "url": "/nb/klage/",
            "title": "Klage",
            "keywords": ["anke", "si imot"],
            "sections": [
                {"anchor": "", "title": "", "text": "Du kan klage."},
                {"anchor": "frist", "title": "Frist", "text": "Fire uker."},
            ],
        },
        {
            "url": "/nb/danmark/klage/",
            "title": "Klage i Danmark",
            "keywords": [],
            "sections": [{"anchor": "", "title": "", "text": "Slik."}],
            "elsewhere": True,
        },
    ]
