"""What stands around the text of each page: the list of pages, where to report an error, and the foot on paper."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from guidance_project import ROOT, Project

from forms_app.language import Language
from forms_app.municipality import load_deployment
from guidance.frame import Entry, paper_foot, report_url
from guidance.pages import Audience, Page, read_pages

PAGES = read_pages(ROOT / "docs")
EVERY_PAGE = pytest.mark.parametrize(
    "page", [one for one in PAGES.values() if one.is_published], ids=lambda one: one.where
)


def built(site: Path, page: Page) -> str:
    return (site / page.url.strip("/") / "index.html").read_text("utf-8")


@EVERY_PAGE
def test_the_list_of_pages_is_open_where_the_reader_is(built_site: Path, page: Page) -> None:
    text = built(built_site, page)
    groups = re.findall(r"<details( open)?>\s*<summary>[^<]+</summary>(.*?)</details>", text, re.DOTALL)
    is_here = f'<a href="{page.url}" aria-current="page"'
    assert [bool(opened) for opened, _ in groups] == [is_here in pages for _, pages in groups]
    assert text.count(is_here) == (page.audience is Audience.CITIZENS)


@EVERY_PAGE
def test_every_page_ends_with_a_link_to_report_an_error_in_it(built_site: Path, page: Page) -> None:
    links = re.findall(r'class="below__report"><a href="([^"]*)">', built(built_site, page))
    assert links == ([] if page.path == "feil.md" else [PAGES[page.language, "feil.md"].url])


def test_a_site_without_a_page_about_errors_links_to_none() -> None:
    front = PAGES[Language.NB, "index.md"]
    assert report_url(front, {(Language.NB, "index.md"): front}) is None


def test_a_group_is_open_when_one_of_its_pages_is_the_current_one() -> None:
    here, there = Entry(title="Klage", url="/nb/klage/", is_current=True), Entry(title="Plan", url="/nb/plan/")
    assert Entry(title="Svar", children=(there, here)).is_open
    assert not Entry(title="Svar", children=(there,)).is_open


def test_the_foot_on_paper_tells_address_municipalities_and_day() -> None:
    deployment = load_deployment(ROOT / "portal.toml")
    page, day = PAGES[Language.DA, "klage.md"], date(2026, 11, 22)
    foot = paper_foot(page, deployment, site_url="https://portal.example/", built_on=day)
    assert foot.address == "https://portal.example/da/klage/"
    assert foot.municipalities == ("Rudersdal",)
    assert foot.edition == "22. november 2026"
    assert paper_foot(page, deployment, site_url=None, built_on=day).address == "/da/klage/"


def test_the_day_on_paper_is_the_one_the_build_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")
    assert project.build().returncode == 0
    text = (project.site / "nn/klage/index.html").read_text("utf-8")
    assert re.search(r"Utgåve: 1\. januar 2027", text)


def test_a_page_in_another_language_is_marked_so_in_the_list_and_in_its_text(built_site: Path) -> None:
    english = PAGES[Language.NB, "english.md"]
    assert f'<a href="{english.url}" lang="en">' in built(built_site, PAGES[Language.NB, "klage.md"])
    text = built(built_site, english)
    assert '<html lang="nb">' in text
    assert '<article class="md-typeset" lang="en">' in text
    entries = json.loads((built_site / "nb/search.json").read_text("utf-8"))
    assert [one["url"] for one in entries if one.get("lang") == "en"] == [english.url]
