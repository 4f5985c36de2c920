"""Numbers, names and addresses that belong among the facts are found on a page, with what to write instead."""

import pytest
from guidance_project import TODAY, Project, advice

from forms_app.language import Language
from guidance.findings import Finding, Rule
from guidance.pages import read_pages
from guidance.rules import check_pages


def check(project: Project) -> list[Finding]:
    return check_pages(read_pages(project.docs), today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "§ 2-5 b og §§ 91–92, §§ 7-2 til 7-7, §§ 28–36 og 42, §§ 60, 61 og 62, § 11 a nr. 2, § 4 stk. 2",
        "Se artikkel 13, artikel 6, kapittel 4, kapitel 5, punkt 3, forordning (EU) 2016/679",
        "WCAG 2.2 på nivå AA, EN 301 549, A4, PDF/A-3a, COVID-19",
        "1. Først\n2. Så\n\n> 3. Til slutt",
        "[Klage](klage.md#del-2)\n\n## Del { #del-2 .to3 }\n\n<span id='x9' data-n='5'></span>",
        "Fristen er {{ fact.appeal }}. Hun ventede i {{ example.9 }} dage.",
        "tre eksempler, to foreldre, én plan, to gange, under fire øjne, over ti personer, under tolv eksempler",
        "hvert år, en dag ringte de, et år senere, tiåret, tirsdag og torsdag, samme dag, om måneden",
        "Barnet er fyldt {{ fact.age_party }}. <!-- 14 dage --> Skriv `30 dage`.",
    ],
)
def test_numbers_that_decide_nothing_are_left_in_peace(text: str) -> None:
    assert advice(text) == []


@pytest.mark.parametrize(
    ("text", "written", "instead"),
    [
        ("Frist: fire uger.", "fire uger", "skriv {{ fact.appeal }}"),
        ("Frist: 4 uger.", "4 uger", "skriv {{ fact.appeal }}"),
        ("Frist: fire\nugers frist.", "fire ugers", "skriv {{ fact.appeal }}"),
        ("Firedagesfristen", "Firedagesfristen", "skriv {{ example.4 }} hvis det er et eksempel"),
        ("Fireugersfristen", "Fireugersfristen", "skriv {{ fact.appeal }}"),
        ("Femten år", "Femten år", "{{ fact.age_consent }}"),
        ("femtenårig", "femtenårig", "{{ fact.age_consent }}"),
        ("en 15-årig", "15-årig", "{{ fact.age_consent }}"),
        ("hun fylder femten", "fylder femten", "{{ fact.age_consent }}"),
        ("fyldt 15", "15", "{{ fact.age_consent }}"),
        ("unge under atten.", "under atten", "{{ fact.age_adult }}"),
        ("mellem 10 og 15 år", "10 og 15 år", "skriv {{ fact.age_party }}, {{ fact.age_consent }}"),
        ("15–17 år", "15–17 år", "{{ fact.age_consent }}"),
        ("ét år", "ét år", "eller {{ example.1 }} hvis det er et eksempel"),
        ("syv hverdage", "syv hverdage", "{{ fact.access_decision }}"),
        ("15 timer", "15 timer", "{{ fact.accompaniment }}"),
        ("tre timer", "tre timer", "tall fra loven hører hjemme i forms_app/countries/*.toml"),
        ("§ 5 og 99 uger", "99 uger", "skriv {{ example.99 }}"),
        ("I 2025 kom loven", "2025", "skriv {{ example.2025 }}"),
        ("Ring 112", "112", "skriv {{ fact.emergency }}"),
        ("Ring 116\N{NO-BREAK SPACE}117", "116 117", "skriv {{ norway.out_of_hours }}"),
        ("Ring 22 22 22 22", "22 22 22 22", "telefonnumre hører hjemme i portal.toml"),
        ("Ring +45 22222222", "+45 22222222", "telefonnumre hører hjemme i portal.toml"),
        ("Ring 22222222", "22222222", "telefonnumre hører hjemme i portal.toml"),
        ("10 000 kroner", "10 000", "skriv {{ example.10000 }}"),
    ],
)
def test_a_number_by_hand_is_found_with_what_to_write_instead(text: str, written: str, instead: str) -> None:
    (message,) = advice(text)
    assert message.startswith(f"«{written}» er skrevet for hånd; ")
    assert instead in message


