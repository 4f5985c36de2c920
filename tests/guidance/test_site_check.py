"""The check of built pages leads an editor to the Markdown, and a programmer to the page; seeds.py has its faults."""

from pathlib import Path

import pytest
from guidance_project import page_text
from seeded_tree import BUILT

from forms_app.language import Language
from guidance.checks import check_site
from guidance.findings import Rule
from guidance.pages import Page, parse_page


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "nb").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "js/a.js").touch()
    (tmp_path / "a.png").touch()
    (tmp_path / "nb/index.html").write_text(BUILT, "utf-8")
    return tmp_path


def source(text: str) -> dict[tuple[Language, str], Page]:
    return {(Language.NB, "index.md"): parse_page(Language.NB, "index.md", page_text("Hjelp", text))}


def test_a_good_page_is_left_in_peace(site: Path) -> None:
    assert check_site(site) == []


@pytest.mark.parametrize(
    ("written", "html", "rule"),
    [
        ('<a href="borte/">Les</a>', '<a href="borte/">Les</a>', Rule.SITE_LINK),
        ("[Les](#borte)", '<a href="#borte">Les</a>', Rule.SITE_ANCHOR),
        ("![](a.png)", '<img src="../a.png" alt="">', Rule.SITE_PICTURE),
        ('<p style="color:red">Rødt</p>', '<p style="color:red">Rødt</p>', Rule.SITE_CODE),
        ("<h1>Mer</h1>", "<h1>Mer</h1>", Rule.SITE_HEADING),
        ("## Mer { #top }", '<h2 id="top">Mer</h2>', Rule.SITE_ID),
    ],
)
def test_what_an_editor_wrote_is_found_in_the_markdown(site: Path, written: str, html: str, rule: Rule) -> None:
    (site / "nb/index.html").write_text(BUILT.replace("<svg>", f"{html}<svg>"), "utf-8")
    (found,) = check_site(site, source(f"Først.\n\n{written}"))
    assert (found.rule, found.where, found.line) == (rule, "docs/nb/index.md", 12)


def test_what_a_template_made_is_found_in_the_built_page(site: Path) -> None:
    (site / "nb/index.html").write_text(BUILT.replace("#top", "#topp"), "utf-8")
    (found,) = check_site(site, source("Tekst."))
    assert (found.where, found.line) == (f"{site.as_posix()}/nb/index.html", 4)


def test_a_page_with_a_name_of_its_own_is_named(site: Path) -> None:
    (site / "404.html").write_text(BUILT.replace("<title>Hjelp</title>", ""), "utf-8")
    (found,) = check_site(site)
    assert (found.where, found.message) == (f"{site.as_posix()}/404.html", "siden mangler tittel: <title>")
