"""The overview shows staff every page in every language, and what needs a human first."""

import re
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import proper_html
import pytest
from guidance_project import ROOT, Project

from guidance.__main__ import main
from guidance.overview import write
from guidance.pages import read_pages

TODAY = date(2026, 11, 22)
NAMES = {"side": 0, "do": 1, "state": 2, "owner": 3, "review": 4, "freshness": 5, "lix": 6, "words": 7}


def parsed(file: Path) -> Element:
    """The page; raises at the first fault in its HTML."""
    return proper_html.parsed(file.read_text("utf-8"))


def rows(project: Project, today: date = TODAY) -> dict[str, list[str]]:
    """The cells of each page, by its file, in the order of the table."""
    file = write(project.folder / "build/overview", read_pages(project.docs), today)
    table = parsed(file).findall(".//table")[1]
    cells = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.findall("tbody/tr")]
    return {row[0].split()[0].split(".md")[0] + ".md": row for row in cells}


def test_a_page_that_is_in_order_needs_nothing(project: Project) -> None:
    found = rows(project)
    assert [row[NAMES["do"]] for row in found.values()] == ["ingenting"] * 5
    assert found["docs/nb/klage.md"] == [
        "docs/nb/klage.mdKlage", "ingenting", "publisert", "Koordinerende enhet", "22. november 2027", "bekreftet", "–",
        found["docs/nb/klage.md"][NAMES["words"]],
    ]  # fmt: skip
    assert int(found["docs/nb/klage.md"][NAMES["words"]]) > 10
    assert found["docs/da/index.md"][NAMES["freshness"]] == "egen tekst"


def test_what_needs_a_human_first_stands_first(project: Project) -> None:
    project.write("nb/uleselig.md", "---\ntitle: a: b\n---\n# A\n")
    project.write(
        "da/plan.md", (project.docs / "da/index.md").read_text("utf-8").replace("owner:", "status: draft\nowner:")
    )
    project.change("da/index.md", "2027-11-22", "2026-11-21")
    (project.docs / "nn/klage.md").unlink()
    project.change("nb/index.md", "Les om", "Her kan du lese om")
    found = rows(project)
    assert [(file, row[NAMES["do"]]) for file, row in found.items() if row[NAMES["do"]] != "ingenting"] == [
        ("docs/nb/uleselig.md", "rett opplysningene øverst"),
        ("docs/nn/klage.md", "skriv siden"),
        ("docs/nn/index.md", "sammenlign og bekreft"),
        ("docs/da/index.md", "gå gjennom nå"),
        ("docs/da/plan.md", "skriv ferdig"),
    ]
    assert found["docs/nn/klage.md"][NAMES["state"]] == "finnes ikke"
    assert found["docs/nb/klage.md"][NAMES["freshness"]] == "motparten finnes ikke"
    assert found["docs/nn/index.md"][NAMES["freshness"]] == "endret siden sist"
    assert found["docs/da/index.md"][NAMES["review"]] == "21. november 2026 (passert)"
    assert found["docs/da/plan.md"][NAMES["state"]] == "utkast"


def test_a_hard_text_and_one_that_waits_for_a_reader_are_told(project: Project) -> None:
    hard = "Kommunehelsetjenestelovgivningens fortolkningsalternativer forutsetter saksbehandlingskompetanse. " * 30
    project.change("da/index.md", "{{ contacts }}", hard)
    project.change("da/index.md", "owner:", "status: review\nowner:")
    row = rows(project)["docs/da/index.md"]
    assert row[NAMES["do"]] == "skriv enklere, les som andre leser"
    assert row[NAMES["state"]] == "til gjennomlesing"
    assert int(row[NAMES["lix"]]) > 60


def test_words_from_pages_are_shown_as_text(project: Project) -> None:
    project.change("da/index.md", "title: Hjælp", "title: <b>Hjælp</b> & {{ fact.nothing }} {{ fact.age_adult }}")
    text = (write(project.folder, read_pages(project.docs), TODAY)).read_text("utf-8")
    assert "&lt;b&gt;Hjælp&lt;/b&gt; &amp; {{ fact.nothing }}" in text


def test_each_file_is_linked_from_where_the_overview_is(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.folder)
    file = write(Path("build/overview"), read_pages(Path("docs")), TODAY)
    links = [link.get("href", "") for link in parsed(file).iter("a")]
    assert "../../docs/nb/klage.md" in links
    assert all((file.parent / link).is_file() for link in links)
    assert (file.parent / "overview.css").is_file()


def test_the_real_pages_are_all_there_and_the_site_knows_nothing_of_it(tmp_path: Path, built_site: Path) -> None:
    pages = read_pages(ROOT / "docs")
    table = parsed(write(tmp_path, pages, TODAY)).findall(".//table")[1]
    assert len(table.findall("tbody/tr")) >= len(pages)
    assert [head.get("scope") for head in table.findall("thead/tr/th")] == ["col"] * len(NAMES)
    assert not list(built_site.rglob("*overview*"))
    assert not any(re.search(r'href="[^"]*overview', file.read_text("utf-8")) for file in built_site.rglob("*.html"))


def test_the_gate_writes_it_too(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project.folder / "build/overview"
    main(["--docs", str(project.docs), "--only-written", "--overview", str(folder), "--today", "2026-11-22"])
    assert "sider" in capsys.readouterr().out
    assert "Laget 22. november 2026" in (folder / "index.html").read_text("utf-8")
