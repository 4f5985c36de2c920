"""Contact cards and generated tables, in the words of the page's language."""

import pytest

from forms_app.countries import Country, Unit, rules_for
from forms_app.language import Language
from forms_app.municipality import Contact, Deployment, Municipality, ProcessingTime
from guidance import tables
from guidance.blocks import block, contact_cards
from guidance.labels import labels
from guidance.pages import JURISDICTIONS, Page, parse_page


def page(language: Language, country: Country) -> Page:
    word = next(name for name, one in JURISDICTIONS.items() if one is country)
    return parse_page(language, "kilder.md", f"---\njurisdiction: [{word}]\n---\n")


def danish_town(name: str, **times: ProcessingTime) -> Municipality:
    return Municipality(
        key=name.lower(),
        name=name,
        country=Country.DENMARK,
        default_language=Language.DA,
        coordinating_unit=dict.fromkeys(Language, "afdelingen"),
        contact=Contact(),
        channels=(),
        processing_times=times,
    )


def served_by(*towns: Municipality) -> Deployment:
    return Deployment(demo=False, municipalities=towns)


def rows(table: str) -> list[list[str]]:
    """The cells of each row under the headings, with ordinary spaces."""
    lines = [line for line in table.replace("\N{NO-BREAK SPACE}", " ").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def deployment(contact: Contact) -> Deployment:
    town = Municipality(
        key="town",
        name="Fjell & Fjord",
        country=Country.NORWAY,
        default_language=Language.NN,
        coordinating_unit={language: f"eining {language}" for language in Language},
        contact=contact,
        channels=(),
    )
    return Deployment(demo=False, municipalities=(town,))


def test_a_card_shows_what_is_known_and_nothing_else() -> None:
    known = Contact(phone="+47 22 22 22 22", email="post@fjell.example", opening_hours="9–15\nfredag 9–14")
    card = contact_cards(page(Language.NN, Country.NORWAY), deployment(known))
    assert "Fjell &amp; Fjord" in card
    assert "Eining nn" in card
    assert '<dt>Telefon</dt><dd><a href="tel:+4722222222">+47 22 22 22 22</a></dd>' in card
    assert '<a href="mailto:post@fjell.example">' in card
    assert "<dt>Opningstid</dt><dd>9–15<br>fredag 9–14</dd>" in card
    assert "Postadresse" not in card
    assert labels(Language.NN)["contact_missing"] not in card


def test_a_card_without_facts_says_who_fills_them_in() -> None:
    card = contact_cards(page(Language.DA, Country.NORWAY), deployment(Contact()))
    assert "Kommunen skriver telefon og adresse her." in card
    assert "<dl>" not in card


def test_cards_are_of_the_pages_country_only() -> None:
    assert "Fjell" not in contact_cards(page(Language.DA, Country.DENMARK), deployment(Contact()))


def test_laws_are_listed_with_their_edition_and_the_day_they_were_checked() -> None:
    norwegian = page(Language.NB, Country.NORWAY)
    table = block("sources", norwegian, deployment(Contact())).replace("\N{NO-BREAK SPACE}", " ")
    row = next(line for line in table.splitlines() if "NL/lov/1999-07-02-63" in line)
    assert row.startswith("| [Pasient- og brukerrettighetsloven](https://lovdata.no/")
    assert row.endswith("| 1. juni 2026 | 21. november 2026 |")
    assert all(line.count("|") == 4 for line in table.splitlines())


def test_every_language_has_the_same_words() -> None:
    keys = [set(labels(language)) for language in Language]
    assert keys[0] == keys[1] == keys[2]
    assert all(word for language in Language for word in labels(language).values())


def test_the_table_of_deadlines_says_how_long_where_to_and_by_which_law() -> None:
    found = rows(block("deadlines", page(Language.NN, Country.NORWAY), deployment(Contact())))
    assert [(row[1], row[2]) for row in found] == [
        ("4 veker", "Kommunen"),
        ("4 veker", "Kommunen"),
        ("3 veker", "NAV-kontoret"),
        ("6 veker", "NAV"),
    ]
    assert found[0][3] == "[Pasient- og brukarrettslova](https://lovdata.no/dokument/NL/lov/1999-07-02-63) § 7-5"
    assert found[2][3].count("](https://lovdata.no/") == 2


def test_the_table_of_ages_rises_and_gives_each_number_its_meaning() -> None:
    found = rows(block("ages", page(Language.DA, Country.DENMARK), deployment(Contact())))
    ages = [row.fact.number for row in rules_for(Country.DENMARK).ages if row.fact]
    assert [row[0] for row in found] == [f"{age} år" for age in ages]
    assert all(meaning and law for unused_age, meaning, law in found)


def test_processing_times_are_the_laws_or_else_the_municipalitys_own() -> None:
    town = danish_town("By", action_plan=ProcessingTime(number=12, unit=Unit.WEEKS))
    found = rows(
        block("processing_times", page(Language.DA, Country.DENMARK), Deployment(demo=False, municipalities=(town,)))
    )
    limits = {row[0]: row[1] for row in found}
    assert limits["Handleplan til voksne"] == "12 uger"
    assert limits["Barnets plan"] == "3 måneder"
    assert limits["Ledsagelse til voksne"] == labels(Language.DA)["time_missing"]
    assert len(found) == len(rules_for(Country.DENMARK).processing_times)


def test_several_municipalities_have_a_table_each_under_their_name() -> None:
    towns = (danish_town("Nord"), danish_town("Syd"))
    text = tables.processing_times(page(Language.DA, Country.DENMARK), served_by(*towns))
    assert text.index("**Nord**") < text.index("**Syd**")
    assert text.count("Barnets plan") == 2


@pytest.mark.parametrize("name", ["deadlines", "ages", "processing_times"])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("country", list(Country))
def test_every_table_is_whole_in_every_language(name: str, language: Language, country: Country) -> None:
    table = block(name, page(language, country), served_by(danish_town("By")))
    widths = {line.replace(r"\|", "").count("|") for line in table.splitlines()}
    assert len(widths) <= 1
    assert all(all(row) for row in rows(table))
