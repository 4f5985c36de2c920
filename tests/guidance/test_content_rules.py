"""Each fault an editor can make is found, in its file and on its line; correct pages are left in peace."""

from collections.abc import Callable
from datetime import date

import pytest
from guidance_project import Project

from guidance.findings import Finding, Weight, errors
from guidance.pages import read_pages
from guidance.rules import check_facts, check_pages

TODAY = date(2026, 11, 22)


def check(project: Project, today: date = TODAY) -> list[Finding]:
    return check_pages(read_pages(project.folder / "docs"), today=today)


def change(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.change("nb/klage.md", old, new)


def test_correct_pages_are_left_in_peace(project: Project) -> None:
    assert check(project) == []


@pytest.mark.parametrize(
    ("fault", "line", "message"),
    [
        (change("fact.appeal_health", "fact.appeal_helth"), 11, "ukjent opplysning «appeal_helth»"),
        (change("denmark.appeal", "denmark.appeal_health"), 11, "denmark.toml"),
        (change("denmark.appeal", "sweden.appeal"), 11, "ukjent felt {{ sweden.appeal }}"),
        (change("Fristen er {{", "Ring {{ contacts }}. Fristen er {{"), 11, "må stå alene på en linje"),
        (change("form:complaint", "form:complain"), 14, "ukjent skjema «form:complain»"),
        (change(' "Kort fortalt"', ""), 13, "boksen mangler overskrift"),
        (change("# Klage\n", ""), 8, "mangler overskriften: # Klage"),
        (change("# Klage\n", "# Klager\n"), 9, "overskriften må være lik tittelen"),
        (change("Fristen er", "# Frist\n\nFristen er"), 11, "skriv ## Frist"),
        (change("Fristen er", "[les](finnes-ikke.md) Fristen er"), 11, "lenken fører ingen steder"),
        (change("title: Klage", "title: Klage: slik"), 1, "kan ikke leses (linje 2)"),
        (change("---\ntitle", "title"), 1, "siden må begynne med en linje ---"),
        (change("owner: Koordinerende enhet\n", ""), 1, "mangler «owner:»"),
        (change("owner:", "onwer:"), 4, "ukjent opplysning «onwer»"),
        (change("2027-11-22", "snart"), 5, "må være en dato"),
        (change("[norge]", "[sverige]"), 6, "«jurisdiction» må være [norge] eller [danmark]"),
        (change("[norge]", "[NO]"), 6, "«jurisdiction» må være"),
        (change("[norge]", "[danmark]"), 6, "er en annen i docs/nn/klage.md"),
        (change("owner:", "slug: Klage Her\nowner:"), 4, "små bokstaver"),
        (change("owner:", "slug: skjema\nowner:"), 4, "adressen /nb/skjema/ er skjemaenes"),
    ],
)
def test_a_fault_is_found_on_its_line(
    project: Project, fault: Callable[[Project], None], line: int, message: str
) -> None:
    fault(project)
    found = [one for one in check(project) if message in one.message]
    assert [(one.where, one.line, one.weight) for one in found] == [("docs/nb/klage.md", line, Weight.ERROR)]


def test_a_page_without_its_counterpart_is_found_in_either_language(project: Project) -> None:
    (project.folder / "docs/nn/klage.md").unlink()
    project.change("nn/index.md", "[klage](klage.md)", "klage")
    assert [(one.where, one.message) for one in check(project)] == [
        ("docs/nb/klage.md", "siden finnes ikke på nynorsk; skriv docs/nn/klage.md")
    ]


def test_a_danish_page_needs_no_norwegian_counterpart(project: Project) -> None:
    project.write("da/plan.md", (project.folder / "docs/da/index.md").read_text("utf-8"))
    assert check(project) == []


def test_two_pages_on_one_address_are_found(project: Project) -> None:
    for language in ("nb", "nn"):
        project.write(f"{language}/anke.md", (project.folder / "docs/nb/klage.md").read_text("utf-8"))
        project.change(f"{language}/klage.md", "owner:", "slug: anke\nowner:")
    messages = [str(one) for one in check(project)]
    assert messages == [
        "docs/nb/klage.md:4: feil: adressen /nb/anke/ er alt brukt av docs/nb/anke.md; skriv en annen «slug»",
        "docs/nn/klage.md:4: feil: adressen /nn/anke/ er alt brukt av docs/nn/anke.md; skriv en annen «slug»",
    ]


def test_a_passed_review_date_is_a_note_and_stops_nothing(project: Project) -> None:
    found = check(project, today=date(2027, 11, 23))
    assert {one.where for one in found} == {
        f"docs/{page}.md" for page in ("nb/index", "nb/klage", "nn/index", "nn/klage", "da/index")
    }
    assert errors(found) == []
    assert "2027-11-22 av Koordinerende enhet" in found[0].message


def test_facts_due_for_a_look_are_notes() -> None:
    found = check_facts(today=date(2040, 1, 1))
    assert any("appeal_health" in one.message for one in found)
    assert errors(found) == []


def test_a_heading_inside_a_code_block_is_no_heading(project: Project) -> None:
    project.change("nb/klage.md", "Fristen", "```\n# Klage\n```\n\nFristen")
    assert check(project) == []
