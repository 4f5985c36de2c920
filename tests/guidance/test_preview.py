"""The preview never stops at a fault: it shows each one where the editor looks, and takes in what is saved."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from socket import socket

import pytest
from guidance_project import ROOT, Project, mkdocs

from forms_app.language import Language
from guidance import preview as shown_by
from guidance.findings import Finding, Rule
from guidance.pages import parse_page, read_pages
from guidance.references import unresolved

SECONDS = 30
BROKEN_MATTER = "---\ntitle: Klage: slik\n---\n# Klage\n"


@dataclass(frozen=True)
class Preview:
    """A running preview of a project."""

    project: Project
    address: str
    process: subprocess.Popen[str]

    def page(self, path: str) -> str:
        """What a browser gets. While a page is written anew it is waited for."""
        with urllib.request.urlopen(self.address + path, timeout=SECONDS) as answer:
            text: str = answer.read().decode("utf-8")
        return unescape(text).replace("\N{NO-BREAK SPACE}", " ")

    def wait_for(self, path: str, words: str) -> str:
        """The page as soon as it says these words."""
        end = time.monotonic() + SECONDS
        text = ""
        while time.monotonic() < end:
            try:
                text = self.page(path)
            except urllib.error.HTTPError as error:
                text = str(error)
            if words in text:
                return text
            assert self.process.poll() is None, "the preview died"
            time.sleep(0.1)
        raise AssertionError(f"{words!r} is not on {path}: {text[:2000]}")


def notices(text: str) -> list[str]:
    """The messages on a page, as plain text."""
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li><strong>(?:Feil|Mangel|Merk).*?</li>", text)]


@contextmanager
def running(project: Project, tmp_path: Path) -> Iterator[Preview]:
    """`portal preview` runs this command; here it is told where the small project is, and there are no built assets."""
    settings = project.folder / "mkdocs.yml"
    text = re.sub(r"assets: .*", f"assets: {tmp_path / 'nothing'}", settings.read_text("utf-8"))
    deployment = project.folder / "portal.toml"
    deployment.write_text((ROOT / "portal.toml").read_text("utf-8"), "utf-8")
    text = re.sub(r"deployment: .*", f"deployment: {deployment}", text).replace("watch: []", "watch: [portal.toml]")
    settings.write_text(text, "utf-8")
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-strict", "--dev-addr", place, "-f", str(settings)]
    with (project.folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, text=True, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        )
        try:
            _wait_until_served(process, place, project.folder / "log")
            yield Preview(project, f"http://{place}", process)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _wait_until_served(process: subprocess.Popen[str], place: str, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"http://{place}/", timeout=SECONDS):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def test_correct_pages_carry_no_message(project: Project, tmp_path: Path) -> None:
    with running(project, tmp_path) as preview:
        for path in ("/nb/", "/nn/", "/da/", "/nb/klage/"):
            text = preview.page(path)
            assert "notices" not in text
            assert "preview.css" not in text


def test_what_is_saved_is_shown_with_its_messages_until_they_are_mended(project: Project, tmp_path: Path) -> None:
    with running(project, tmp_path) as preview:
        project.change("nb/klage.md", "Fristen er", "Ny tekst. Fristen er")
        preview.wait_for("/nb/klage/", "Ny tekst. Fristen er 4 uker")
        project.change("nb/klage.md", "fact.appeal_health", "fact.nothing")
        project.change("nb/klage.md", "form:complaint", "form:nothing")
        text = preview.wait_for("/nb/klage/", "ukjent skjema")
        assert [one.partition(";")[0] for one in notices(text) if one.startswith("Feil")] == [
            "Feil, linje 11: ukjent opplysning «nothing» i forms_app/countries/norway.toml",
            "Feil, linje 14: ukjent skjema «form:nothing»",
        ]
        assert '<section class="notices" lang="nb" aria-labelledby="notices-heading">' in text
        assert 'href="/css/preview.css"' in text
        assert 'Fristen er <mark class="unknown">ukjent: fact.nothing</mark>. I Danmark' in text
        assert 'Klag her <mark class="unknown">ukjent: form:nothing</mark></a>' in text
        project.change("nb/klage.md", "fact.nothing", "fact.appeal_health")
        project.change("nb/klage.md", "form:nothing", "form:complaint")
        preview.wait_for("/nb/klage/", "Ny tekst. Fristen er 4 uker")
        assert 'class="unknown"' not in preview.page("/nb/klage/")


def test_a_page_whose_top_cannot_be_read_says_so_in_its_place(project: Project, tmp_path: Path) -> None:
    project.write("nb/klage.md", BROKEN_MATTER)
    with running(project, tmp_path) as preview:
        text = preview.page("/nb/klage/")
        assert "Siden kan ikke vises før det som står i meldingen over, er rettet" in text
        assert notices(text)[0].startswith("Feil, linje 1: opplysningene øverst kan ikke leses (linje 2)")
        assert text.count("<h1") == 1
        (project.docs / "nb/klage.md").write_bytes(b"---\ntitle: Kl\xe5ge\n---\n")
        preview.wait_for("/nb/klage/", "Feil, linje 1:</strong> filen er ikke lagret som UTF-8")


def test_what_belongs_to_no_page_stands_on_the_front_page_of_its_language(project: Project, tmp_path: Path) -> None:
    project.change("nb/menu.md", "## Svar", "Svar")
    (project.docs / "nn/menu.md").unlink()
    with running(project, tmp_path) as preview:
        assert any("docs/nb/menu.md, linje 3: linjen kan ikke leses" in one for one in notices(preview.page("/nb/")))
        text = preview.page("/nn/")
        assert any("docs/nn/menu.md: filen finnes ikke" in one for one in notices(text))
        assert re.search(r"Står ikke i menyen.*/nn/klage/", text, re.DOTALL)
        assert notices(preview.page("/da/")) == []
        (project.docs / "nn/klage.md").unlink()
        preview.wait_for("/nb/klage/", "siden finnes ikke på nynorsk")


def test_a_draft_is_shown_with_a_band_and_a_mark_in_the_list(project: Project, tmp_path: Path) -> None:
    for language, status in (("nb", "draft"), ("nn", "review")):
        project.change(f"{language}/klage.md", "owner:", f"status: {status}\nowner:")
    with running(project, tmp_path) as preview:
        text = preview.page("/nb/klage/")
        assert "Utkast – vises ikke for innbyggere" in text
        assert "Klage (utkast)</a>" in text
        assert "Til gjennomlesing – vises ikke for innbyggere" in preview.page("/nn/klage/")
        assert "vises ikke for innbyggere" not in preview.page("/nb/")


def test_pages_come_and_go_while_it_runs(project: Project, tmp_path: Path) -> None:
    with running(project, tmp_path) as preview:
        project.write("nb/ny.md", (project.docs / "nb/index.md").read_text("utf-8").replace("Hjelp", "Ny side"))
        preview.wait_for("/nb/ny/", "Ny side")
        preview.wait_for("/nb/", "ny.md mangler i menyen")
        (project.docs / "nb/ny.md").unlink()
        preview.wait_for("/nb/ny/", "404")


def test_it_goes_on_while_the_list_of_municipalities_is_being_edited(project: Project, tmp_path: Path) -> None:
    with running(project, tmp_path) as preview:
        deployment = project.folder / "portal.toml"
        text = deployment.read_text("utf-8")
        deployment.write_text(text + "\n[[municipalities]\n", "utf-8")
        preview.wait_for("/nb/", "portal.toml")
        assert "Rudersdal" in preview.page("/da/")
        deployment.write_text(text.replace('"Rudersdal', '"Nye Rudersdal'), "utf-8")
        preview.wait_for("/da/", "Nye Rudersdal")


ODD_TOPS = [
    "",
    "title:\n",
    "title: [a, b]\ndescription: 3\nowner: {a: b}\nreview_by: i morgen\njurisdiction: norge\n",
    "title: Så {{ fact.nope }} og {{ fact.age_adult }}\njurisdiction: [[norge], {a: b}]\nslug: ../../ut\n",
    "status: [draft]\naudience: {}\nkeywords: ord\ntext_language: 3\nslug: {a: 1}\nlix_max: mange\n",
    "title: 2027-01-01\nreview_by: 2027-01-01 10:00:00\nstatus: snart\ncounterpart: 12\n",
    "? [a]\n: b\n",
    "- a\n- b\n",
]
ODD_BODY = """{{ contacts }}

