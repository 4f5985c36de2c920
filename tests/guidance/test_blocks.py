"""Contact cards and the list of laws, in the words of the page's language."""

from forms_app.countries import Country
from forms_app.language import Language
from forms_app.municipality import Contact, Deployment, Municipality
from guidance.blocks import contact_cards, statute_table
from guidance.labels import labels


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
    card = contact_cards(deployment(known), (Country.NORWAY,), Language.NN)
    assert "Fjell &amp; Fjord" in card
    assert "Eining nn" in card
    assert '<dt>Telefon</dt><dd><a href="tel:+4722222222">+47 22 22 22 22</a></dd>' in card
    assert '<a href="mailto:post@fjell.example">' in card
    assert "<dt>Opningstid</dt><dd>9–15<br>fredag 9–14</dd>" in card
    assert "Postadresse" not in card
    assert labels(Language.NN)["contact_missing"] not in card


def test_a_card_without_facts_says_who_fills_them_in() -> None:
    card = contact_cards(deployment(Contact()), (Country.NORWAY,), Language.DA)
    assert "Kommunen skriver telefon og adresse her." in card
    assert "<dl>" not in card


def test_cards_are_of_the_pages_country_only() -> None:
    assert "Fjell" not in contact_cards(deployment(Contact()), (Country.DENMARK,), Language.DA)


def test_laws_are_listed_with_their_edition_and_the_day_they_were_checked() -> None:
    table = statute_table((Country.NORWAY,), Language.NB).replace("\N{NO-BREAK SPACE}", " ")
    row = next(line for line in table.splitlines() if "NL/lov/1999-07-02-63" in line)
    assert row.startswith("| [Pasient- og brukerrettighetsloven](https://lovdata.no/")
    assert row.endswith("| 1. juni 2026 | 21. november 2026 |")
    assert all(line.count("|") == 4 for line in table.splitlines())


def test_every_language_has_the_same_words() -> None:
    keys = [set(labels(language)) for language in Language]
    assert keys[0] == keys[1] == keys[2]
    assert all(word for language in Language for word in labels(language).values())
