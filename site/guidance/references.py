"""What pages refer to instead of writing it: legal facts, contact cards, lists of statutes and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forms_app.countries import Country, UnknownFact, rules_for
from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS, form_url
from guidance.pages import Page

REFERENCE = re.compile(r"\{\{[ \t]*(?P<name>[^{}\n]*?)[ \t]*\}\}")
BLOCK = re.compile(r"^[ \t]*\{\{[ \t]*(?P<name>contacts|sources)[ \t]*\}\}[ \t]*$", re.MULTILINE)
FORM_LINK = re.compile(r"\]\(form:(?P<key>[^)#?\s]*)")
NO_BREAK = "\N{NO-BREAK SPACE}"
FORM_KEYS = (*FORM_SLUGS, "status")

_FACT = re.compile(r"(?P<country>fact|norway|denmark)\.(?P<fact>[a-z0-9_]+)(?P<bare>\.value)?")


class UnknownReference(Exception):
    """A page refers to a fact, a block or a form that does not exist; the message says what to write."""


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """A reference nothing answers to: its position in the page's body, and what to write instead."""

    position: int
    message: str


def unresolved(page: Page) -> Iterator[Unresolved]:
    """Every reference of the page's body that cannot be filled in."""
    blocks = {match.start("name") for match in BLOCK.finditer(page.body)}
    for match in REFERENCE.finditer(page.body):
        if match.start("name") in blocks:
            continue
        try:
            phrase(match["name"], page)
        except UnknownReference as error:
            yield Unresolved(position=match.start(), message=str(error))
    for match in FORM_LINK.finditer(page.body):
        if match["key"] not in FORM_KEYS:
            yield Unresolved(position=match.start(), message=_unknown_form(match["key"]))


def phrase(name: str, page: Page) -> str:
    """What `{{ name }}` says on this page: "4 uker", or "4" with `.value`. Raises UnknownReference."""
    match = _FACT.fullmatch(name)
    if match is None:
        if name in ("contacts", "sources"):
            raise UnknownReference(f"{{{{ {name} }}}} må stå alene på en linje")
        raise UnknownReference(f"ukjent felt {{{{ {name} }}}}; skriv for eksempel {{{{ fact.age_adult }}}}")
    country = _country(match["country"], page)
    try:
        fact = rules_for(country).fact(match["fact"])
    except UnknownFact:
        raise UnknownReference(_unknown_fact(match["fact"], country)) from None
    if match["bare"] and isinstance(fact.value, int | str):
        return str(fact.value)
    words = fact.phrase(page.language)
    # A number and its unit stay on one line.
    return words if fact.unit is None else words.replace(" ", NO_BREAK)


def form_address(key: str, language: Language) -> str:
    """Where the form starts. Raises UnknownReference."""
    if key not in FORM_KEYS:
        raise UnknownReference(_unknown_form(key))
    return form_url(language, key)


def _country(word: str, page: Page) -> Country:
    if word != "fact":
        return Country(word)
    if len(page.countries) != 1:
        raise UnknownReference("siden gjelder ikke ett land; skriv norway.… eller denmark.… for fact.…")
    return page.countries[0]


def _unknown_fact(name: str, country: Country) -> str:
    known = rules_for(country).facts
    near = [one for one in known if one.split("_")[0] == name.split("_")[0]] or list(known)
    return f"ukjent opplysning «{name}» i forms_app/countries/{country}.toml; kjente: {', '.join(near)}"


def _unknown_form(key: str) -> str:
    return f"ukjent skjema «form:{key}»; kjente: {', '.join(f'form:{one}' for one in FORM_KEYS)}"
