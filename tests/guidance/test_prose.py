"""The language checks read what people read, and know the line it stands on."""

import pytest

from forms_app.language import Language
from guidance.pages import Page, parse_page
from guidance.prose import body_prose_of, prose_of


def page(body: str, *, language: Language = Language.NB, country: str = "norge", title: str = "Klage") -> Page:
    text = f'---\ntitle: "{title}"\ndescription: Kort.\nowner: Enheten\njurisdiction: [{country}]\n---\n{body}'
    return parse_page(language, "klage.md", text)


def read(body: str) -> list[str]:
    return [prose.text for prose in body_prose_of(page(body))]


def words_checked(found: Page) -> list[str]:
    return [prose.text for prose in prose_of(found, with_foreign=False)][3:]


def test_each_run_of_words_stands_on_its_line() -> None:
    body = """# Klage { #klage }

Du kan klage
selv.

- Skriv.
1. Send.

| Hva | Frist |
|---|---|
| Plan | {{ fact.appeal_health }} |

!!! tip "Kort fortalt"
    Ring oss.

Part
:   Den saken gjelder.
"""
    assert [(prose.line, prose.text.replace("\N{NO-BREAK SPACE}", " ")) for prose in prose_of(page(body))] == [
        (2, "Klage"),
        (3, "Kort."),
        (4, "Enheten"),
        (7, "Klage"),
        (9, "Du kan klage\nselv."),
        (12, "Skriv."),
        (13, "Send."),
        (15, "Hva"),
        (15, "Frist"),
        (17, "Plan"),
        (17, "4 uker"),
        (19, "Kort fortalt"),
        (20, "Ring oss."),
        (22, "Part"),
        (23, "Den saken gjelder."),
    ]


@pytest.mark.parametrize(
    ("written", "as_read"),
    [
        ("Les [om klage](klage.md#frist) først.", ["Les om klage først."]),
        ("Se [loven](law:PBRL){ .lov }.", ["Se loven."]),
        ("Se [loven][1].\n\n[1]: klage.md", ["Se loven."]),
        ("Et **viktig** og _stille_ ord.", ["Et viktig og stille ord."]),
        ("Skriv `status: draft` her.", ["Skriv  her."]),
        ("```\nkode\n```\nTekst.", ["Tekst."]),
        ("Før.\n\n<!-- en\nmerknad -->\n\nEtter.", ["Før.", "Etter."]),
        ('<div class="doors" markdown>\n\nTekst<br>mer.\n\n</div>', ["Tekst", "mer."]),
        ("Ord<sup>1</sup> og to&nbsp;til.", ["Ord1 og to\N{NO-BREAK SPACE}til."]),
        ("> Et sitat.", ["Et sitat."]),
        ("Gå til helsenorge.no/fullmakt eller skriv til meg@example.org.", ["Gå til  eller skriv til ."]),
        ("Et avsnitt.\n\n---\n\nEt til.", ["Et avsnitt.", "Et til."]),
        ("- [x] Ferdig.", ["Ferdig."]),
        ("![Et kart](kart.png)", ["Et kart"]),
        ("Noe[^1].\n\n[^1]: Forklart.", ["Noe.", "Forklart."]),
        ("Ida fyller {{ example.9 }}.", ["Ida fyller 9."]),
        ("Vent {{ fact.appeal_helth }}.", ["Vent ."]),
        ("{{ contacts }}\n\nRing.", ["Ring."]),
    ],
)
def test_markup_is_not_read(written: str, as_read: list[str]) -> None:
    assert read(written) == as_read


def test_a_later_line_of_a_paragraph_has_its_own_number() -> None:
    (prose,) = body_prose_of(page("\nFørste linje,\nandre linje.\n"))
    assert prose.line == 8
    assert prose.line_of(prose.text.index("andre")) == 9


def test_a_fact_in_the_title_is_filled_in() -> None:
    title = next(iter(prose_of(page("", title="Under {{ fact.age_weight }}"))))
    assert title.text.replace("\N{NO-BREAK SPACE}", " ") == "Under 12 år"


def test_what_is_marked_with_its_language_can_be_left_out_anywhere() -> None:
    found = page('Et *vedtak* heter *afgørelse*{ lang="da" } og [fuldmagt](klage.md){ lang=da } der.')
    assert words_checked(found) == ["Et vedtak heter  og  der."]


@pytest.mark.parametrize(
    "quoted", ["*afgørelse*", "«afgørelse»", "»afgørelse«", "[afgørelse](law:RSL)", "[afgørelse](site:advice)"]
)
def test_on_a_page_about_another_country_quoting_is_enough(quoted: str) -> None:
    body = f"Det heter {quoted} der."
    assert words_checked(page(body, country="danmark")) == ["Det heter  der."]
    assert words_checked(page(body, language=Language.DA, country="norge")) == ["Det heter  der."]
    assert "afgørelse" in words_checked(page(body))[0]
    assert "afgørelse" in words_checked(page(body, language=Language.DA, country="danmark"))[0]


def test_bold_words_are_the_pages_own() -> None:
    assert words_checked(page("En **avgjørelse** her.", country="danmark")) == ["En avgjørelse her."]
