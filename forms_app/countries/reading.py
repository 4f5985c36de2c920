"""Reads a country's rules from its TOML file and refuses an entry that is not whole."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from tomllib import loads
from types import MappingProxyType
from typing import Any

from forms_app.countries.country import Country
from forms_app.countries.facts import Confidence, Fact, Unit
from forms_app.countries.rules import ComplaintTimes, CountryRules, OfficialSite, Statute, TableRow
from forms_app.errors import PortalError
from forms_app.language import Language


class BadEntry(PortalError):
    """An entry of a country's legal facts lacks a field, has an unknown one or one of the wrong kind."""


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
    "title": (str, dict),
    "address": str,
    "version": str,
    "checked_on": date,
}
_SITE_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "address": str,
    "checked_on": date,
    "review_by": date,
    "confidence": str,
}
_ROW_FIELDS: Mapping[str, type | tuple[type, ...]] = {"about": dict}
_ROW_OPTIONAL: Mapping[str, type] = {"fact": str, "key": str, "source": str, "send_to": dict}
_RULES_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "time_zone": str,
    "region_code": str,
    "national_id_name": dict,
    "facts": dict,
    "statutes": dict,
}
_TABLES = ("deadlines", "ages", "processing_times")
_RULES_OPTIONAL: Mapping[str, type] = {"sites": dict, "complaints": dict, **dict.fromkeys(_TABLES, list)}
_COMPLAINT_TIMES: Mapping[str, type] = {
    **dict.fromkeys(("reconsider", "reconsider_short", "reply", "forward"), str),
    "late_goes_on": bool,
}


@lru_cache
def rules_for(country: Country) -> CountryRules:
    """The country's rules as shipped; read once per process."""
    return read_rules(country, files(__package__).joinpath(f"{country}.toml").read_text(encoding="utf-8"))


def read_rules(country: Country, text: str) -> CountryRules:
    """Makes the rules from the text of a TOML file. Raises `BadEntry`."""
    entries = loads(text)
    _demand(country, entries, _RULES_FIELDS, optional=_RULES_OPTIONAL)
    statutes = {key: _statute(key, entry) for key, entry in entries["statutes"].items()}
    facts = {name: _fact(name, entry) for name, entry in entries["facts"].items()}
    tables = {name: tuple(_row(name, entry, facts) for entry in entries.get(name, [])) for name in _TABLES}
    for name, source in [
        *((fact.name, fact.source) for fact in facts.values()),
        *((row.key, row.source) for rows in tables.values() for row in rows),
    ]:
        _demand_known_source(name, source, statutes)
    return CountryRules(
        country=country,
        time_zone=entries["time_zone"],
        region_code=entries["region_code"],
        national_id_name=_in_every_language("national_id_name", entries["national_id_name"]),
        facts=MappingProxyType(facts),
        statutes=MappingProxyType(statutes),
        sites=MappingProxyType({key: _site(key, entry) for key, entry in entries.get("sites", {}).items()}),
        complaints=_complaint_times(entries.get("complaints", {}), facts),
        **tables,
    )


def _complaint_times(entry: Any, facts: Mapping[str, Fact]) -> ComplaintTimes:
    _demand("complaints", entry, {}, optional=_COMPLAINT_TIMES)
    named = {key: name for key, name in entry.items() if isinstance(name, str)}
    unknown = sorted(set(named.values()) - set(facts))
    if unknown:
        raise BadEntry(f"complaints: no such fact: {', '.join(unknown)}")
    return ComplaintTimes(**{**entry, **{key: facts[name] for key, name in named.items()}})


def _statute(key: str, entry: Any) -> Statute:
    _demand(key, entry, _STATUTE_FIELDS)
    title = entry["title"]
    named = {"key": key, "title": title if isinstance(title, str) else _in_every_language(key, title)}
    return Statute(**{**entry, **named})


def _site(key: str, entry: Any) -> OfficialSite:
    _demand(key, entry, _SITE_FIELDS)
    return OfficialSite(**{**entry, "key": key, "confidence": _confidence(key, entry["confidence"])})


def _row(table: str, entry: Any, facts: Mapping[str, Fact]) -> TableRow:
    """A row stands on a fact, whose name is then its key, or has a key and a source of its own."""
    _demand(table, entry, _ROW_FIELDS, optional=_ROW_OPTIONAL)
    name = entry.get("fact") or entry.get("key", "")
    if ("fact" in entry) == ("key" in entry) or ("key" in entry) != ("source" in entry):
        raise BadEntry(f"{table}: {name}: needs a fact, or else a key and a source")
    if "fact" in entry and name not in facts:
        raise BadEntry(f"{table}: {name}: no such fact")
    fact = facts.get(name) if "fact" in entry else None
    send_to = entry.get("send_to")
    return TableRow(
        key=name,
        about=_in_every_language(name, entry["about"]),
        send_to=None if send_to is None else _in_every_language(name, send_to),
        fact=fact,
        source=fact.source if fact else entry["source"],
    )


def _fact(name: str, entry: Any) -> Fact:
    _demand(name, entry, _FACT_FIELDS, optional={"note": str})
    value = entry["value"]
    unit = _unit(name, entry["unit"])
    if isinstance(value, bool) or isinstance(value, int) != (unit is not None):
        raise BadEntry(f"{name}: a number has a unit, and a name has the unit 'none'")
    if isinstance(value, dict):
        value = _in_every_language(name, value)
    typed = {"name": name, "value": value, "unit": unit, "confidence": _confidence(name, entry["confidence"])}
    return Fact(**{**entry, **typed})


def _confidence(name: str, letter: str) -> Confidence:
    if letter not in list(Confidence):
        raise BadEntry(f"{name}: unknown confidence {letter!r}")
    return Confidence(letter)


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


def _demand_known_source(name: str, source: str, statutes: Mapping[str, Statute]) -> None:
    """A source with a section sign starts with a statute's key, so that no page cites an unlisted law."""
    for part in source.split(";"):
        if "§" in part and part.split()[0] not in statutes:
            raise BadEntry(f"{name}: unknown statute in {part.strip()!r}")
