"""What the content rules leave in peace and what they advise; test_seeded_faults shows that each of them fires."""

from datetime import date

import pytest
from guidance_project import ROOT, TODAY, Project, advice, page_text
from hypothesis import given
from hypothesis import strategies as st

from forms_app.language import Language
from guidance.findings import Finding, Rule, Weight, errors, stopping
from guidance.pages import parse_page, read_pages
from guidance.rules import check_facts, check_pages


def check(project: Project, today: date = TODAY) -> list[Finding]:
    return check_pages(read_pages(project.docs), today=today)


def test_correct_pages_are_left_in_peace(project: Project) -> None:
    assert check(project) == []


def test_a_danish_page_needs_no_norwegian_counterpart(project: Project) -> None:
    project.write("da/plan.md", (project.docs / "da/index.md").read_text("utf-8"))
    assert check(project) == []


@pytest.mark.parametrize("line", ["audience: editors", "text_language: en"])
def test_a_page_for_editors_or_in_another_language_needs_no_counterpart(project: Project, line: str) -> None:
    project.write("nb/english.md", page_text("Help", "Text").replace("owner:", f"{line}\nowner:"))
    assert check(project) == []


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_is_wrong_with_an_unpublished_page_stops_nothing(project: Project, status: str) -> None:
    text = page_text("Plan", "Fristen er tre uker, skriv {{ fact.appeal_helth }}. [Les](borte.md)")
    project.write("nb/plan.md", text.replace("owner:", f"status: {status}\nowner:"))
    found = check(project)
    assert {one.rule for one in found} == {Rule.NUMBER, Rule.REFERENCE, Rule.PAGE_LINK}
    assert stopping(found) == []
    assert all(f"docs/nb/plan.md:{one.line}: merk: " in str(one) for one in found)


def test_a_word_that_is_no_status_is_a_fault_and_not_a_draft(project: Project) -> None:
    project.change("da/index.md", "owner:", "status: utkast\nowner:")
    assert [str(one) for one in check(project)] == [
        "docs/da/index.md:4: feil: «status» må være draft, review, published"
    ]


def test_unpublished_pages_may_link_to_one_another(project: Project) -> None:
    for name in ("a", "b"):
        draft = page_text("Klage", "[Læs](a.md) [læs](b.md)", "da", country="danmark")
        project.write(f"da/{name}.md", draft.replace("owner:", "status: draft\nowner:"))
    assert check(project) == []


def test_a_published_page_waits_for_no_draft_of_its_twin(project: Project) -> None:
    project.change("nn/klage.md", "owner:", "status: draft\nowner:")
    project.change("nn/index.md", "[klage](klage.md)", "klage")
    project.confirm()
    assert [str(one) for one in check(project)] == [
        "docs/nb/klage.md: feil: siden er publisert, men ikke på nynorsk; "
        "sett «status: published» i docs/nn/klage.md, eller vent med begge"
    ]


def test_both_of_two_pages_on_one_address_are_named(project: Project) -> None:
    for language in ("nb", "nn"):
        project.write(f"{language}/anke.md", (project.docs / f"{language}/klage.md").read_text("utf-8"))
        project.change(f"{language}/klage.md", "owner:", "slug: anke\nowner:")
    project.confirm()
    assert [str(one) for one in check(project)] == [
        "docs/nb/klage.md:4: feil: adressen /nb/anke/ er alt brukt av docs/nb/anke.md; skriv en annen «slug»",
        "docs/nn/klage.md:4: feil: adressen /nn/anke/ er alt brukt av docs/nn/anke.md; skriv en annen «slug»",
    ]


def test_a_passed_review_date_is_a_note_and_stops_nothing(project: Project) -> None:
    found = check(project, today=date(2027, 11, 23))
    assert {one.where for one in found} == {
        f"docs/{page}.md" for page in ("nb/index", "nb/klage", "nn/index", "nn/klage", "da/index")
    }
    assert stopping(found) == []
    assert "2027-11-22 av Socialforvaltningen" in found[0].message


def test_facts_and_official_pages_due_for_a_look_are_notes_on_their_line() -> None:
    found = check_facts(today=date(2040, 1, 1))
    assert stopping(found) == []
    (health,) = (one for one in found if one.message.startswith("«appeal_health»"))
    assert health.where == "forms_app/countries/norway.toml"
    assert (ROOT / health.where).read_text("utf-8").splitlines()[health.line - 1] == "[facts.appeal_health]"
    assert any(one.message.startswith("«patient_ombud»") for one in found)


