"""The two written forms of Norwegian watch one another: what changed is found, shown word by word, and confirmed."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from guidance_project import Project, page_text

from forms_app.language import Language
from guidance import changes
from guidance.findings import Finding, errors, stopping
from guidance.freshness import NoCounterpart, check, confirm, fingerprint, show_difference
from guidance.pages import Page, parse_page, read_pages

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def page(project: Project, path: str) -> Page:
    language, _, name = path.partition("/")
    return read_pages(project.docs)[Language(language), name]


def found(project: Project) -> list[Finding]:
    return list(check(read_pages(project.docs)))


def git(project: Project, *arguments: str) -> None:
    person = ["-c", "user.name=Kari", "-c", "user.email=kari@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *person, *arguments], cwd=project.folder, check=True, capture_output=True)


def commit(project: Project) -> None:
    if not (project.folder / ".git").is_dir():
        git(project, "init", "-q")
    git(project, "add", "docs")
    git(project, "commit", "-q", "-m", "Saved")


def test_a_fingerprint_is_of_the_words_and_never_a_number_to_yaml(project: Project) -> None:
    before = page(project, "nb/klage.md")
    assert fingerprint(before)[0] == "r"
    assert len(fingerprint(before)) == 9
    rewrapped = replace(before, body=before.body.replace(". ", ".\r\n\r\n  "))
    handed_over = replace(before, meta=MappingProxyType({**before.meta, "owner": "Nav", "review_by": date(2030, 1, 1)}))
    assert fingerprint(rewrapped) == fingerprint(handed_over) == fingerprint(before)
    for key in ("title", "description"):
        other = replace(before, meta=MappingProxyType({**before.meta, key: "Noe annet"}))
        assert fingerprint(other) != fingerprint(before)
    assert fingerprint(replace(before, body=before.body + "Nytt.")) != fingerprint(before)


def test_a_change_in_one_asks_for_a_look_at_the_other_with_both_commands(project: Project) -> None:
    assert found(project) == []
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    (stale,) = found(project)
    assert str(stale) == (
        "docs/nn/klage.md:7: mangel: docs/nb/klage.md er endret siden noen sist sammenlignet de to; "
        "se hva: portal page diff docs/nn/klage.md · rett teksten, og bekreft: portal page confirm docs/nn/klage.md"
    )


def test_a_stale_page_does_not_stop_the_build(project: Project) -> None:
    """An urgent correction in one written form is out at once; the gate asks for the other."""
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    done = project.build()
    assert done.returncode == 0, done.stderr
    assert stopping(found(project)) == found(project) != []
    assert errors(found(project)) == []


def test_a_page_nobody_confirmed_says_so(project: Project) -> None:
    stored = f"counterpart: {fingerprint(page(project, 'nn/klage.md'))}\n"
    project.change("nb/klage.md", stored, "")
    (never,) = found(project)
    assert (never.where, never.line) == ("docs/nb/klage.md", 1)
    assert never.message.startswith("ingen har sammenlignet med docs/nn/klage.md; ")


def test_confirming_changes_one_line_and_clears_one_side(project: Project) -> None:
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    project.change("nn/klage.md", "Fristen er", "Fristen din er")
    before = (project.docs / "nn/klage.md").read_text("utf-8").splitlines()
    said = confirm(project.docs, "docs/nn/klage.md")
    after = (project.docs / "nn/klage.md").read_text("utf-8").splitlines()
    assert [number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new] == [7]
    assert after[6] == f"counterpart: {fingerprint(page(project, 'nb/klage.md'))}"
    assert [one.where for one in found(project)] == ["docs/nb/klage.md"]
    assert said.splitlines() == [
        f"docs/nn/klage.md er bekreftet mot docs/nb/klage.md ({fingerprint(page(project, 'nb/klage.md'))}).",
        "docs/nb/klage.md er ikke bekreftet mot denne teksten: portal page confirm docs/nb/klage.md",
    ]
    assert len(confirm(project.docs, "docs/nb/klage.md").splitlines()) == 1
    assert found(project) == []


def test_both_can_be_confirmed_at_once(project: Project) -> None:
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    project.change("nn/klage.md", "Fristen er", "Fristen din er")
    assert len(found(project)) == 2
    assert len(confirm(project.docs, "nb/klage.md", both=True).splitlines()) == 2
    assert found(project) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_everything_else_stay_as_they_are(project: Project, end: str, mark: str) -> None:
    text = mark + page_text("Plan", "counterpart: står her\n---\nog her").replace("\n", end)
    for language in ("nb", "nn"):
        (project.docs / language / "plan.md").write_bytes(text.encode())
    confirm(project.docs, "nb/plan.md", both=True)
    confirm(project.docs, "nb/plan.md", both=True)
    line = f"counterpart: {fingerprint(page(project, 'nn/plan.md'))}"
    wanted = text.replace(f"{end}---{end}#", f"{end}{line}{end}---{end}#", 1)
    assert (project.docs / "nb/plan.md").read_bytes().decode() == wanted
    assert found(project) == []


@pytest.mark.parametrize("form", ["docs/nb/klage.md", "nb/klage.md", "./docs/nb/klage.md", "{docs}/nb/klage.md"])
def test_a_file_may_be_named_in_any_way(project: Project, form: str) -> None:
    assert "er ikke endret" in show_difference(project.docs, form.format(docs=project.docs))
    assert "er bekreftet" in confirm(project.docs, Path(form.format(docs=project.docs)))


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("docs/nb/borte.md", "det finnes ingen side docs/nb/borte.md"),
        ("docs/nb/menu.md", "ingen side"),
        ("/etc/passwd", "ingen side"),
        ("docs/da/index.md", "docs/da/index.md har ingen motpart"),
    ],
)
def test_without_a_counterpart_the_commands_say_so(project: Project, file: str, message: str) -> None:
    for command in (confirm, show_difference):
        with pytest.raises(NoCounterpart, match=message):
            command(project.docs, file)


def test_front_matter_that_cannot_be_read_is_never_written_to(project: Project) -> None:
    project.change("nn/klage.md", "title: Klage", "title: Klage: slik")
    before = (project.docs / "nn/klage.md").read_bytes()
    for file in ("nn/klage.md", "nb/klage.md"):
        with pytest.raises(NoCounterpart, match=r"docs/nn/klage.md: opplysningene øverst kan ikke leses \(linje 2\)"):
            confirm(project.docs, file, both=True)
    assert (project.docs / "nn/klage.md").read_bytes() == before
    assert found(project) == []


@needs_git
def test_the_difference_shows_the_words_that_changed_since_then(project: Project) -> None:
    commit(project)
    project.change("nb/klage.md", "En kort side.", "En lang side.")
    project.change("nb/klage.md", "I Danmark er den {{ denmark.appeal }}.", "")
    commit(project)
    project.change("nb/klage.md", "[Klag her]", "Ring, eller [klag her]")
    project.change("nb/klage.md", "# Klage\n", "# Klage\n\nNytt avsnitt\nover to linjer.\n")
    assert show_difference(project.docs, "docs/nn/klage.md") == (
        "Endret i docs/nb/klage.md siden docs/nn/klage.md ble bekreftet:\n\n"
        "linje 3: En [-kort-] {+lang+} side.\n"
        "linje 11: {+Nytt avsnitt+}\n"
        "linje 12: {+over to linjer.+}\n"
        "linje 14: Fristen er {{ fact.appeal_health }}. [-I Danmark er den {{ denmark.appeal }}.-]\n"
        "linje 17: [-[Klag-] {+Ring, eller [klag+} her](form:complaint).\n\n"
        "Når docs/nn/klage.md sier det samme: portal page confirm docs/nn/klage.md"
    )


@needs_git
def test_a_version_that_git_does_not_hold_is_shown_whole(project: Project) -> None:
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    commit(project)
    shown = show_difference(project.docs, "docs/nn/klage.md")
    assert shown.startswith(f"Fant ikke utgaven {page(project, 'nn/klage.md').meta['counterpart']} i git. ")
    assert "Dette er hele docs/nb/klage.md:\n\nlinje 2: Klage\n" in shown
    assert "linje 11: Fristen din er {{ fact.appeal_health }}." in shown


def test_where_there_is_no_git_the_page_is_shown_whole(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.change("nb/klage.md", "Fristen er", "Fristen din er")
    assert show_difference(project.docs, "nn/klage.md").startswith("Fant ikke utgaven ")
    monkeypatch.setenv("PATH", str(project.folder))
    assert show_difference(project.docs, "nn/klage.md").startswith("Fant ikke utgaven ")


def test_a_page_never_confirmed_shows_its_twin_whole(project: Project) -> None:
    for language in ("nb", "nn"):
        project.write(f"{language}/plan.md", page_text("Plan", "Tekst.", language))
    shown = show_difference(project.docs, "nb/plan.md")
    assert shown.startswith("docs/nb/plan.md er aldri bekreftet. Dette er hele docs/nn/plan.md:\n\nlinje 2: Plan\n")


def test_what_went_from_the_top_or_the_end_is_shown_too() -> None:
    old = parse_page(Language.NB, "a.md", page_text("Plan", "Først.\nSå.\n\nSist."))
    new = parse_page(Language.NB, "a.md", page_text("Plan", "Så."))
    assert changes.words(old, new) == "linje 8: # Plan [-Først.-]\nlinje 10: Så. [-Sist.-]\n"
    empty = parse_page(Language.NB, "a.md", "")
    assert changes.words(old, empty).startswith("linje 1: [-Plan En kort side.")
