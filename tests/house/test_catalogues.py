"""How the catalogues are kept. What they say, and whether it is whole, is checked by `guidance.catalogues`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from house import ROOT

from forms_app.language import Language
from guidance.catalogues import DOMAINS, FOLDERS, check, forms

TRANSLATIONS = ROOT / "translations"
EVERY_CATALOGUE = pytest.mark.parametrize(
    ("language", "domain"), [(language, domain) for language in Language for domain in DOMAINS]
)
SAME_AS_IN_ENGLISH = {
    "weekend",
    "Bokmål",
    "Nynorsk",
    "NAV",
    "E-mail",
    "Reference",
    "Start",
    "Status",
    "Periode",
    "Navn",
    "Cookies",
    "Digital post",
    "Find",
    "For",
    "Mine",
    "Reference: %(reference)s",
}
"""Names, and words that some of the languages share with English."""


def messages(language: Language, domain: str) -> Iterator[Message]:
    with (TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return iter([message for message in read_po(file) if message.id])


def test_every_message_is_collected_and_translated() -> None:
    assert check(ROOT) == []


def test_messages_are_collected_from_the_folders_that_are_checked() -> None:
    update = (TRANSLATIONS / "update").read_text("utf-8")
    assert f"-o translations/messages.pot {' '.join(FOLDERS)}\n" in update


@EVERY_CATALOGUE
def test_no_message_is_left_in_english(language: Language, domain: str) -> None:
    english = {one.id for one in messages(language, domain) if one.string == one.id}
    assert english <= SAME_AS_IN_ENGLISH


@EVERY_CATALOGUE
def test_a_translation_has_no_stray_blanks(language: Language, domain: str) -> None:
    for message in messages(language, domain):
        for text in forms(message.string):
            assert text == text.strip(), message.id
            assert "  " not in text, message.id


@pytest.mark.parametrize("language", list(Language))
def test_a_sentence_ends_as_its_message_does(language: Language) -> None:
    endings = (".", "?")
    for message in messages(language, "messages"):
        for english, text in zip(forms(message.id), forms(message.string), strict=False):
            if english.endswith(endings):
                assert text.endswith((".", "?", ":")), english


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.rglob("*.po*")), ids=lambda path: "/".join(path.parts[-3:]))
def test_catalogues_hold_no_places_in_the_code(path: Path) -> None:
    assert "\n#: " not in path.read_text("utf-8")


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_template_does_not_change_with_the_date(domain: str) -> None:
    assert "-Date: " not in (TRANSLATIONS / f"{domain}.pot").read_text("utf-8")


def test_nothing_is_compiled_beside_the_catalogues() -> None:
    assert list(TRANSLATIONS.rglob("*.mo")) == []
