"""Reads a country's legal facts from its TOML file and refuses an entry that is not whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from tomllib import loads
from types import MappingProxyType
from typing import Any

from forms_app.countries.country import Country
from forms_app.countries.facts import Confidence, Fact, Unit
from forms_app.errors import PortalError
from forms_app.language import Language


class BadEntry(PortalError):
    """An entry of a country's legal facts lacks a field, has an unknown one or one of the wrong kind."""


class UnknownFact(PortalError):
    """A page or a form asked for a legal fact that the country's file does not hold."""


@dataclass(frozen=True, kw_only=True)
class Statute:
    """A law, a regulation or an authority's guide that facts and pages refer to by its key."""

    key: str
    title: str
    """In the country's own language."""
    address: str
    version: str
    """Norway: the day of the last change in the text read, or of that copy. Denmark: the act's number."""
    checked_on: date


@dataclass(frozen=True, kw_only=True)
class CountryRules:
    """All that differs between countries, as data."""

    country: Country
    time_zone: str
    """Name in the time zone database; deadlines are counted in its days."""
    region_code: str
    """Two letters (ISO 3166-1): names the holiday calendar and the numbering plan of telephones."""
    national_id_name: Mapping[Language, str]
    """What people call their identity number."""
    facts: Mapping[str, Fact]
    statutes: Mapping[str, Statute]

    def fact(self, name: str) -> Fact:
        """The fact of that name. Raises `UnknownFact`."""
        try:
            return self.facts[name]
        except KeyError:
            raise UnknownFact(f"{self.country}: {name}") from None


_FACT_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "value": (int, str, dict),
    "unit": str,
    "source": str,
    "address": str,
    "checked_on": date,
    "review_by": date,
    "confidence": str,
}
_STATUTE_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "title": str,
    "address": str,
    "version": str,
    "checked_on": date,
}
_RULES_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "time_zone": str,
    "region_code": str,
    "national_id_name": dict,
    "facts": dict,
    "statutes": dict,
}


@lru_cache
def rules_for(country: Country) -> CountryRules:
    """The country's rules as shipped; read once per process."""
    return read_rules(country, files(__package__).joinpath(f"{country}.toml").read_text(encoding="utf-8"))


def read_rules(country: Country, text: str) -> CountryRules:
    """Makes the rules from the text of a TOML file. Raises `BadEntry`."""
    entries = loads(text)
    _demand(country, entries, _RULES_FIELDS)
    statutes = {key: _statute(key, entry) for key, entry in entries["statutes"].items()}
    facts = {name: _fact(name, entry) for name, entry in entries["facts"].items()}
    for fact in facts.values():
        _demand_known_source(fact, statutes)
    return CountryRules(
        country=country,
        time_zone=entries["time_zone"],
        region_code=entries["region_code"],
        national_id_name=_in_every_language("national_id_name", entries["national_id_name"]),
        facts=MappingProxyType(facts),
        statutes=MappingProxyType(statutes),
    )


def _statute(key: str, entry: Any) -> Statute:
    _demand(key, entry, _STATUTE_FIELDS)
    return Statute(key=key, **entry)


def _fact(name: str, entry: Any) -> Fact:
    _demand(name, entry, _FACT_FIELDS, optional={"note": str})
    value = entry["value"]
    unit = _unit(name, entry["unit"])
    if isinstance(value, bool) or isinstance(value, int) != (unit is not None):
        raise BadEntry(f"{name}: a number has a unit, and a name has the unit 'none'")
    if isinstance(value, dict):
        value = _in_every_language(name, value)
    if entry["confidence"] not in list(Confidence):
        raise BadEntry(f"{name}: unknown confidence {entry['confidence']!r}")
    typed = {"name": name, "value": value, "unit": unit, "confidence": Confidence(entry["confidence"])}
    return Fact(**{**entry, **typed})


def _unit(name: str, text: str) -> Unit | None:
    if text == "none":
        return None
    if text not in list(Unit):
        raise BadEntry(f"{name}: unknown unit {text!r}")
    return Unit(text)


def _in_every_language(name: str, words: Mapping[str, Any]) -> Mapping[Language, str]:
    if set(words) != set(Language) or not all(isinstance(word, str) and word for word in words.values()):
        raise BadEntry(f"{name}: needs exactly {', '.join(Language)}")
    return MappingProxyType({language: words[language] for language in Language})


def _demand(
    name: str,
    entry: Any,
    fields: Mapping[str, type | tuple[type, ...]],
    optional: Mapping[str, type] = MappingProxyType({}),
) -> None:
    """Refuses an entry that is not a table of exactly these fields, each filled and of its type."""
    if not isinstance(entry, dict):
        raise BadEntry(f"{name}: is not a table")
    known = {**fields, **optional}
    wrong = sorted((fields.keys() - entry.keys()) | (entry.keys() - known.keys()))
    wrong += sorted(
        key for key, kind in known.items() if key in entry and (entry[key] == "" or not isinstance(entry[key], kind))
    )
    if wrong:
        raise BadEntry(f"{name}: {', '.join(wrong)}")
    if not entry.get("address", "https://").startswith("https://"):
        raise BadEntry(f"{name}: address")


def _demand_known_source(fact: Fact, statutes: Mapping[str, Statute]) -> None:
    """A source with a section sign starts with a statute's key, so that no page cites an unlisted law."""
    for part in fact.source.split(";"):
        if "§" in part and part.split()[0] not in statutes:
            raise BadEntry(f"{fact.name}: unknown statute in {part.strip()!r}")
