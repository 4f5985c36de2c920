"""What pages refer to instead of writing it: legal facts, official addresses, generated blocks and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forms_app.countries import Country, UnknownFact, rules_for
from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS, form_url
from guidance.pages import Page

REFERENCE = re.compile(r"\{\{[ \t]*(?P<name>[^{}\n]*?)[ \t]*\}\}")
NO_BREAK = "\N{NO-BREAK SPACE}"
FORM_KEYS = (*FORM_SLUGS, "status", "self_check", "confirm")
BLOCK_NAMES = ("contacts", "sources", "deadlines", "ages", "processing_times", *(f"before.{key}" for key in FORM_SLUGS))
"""What may stand alone on a line and becomes a table, a list of cards or what a form asks."""

LINK = re.compile(r"\]\((?P<scheme>form|law|site):(?P<key>[^)#?\s]*)")

_ON_ITS_OWN = re.compile(r"^[ \t]*\{\{[ \t]*(?P<name>[a-z_.]+)[ \t]*\}\}[ \t]*$", re.MULTILINE)
_FACT = re.compile(r"(?P<country>fact|norway|denmark)\.(?P<fact>[a-z0-9_]+)(?P<bare>\.value)?")
_EXAMPLE = re.compile(r"example\.(?P<number>[0-9][0-9.,–-]*)")
_ADDRESS = re.compile(r"(?:(?P<country>norway|denmark)\.)?(?P<key>[A-Za-z0-9_]+)")


class UnknownReference(Exception):
    """A page refers to a fact, a block, an address or a form that does not exist; the message says what to write."""


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """A reference nothing answers to: its position in the page's body, and what to write instead."""

    position: int
    message: str


def blocks(body: str) -> Iterator[re.Match[str]]:
    """Every generated block of a page's body; the match's `name` is one of BLOCK_NAMES."""
    return (match for match in _ON_ITS_OWN.finditer(body) if match["name"] in BLOCK_NAMES)


def unresolved(page: Page) -> Iterator[Unresolved]:
    """Every reference of the page's body that cannot be filled in."""
    of_blocks = {match.start("name") for match in blocks(page.body)}
    for match in REFERENCE.finditer(page.body):
        if match.start("name") in of_blocks:
            continue
        try:
            phrase(match["name"], page)
        except UnknownReference as error:
            yield Unresolved(position=match.start(), message=str(error))
    for match in LINK.finditer(page.body):
        try:
            address(match["scheme"], match["key"], page)
        except UnknownReference as error:
            yield Unresolved(position=match.start(), message=str(error))


def phrase(name: str, page: Page) -> str:
    """What `{{ name }}` says on this page: "4 uker", or "4" with `.value`. Raises UnknownReference.

    `{{ example.9 }}` says 9: a number of a story, which is no legal number.
    """
    if example := _EXAMPLE.fullmatch(name):
        return example["number"]
    match = _FACT.fullmatch(name)
    if match is None:
        if name in BLOCK_NAMES:
            raise UnknownReference(f"{{{{ {name} }}}} må stå alene på en linje")
        raise UnknownReference(f"ukjent felt {{{{ {name} }}}}; skriv for eksempel {{{{ fact.age_adult }}}}")
    country = _country("" if match["country"] == "fact" else match["country"], page)
    try:
        fact = rules_for(country).fact(match["fact"])
    except UnknownFact:
        raise UnknownReference(_unknown_fact(match["fact"], country)) from None
    if match["bare"] and isinstance(fact.value, int | str):
        return str(fact.value)
    words = fact.phrase(page.language)
    # A number and its unit stay on one line.
    return words if fact.unit is None else words.replace(" ", NO_BREAK)


def address(scheme: str, key: str, page: Page) -> str:
    """Where `form:application`, `law:PBRL` or `site:helsenorge` leads from this page. Raises UnknownReference."""
    if scheme == "form":
        return form_address(key, page.language)
    match = _ADDRESS.fullmatch(key)
    if match is None:
        raise UnknownReference(f"ukjent adresse «{scheme}:{key}»; skriv for eksempel law:PBRL")
    country = _country(match["country"] or "", page)
    rules = rules_for(country)
    known = rules.statutes if scheme == "law" else rules.sites
    if match["key"] not in known:
        table = "statutes" if scheme == "law" else "sites"
        message = f"ukjent adresse «{scheme}:{key}» i [{table}] i forms_app/countries/{country}.toml"
        raise UnknownReference(f"{message}; kjente: {', '.join(known)}")
    return known[match["key"]].address


def form_address(key: str, language: Language) -> str:
    """Where the form starts. Raises UnknownReference."""
    if key not in FORM_KEYS:
        known = ", ".join(f"form:{one}" for one in FORM_KEYS)
        raise UnknownReference(f"ukjent skjema «form:{key}»; kjente: {known}")
    return form_url(language, key)


def _country(word: str, page: Page) -> Country:
    if word:
        return Country(word)
    if len(page.countries) != 1:
        raise UnknownReference("siden gjelder ikke ett land; skriv norway.… eller denmark.… foran navnet")
    return page.countries[0]


def _unknown_fact(name: str, country: Country) -> str:
    known = rules_for(country).facts
    near = [one for one in known if one.split("_")[0] == name.split("_")[0]] or list(known)
    return f"ukjent opplysning «{name}» i forms_app/countries/{country}.toml; kjente: {', '.join(near)}"
