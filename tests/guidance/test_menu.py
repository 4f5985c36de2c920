"""The menu files: what they say, and each fault an editor can make in one."""

from pathlib import Path

import pytest
from guidance_project import ROOT, Project

from forms_app.language import Language
from guidance.findings import Finding, Weight
from guidance.menu import arranged, check, parse_menu, read_menu
from guidance.pages import read_pages

MENU = """- index.md

## Har du rett til hjelp?

- koordinator.md
* barn/index.md

## Om nettstedet
- feil.md
"""


def faults(project: Project) -> list[str]:
    return [str(one) for one in found(project)]


def found(project: Project) -> list[Finding]:
    return check(project.docs, read_pages(project.docs))


def test_headings_make_groups_and_bullets_are_pages() -> None:
    menu = parse_menu(MENU)
    assert [(group.heading, [item.path for item in group.items]) for group in menu.groups] == [
        (None, ["index.md"]),
        ("Har du rett til hjelp?", ["koordinator.md", "barn/index.md"]),
        ("Om nettstedet", ["feil.md"]),
    ]
    assert [item.line for item in menu.items] == [1, 5, 6, 9]
    assert menu.unreadable == ()


def test_a_menu_written_on_windows_is_read_alike() -> None:
    assert parse_menu("\ufeff" + MENU.replace("\n", "\r\n")) == parse_menu(MENU)


def test_only_the_pages_asked_for_are_arranged_and_empty_groups_fall_away() -> None:
    menu = parse_menu(MENU + "- feil.md\n")
    left = arranged(menu, ["feil.md", "koordinator.md", "nowhere.md"])
    assert [(group.heading, [item.path for item in group.items]) for group in left] == [
        ("Har du rett til hjelp?", ["koordinator.md"]),
        ("Om nettstedet", ["feil.md"]),
    ]


def test_a_correct_menu_is_left_in_peace(project: Project) -> None:
    assert faults(project) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("- klage.md", "- klagge.md", 5, "klagge.md finnes ikke; mente du klage.md?"),
        ("- klage.md", "- klage.md\n- qqq.md", 6, "qqq.md finnes ikke; lag siden, eller ta bort linjen"),
        ("- klage.md", "- klage.md\n- index.md", 6, "index.md står i menyen fra før; ta bort denne linjen"),
        ("## Svar", "Svar", 3, "linjen kan ikke leses; skriv «- klage.md»"),
        ("## Svar", "### Svar", 3, "eller «## Overskrift» for en gruppe"),
        ("- klage.md", "- [Klage](klage.md)\n- klage.md", 5, "linjen kan ikke leses"),
        ("- klage.md", "- klage.md\n- \N{REPLACEMENT CHARACTER}", 6, "linjen kan ikke leses"),
        ("## Svar", "## Hjelp\n\n## Svar", 3, "«Hjelp» har ingen sider under seg"),
        ("\n- klage.md", "", 0, "klage.md mangler i menyen; skriv linjen «- klage.md» der siden hører hjemme"),
    ],
)
def test_a_fault_is_found_on_its_line(project: Project, old: str, new: str, line: int, message: str) -> None:
    project.change("nb/menu.md", old, new)
    hits = [one for one in found(project) if message in one.message]
    assert [(one.where, one.line, one.weight) for one in hits] == [("docs/nb/menu.md", line, Weight.ERROR)]


def test_a_missing_menu_is_one_finding(project: Project) -> None:
    (project.docs / "da/menu.md").unlink()
    (fault,) = faults(project)
    assert fault.startswith("docs/da/menu.md: feil: filen finnes ikke; skriv filnavnene")


def test_a_menu_that_is_no_utf_8_is_told_by_line(project: Project) -> None:
    (project.docs / "nb/menu.md").write_bytes("- index.md\n- klage.md\n## S\xf8ke\n- s\xf8k.md\n".encode("latin-1"))
    assert "docs/nb/menu.md:4: feil: s\N{REPLACEMENT CHARACTER}k.md finnes ikke" in " ".join(faults(project))


def test_a_draft_may_stand_in_the_menu_or_not(project: Project) -> None:
    for language in ("nb", "nn"):
        project.change(f"{language}/klage.md", "owner:", "status: draft\nowner:")
    project.change("nn/menu.md", "## Svar\n\n- klage.md\n", "")
    assert faults(project) == []


def test_a_page_for_editors_stays_out_of_the_menu(project: Project) -> None:
    project.change("nb/klage.md", "owner:", "audience: editors\nowner:")
    assert faults(project) == [
        "docs/nb/menu.md:5: feil: klage.md er for redaktører og skal ikke stå i menyen; ta bort linjen"
    ]
    project.change("nb/menu.md", "## Svar\n\n- klage.md\n", "")
    assert faults(project) == []


@pytest.mark.parametrize("language", Language)
def test_a_phone_user_is_met_by_a_handful_of_short_headings(language: Language) -> None:
    """The real menus."""
    groups = read_menu(Path(ROOT / "docs"), language).groups
    headings = [group.heading for group in groups if group.heading]
    assert 4 <= len(headings) <= 6
    assert all(len(heading) <= 25 for heading in headings)
    assert [item.path for group in groups if not group.heading for item in group.items] == ["index.md"]


def test_bokmaal_and_nynorsk_have_the_same_order() -> None:
    menus = {language: read_menu(ROOT / "docs", language) for language in (Language.NB, Language.NN)}
    paths = {language: [item.path for item in menu.items] for language, menu in menus.items()}
    paths[Language.NB].remove("english.md")
    assert paths[Language.NB] == paths[Language.NN]