Ring {{ contacts }} {{ fact.nope }} {{ }} {{{ a }}} {{ before.nothing }}

[a](law:NOPE) [b](law:) [c](form:x?y#z) [d](site:a "b") [e](nowhere.md)
"""


def test_nothing_an_editor_writes_stops_the_preview(project: Project, tmp_path: Path) -> None:
    for number, top in enumerate(ODD_TOPS):
        project.write(f"nb/odd{number}.md", f"---\n{top}---\n# Klage\n\n{ODD_BODY}")
    with running(project, tmp_path) as preview:
        for number in range(len(ODD_TOPS)):
            assert notices(preview.page(f"/nb/odd{number}/"))
        assert notices(preview.page("/nb/"))
    assert not list(tmp_path.rglob("ut*"))


def test_a_finding_without_a_page_or_a_language_is_on_every_front_page(project: Project) -> None:
    pages = read_pages(project.docs)
    due = Finding(rule=Rule.FACT_DUE, where="forms_app/countries/norway.toml", line=7, message="se på den")
    placed = shown_by.notices(pages, [due], fault="filen kan ikke leses")
    assert set(placed) == {(language, "index.md") for language in Language}
    assert [(one.label, one.message) for one in placed[Language.DA, "index.md"]] == [
        ("Feil", "filen kan ikke leses"),
        ("Merk, forms_app/countries/norway.toml, linje 7", "se på den"),
    ]


def test_a_language_without_a_front_page_shows_them_on_its_first_page(project: Project) -> None:
    (project.docs / "nn/index.md").unlink()
    pages = read_pages(project.docs)
    fault = Finding(rule=Rule.MENU, where="docs/nn/menu.md", line=1, message="her")
    assert list(shown_by.notices(pages, [fault], fault=None)) == [(Language.NN, "klage.md")]


def test_facts_that_cannot_be_read_are_told_and_the_old_ones_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert shown_by.reread_rules() is None
    (tmp_path / "norway.toml").write_text("[facts\n", "utf-8")
    monkeypatch.setattr(shown_by, "files", lambda unused_package: tmp_path)
    told = shown_by.reread_rules()
    assert told is not None
    assert told.startswith("forms_app/countries/norway.toml kan ikke leses")


def test_marks_leave_the_rest_of_the_line_as_it_is() -> None:
    text = (
        "---\njurisdiction: [norge]\n---\nA {{ fact.x }} b {{ fact.age_adult }} [c](law:X){ .door } [d](form:status)\n"
    )
    page = shown_by.shown(parse_page(Language.NB, "a.md", text))
    assert page.body == (
        'A <mark class="unknown">ukjent: fact.x</mark> b {{ fact.age_adult }} '
        '[c <mark class="unknown">ukjent: law:X</mark>](#){ .door } [d](form:status)\n'
    )
    assert page.meta["review_by"] is None


@pytest.mark.parametrize(
    "body",
    [
        "{{ fact.age_adult{{ fact.nope }} }}",
        "{{ a ](law:X }} b",
        "[a {{ b }}](law:{{ c }})",
        "{{{{ a }}}} {{ b|c }} | {{ <b>&amp;</b> }}",
        "[a](law:X](law:Y) `[b](form:z)` ``{{ d }}``",
    ],
)
def test_nothing_unknown_is_left_however_it_is_nested(body: str) -> None:
    page = shown_by.shown(parse_page(Language.NB, "a.md", f"---\njurisdiction: [norge]\n---\n{body}\n"))
    assert list(unresolved(page)) == []
    assert 'class="unknown"' in page.body


def test_a_build_refuses_what_the_preview_shows(project: Project) -> None:
    project.write("nb/klage.md", BROKEN_MATTER)
    done = mkdocs("-f", str(project.folder / "mkdocs.yml"))
    assert done.returncode == 1
    assert "docs/nb/klage.md:1: feil:" in done.stderr
