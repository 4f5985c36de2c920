"""Every message is collected, translated into all three languages, and says the same things."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from house import ROOT

from forms_app.language import Language

TRANSLATIONS = ROOT / "translations"
DOMAINS = ("messages", "wtforms")
EVERY_CATALOGUE = pytest.mark.parametrize(
    ("language", "domain"), [(language, domain) for language in Language for domain in DOMAINS]
)
SAME_AS_IN_ENGLISH = {"Bokmål", "Nynorsk", "NAV", "E-mail", "Reference", "Start", "Status", "Periode", "Navn"}
"""Names, and words that some of the languages share with English."""

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(path: Path) -> Iterator[Message]:
    return (message for message in catalogue(path) if message.id)


def po(language: Language, domain: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


def forms(text: Any) -> tuple[str, ...]:
    """A message's singular and plurals."""
    return (text,) if isinstance(text, str) else tuple(text)


def keys(path: Path) -> set[tuple[Any, str | None]]:
    return {(message.id, message.context) for message in messages(path)}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both templates, collected anew."""
    folder = tmp_path_factory.mktemp("extracted")
    pybabel = [sys.executable, "-W", "ignore", "-m", "babel.messages.frontend", "-q", "extract"]
    ours = ["-F", "pyproject.toml", "-k", "lazy_gettext", "-o", str(folder / "messages.pot"), "forms_app"]
    theirs = ["-o", str(folder / "wtforms.pot"), str(Path(wtforms.__file__).parent)]
    for what in (ours, theirs):
        subprocess.run([*pybabel, *what], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_template_holds_the_messages_of_the_code_and_no_others(extracted: Path, domain: str) -> None:
    committed, fresh = keys(TRANSLATIONS / f"{domain}.pot"), keys(extracted / f"{domain}.pot")
    assert fresh
    assert fresh - committed == set(), "run `make messages`"
    assert committed - fresh == set(), "run `make messages`"


@EVERY_CATALOGUE
def test_a_catalogue_holds_the_messages_of_its_template_and_no_others(language: Language, domain: str) -> None:
    assert keys(po(language, domain)) == keys(TRANSLATIONS / f"{domain}.pot")
    assert not catalogue(po(language, domain)).obsolete


@EVERY_CATALOGUE
def test_every_message_is_translated_and_none_is_a_guess(language: Language, domain: str) -> None:
    missing = [one.id for one in messages(po(language, domain)) if not all(forms(one.string)) or not one.string]
    assert missing == []
    assert [one.id for one in messages(po(language, domain)) if one.fuzzy] == []


@EVERY_CATALOGUE
def test_a_translation_has_the_placeholders_of_its_message(language: Language, domain: str) -> None:
    for message in messages(po(language, domain)):
        wanted = {found for text in forms(message.id) for found in PLACEHOLDER.findall(text)}
        for text in forms(message.string):
            given = set(PLACEHOLDER.findall(text))
            assert given == wanted or (message.pluralizable and given <= wanted), message.id


@EVERY_CATALOGUE
def test_no_message_is_left_in_english(language: Language, domain: str) -> None:
    english = {one.id for one in messages(po(language, domain)) if one.string == one.id}
    assert english <= SAME_AS_IN_ENGLISH


@EVERY_CATALOGUE
def test_a_translation_has_no_stray_blanks(language: Language, domain: str) -> None:
    for message in messages(po(language, domain)):
        for text in forms(message.string):
            assert text == text.strip(), message.id
            assert "  " not in text, message.id


@pytest.mark.parametrize("language", list(Language))
def test_a_sentence_ends_as_its_message_does(language: Language) -> None:
    endings = (".", "?")
    for message in messages(po(language, "messages")):
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