@pytest.mark.parametrize(
    ("language", "text", "instead"),
    [
        (Language.NB, "ett år", "{{ fact.appeal_latest }}"),
        (Language.NB, "sju virkedager", "{{ example.7 }}"),
        (Language.NB, "syv måneder", "{{ example.7 }}"),
        (Language.NB, "sekstenåring", "{{ fact.age_health }}"),
        (Language.NN, "eitt år", "{{ fact.appeal_latest }}"),
        (Language.NN, "tre veker", "{{ fact.appeal_social }}"),
        (Language.NN, "éin månad", "{{ fact.preliminary_answer }}"),
        (Language.NN, "fyl atten", "{{ fact.age_adult }}"),
    ],
)
def test_numbers_are_read_in_the_language_of_the_page(
    project: Project, language: Language, text: str, instead: str
) -> None:
    project.change(f"{language}/klage.md", "Fristen er", f"Fristen: {text}. Han er")
    project.confirm()
    (found,) = (one for one in check(project) if one.rule is Rule.NUMBER)
    assert (found.where, found.line) == (f"docs/{language}/klage.md", 11)
    assert instead in found.message


def test_numbers_and_names_in_title_and_description_are_found_on_their_lines(project: Project) -> None:
    project.change("da/index.md", "En kort side.", "Klag til Ankestyrelsen inden 4 uger.")
    project.change("da/index.md", "title: Hjælp", "title: Under 18")
    project.change("da/index.md", "# Hjælp", "# Under 18")
    assert [(one.rule, one.line) for one in check(project)] == [
        (Rule.NUMBER, 2),
        (Rule.NUMBER, 3),
        (Rule.BODY_NAME, 3),
        (Rule.NUMBER, 8),
    ]


def test_facts_of_two_countries_are_suggested_with_their_country() -> None:
    (message,) = advice("Fristen er fire uger.", country="norge, danmark")
    assert "skriv {{ norway.appeal_health }}, {{ denmark.appeal }}" in message


def test_an_english_page_holds_no_number_by_hand_but_may_name_a_body() -> None:
    more = "text_language: en\n"
    (number,) = advice("Complain to Statsforvalteren within four weeks.", Language.NB, "norge", more)
    assert "«four weeks» er skrevet for hånd; skriv {{ fact.appeal_health }}" in number


def test_a_page_for_editors_may_hold_numbers_and_names() -> None:
    assert advice("Skriv ikke «tre uger til Ankestyrelsen».", more="audience: editors\n") == []


def test_digits_are_found_whatever_the_language_of_the_text() -> None:
    assert len(advice("12 viikkoa, kolme viikkoa", Language.NB, "norge", "text_language: fi\n")) == 1


@pytest.mark.parametrize(
    ("text", "written", "instead"),
    [
        ("Skriv til Ankestyrelsen.", "Ankestyrelsen", "{{ fact.appeal_body }}"),
        ("ANKESTYRELSENS svar", "ANKESTYRELSENS", "{{ fact.appeal_body }}s"),
        ("Skriv til Folketingets\nOmbudsmand", "Folketingets Ombudsmand", "{{ fact.ombudsman }}"),
        ("I Norge: Statsforvalteren", "Statsforvalteren", "{{ norway.appeal_body }}"),
        ("Datatilsynet", "Datatilsynet", "{{ fact.data_authority }}"),
    ],
)
def test_a_body_by_hand_is_found_with_what_to_write_instead(text: str, written: str, instead: str) -> None:
    assert advice(text) == [f"«{written}» er skrevet for hånd; skriv {instead}"]


@pytest.mark.parametrize("text", ["Ankestyrelsesmøde", "{{ fact.appeal_body }}s", "[råd](site:appeal_body)"])
def test_words_that_only_look_like_a_body_are_left_in_peace(text: str) -> None:
    assert advice(text) == []


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("[her](https://ast.dk/)", "adressen https://ast.dk/ er skrevet for hånd; skriv (site:appeal_body)"),
        ("<https://ast.dk>", "skriv (site:appeal_body)"),
        ("[her](https://www.datatilsynet.no)", "skriv (site:norway.data_authority)"),
        ("[her](https://nowhere.example/x?y=1).", "skriv law:NØKKEL eller site:NØKKEL"),
        ("Se www.nowhere.example.", "adressen www.nowhere.example er skrevet for hånd"),
        ("Skriv til post@kommune.example.", "post@kommune.example hører hjemme i portal.toml"),
    ],
)
def test_an_address_by_hand_is_found_with_what_to_write_instead(text: str, instead: str) -> None:
    (message,) = advice(text)
    assert instead in message