def test_only_what_cannot_be_shown_stops_the_build() -> None:
    weights = {rule: rule.weight for rule in Rule}
    for stale in (Rule.COUNTERPART_STALE, Rule.NUMBER, Rule.PURITY, Rule.LIX, Rule.MESSAGE_MISSING):
        assert weights[stale] is Weight.FLAW
    for broken in (Rule.KEY_MISSING, Rule.REFERENCE, Rule.PAGE_LINK, Rule.UNPUBLISHED_LINK, Rule.COUNTERPART_MISSING):
        assert weights[broken] is Weight.ERROR
    assert {rule for rule, weight in weights.items() if weight is Weight.NOTE} == {Rule.REVIEW_DUE, Rule.FACT_DUE}
    stale = Finding(rule=Rule.NUMBER, where="docs/nb/klage.md", line=1, message="")
    assert errors([stale]) == []
    assert stopping([stale]) == [stale]


def test_code_is_shown_as_it_is_and_holds_no_faults(project: Project) -> None:
    code = "```\n# Klage\n[les](borte.md) https://lovdata.no tre uker {#x}\n!!! warning\n```\n\nSkriv `14 dager`."
    project.write("da/plan.md", page_text("Plan", code, "da", country="danmark"))
    assert check(project) == []


@pytest.mark.parametrize("link", ["../nb/klage.md", "./index.md", "../da/index.md", "../nb/../da/index.md"])
def test_a_link_may_lead_to_another_language(project: Project, link: str) -> None:
    project.change("da/index.md", "{{ contacts }}", f"[Klage]({link})")
    assert check(project) == []


@pytest.mark.parametrize("link", ["../klage.md", "../../nb/klage.md", "../sv/klage.md", "nb/klage.md"])
def test_a_link_out_of_the_folders_leads_nowhere(project: Project, link: str) -> None:
    project.change("da/index.md", "{{ contacts }}", f"[Klage]({link})")
    assert [one.message for one in check(project)] == [f"lenken fører ingen steder: {link}"]


@pytest.mark.parametrize("anchor", ["## Frist { #frist }", "## Frist {: .wide #frist }", '<p id="frist">Tid</p>'])
def test_a_link_to_a_heading_with_a_name_of_its_own_is_left_in_peace(anchor: str) -> None:
    assert advice(f"[Frist](#frist), [igen](klage.md#frist)\n\n{anchor}") == []


def test_a_link_to_a_heading_without_a_name_of_its_own_is_found() -> None:
    assert advice("[Frist](#frist)\n\n## Frist") == [
        "ingen overskrift i docs/da/klage.md heter #frist; skriv { #frist } etter den"
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("keywords: avslag", "en liste med ord"),
        ("keywords: [avslag, 4]", "en liste med ord"),
        ("lix_max: høy", "et helt tall fra 20 til 60"),
        ("lix_max: true", "et helt tall"),
        ("lix_max: 90", "et helt tall"),
        ("audience: alle", "citizens eller editors"),
        ("status:", "draft, review, published"),
        ("text_language: engelsk", "to bokstaver"),
        ("text_language: nn", "ikke er mappens"),
        ("counterpart: 12345678", "portal page confirm docs/da/klage.md"),
        ("slug: [a]", "små bokstaver"),
    ],
)
def test_each_key_says_what_it_must_be(line: str, wanted: str) -> None:
    messages = advice("Text.", more=f"{line}\n")
    assert [one for one in messages if wanted in one] == messages != []


@pytest.mark.parametrize(
    "countries", ["", "[]", "NO", "[NO]", "norge", "[[norge]]", "[norge, norge]", "[norge, sverige]"]
)
def test_a_jurisdiction_that_is_none_is_found(countries: str) -> None:
    written = page_text("Klage", "Tekst.", "da").replace("[norge]", countries)
    found = check_pages({(Language.DA, "klage.md"): parse_page(Language.DA, "klage.md", written)}, today=TODAY)
    assert [(one.line, one.weight) for one in found] == [(6, Weight.ERROR)]


FRAGMENTS = (
    *(
        "---\n",
        "title: Klage\n",
        "review_by: 2027-01-01 10:00:00\n",
        "jurisdiction: [[norge]]\n",
        "1: 2\n",
        "[a, b]: c\n",
    ),
    *(
        "status: [draft]\n",
        "audience: {}\n",
        "text_language: 4\n",
        "counterpart: 4\n",
        "slug: [x]\n",
        "\r\n",
        "\n",
        " ",
    ),
    *(
        "# ",
        "## H { #x }",
        "{{ ",
        "}}",
        "fact.appeal_health",
        "[t](",
        "klage.md#x",
        ")",
        "law:",
        "https://",
        "www.",
        "@",
    ),
    *(
        "§ 5-2 b",
        "fire uker",
        "14 dager",
        "Statsforvalteren",
        "```\n",
        "`",
        "<!--",
        "-->",
        "<p id='x'>",
        "!!! tip\n",
        "\0",
    ),
)


@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join), st.booleans())
def test_whatever_an_editor_writes_the_check_answers(text: str, is_below: bool) -> None:
    written = page_text("Klage", text) if is_below else text
    pages = {(language, "klage.md"): parse_page(language, "klage.md", written) for language in Language}
    last = written.count("\n") + 1
    assert all(0 <= one.line <= last and str(one) for one in check_pages(pages, today=TODAY))
