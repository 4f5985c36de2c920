"""Reads `portal.toml`, and says everything that is wrong with it at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from forms_app.countries import Country, Unit, rules_for
from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS
from forms_app.municipality.channels import CHANNEL_KINDS, ChannelKind, ChannelSettings
from forms_app.municipality.receivers import (
    BadDeployment,
    Contact,
    Deployment,
    Municipality,
    ProcessingTime,
    RetentionOutcome,
    RetentionRule,
)

_KEY = re.compile(r"[a-z0-9_-]+")
_IN_WORDS = {
    str: "text in quotes",
    bool: "true or false, without quotes",
    int: "a whole number",
    list: "a list in [ ]",
    dict: "a table",
}
_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


def load_deployment(path: Path) -> Deployment:
    """Read and check `portal.toml`; raises BadDeployment with everything that is wrong at once."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDeployment(f"{path}: {error}") from error
    faults: list[str] = []
    top = _Table(place="", values=raw, faults=faults)
    municipalities = tuple(_municipality(entry) for entry in top.tables("municipality"))
    for key in _repeated(one.key for one in municipalities):
        faults.append(f"municipality {key}: the key is used twice")
    demo = top.optional("demo", bool)
    retention = tuple(_retention(entry) for entry in top.tables("retention"))
    for named in _repeated(f"{rule.form} {rule.outcome}" for rule in retention):
        faults.append(f"retention: two rules for {named}")
    if not municipalities and not faults:
        faults.append("no [[municipality]]")
    if faults:
        raise BadDeployment("; ".join([str(path), *faults]))
    return Deployment(demo=demo, municipalities=municipalities, retention=retention)


@dataclass(frozen=True, kw_only=True)
class _Table:
    """A table of portal.toml. What is wrong in it joins `faults`, and something of the right type stands in for it."""

    place: str
    values: Mapping[str, Any]
    faults: list[str]

    def fault(self, what: str) -> None:
        self.faults.append(self.place + what)

    def optional(self, name: str, kind: type[_Value]) -> _Value:
        """What stands there, empty where nothing does."""
        value = self.values.get(name, kind())
        if isinstance(value, kind):
            return value
        self.fault(f"'{name}' must be {_IN_WORDS[kind]}")
        return kind()

    def demand(self, name: str) -> None:
        if self.values.get(name) in (None, "", [], {}):
            self.fault(f"'{name}' is missing or empty")

    def required(self, name: str, kind: type[_Value]) -> _Value:
        self.demand(name)
        return self.optional(name, kind)

    def count(self, name: str) -> int:
        """A number of things or days, of which there must be some."""
        number = self.optional(name, int)
        if number < 1 or isinstance(number, bool):
            self.fault(f"'{name}' must be a whole number above 0")
        return number

    def choice(self, name: str, kind: type[_Choice]) -> _Choice:
        value, choices = self.required(name, str), list(kind)
        if value and value not in choices:
            self.fault(f"'{name}' must be one of {', '.join(choices)}")
        return kind(value) if value in choices else choices[0]

    def texts(self, name: str) -> tuple[str, ...]:
        entries = self.optional(name, list)
        if not all(isinstance(entry, str) for entry in entries):
            self.fault(f"each of '{name}' must be {_IN_WORDS[str]}")
        return tuple(map(str, entries))

    def table(self, name: str) -> "_Table":
        return self._within(name, self.optional(name, dict))

    def tables(self, name: str) -> "list[_Table]":
        entries = self.optional(name, list)
        if not all(isinstance(entry, dict) for entry in entries):
            self.fault(f"each '{name}' must be a table of its own, such as one under [[{name}]] with two brackets")
            return []
        return [self._within(name, entry) for entry in entries]

    def demand_known(self, names: Iterable[str]) -> None:
        for name in self.values.keys() - set(names):
            self.fault(f"nothing is called '{name}' here")

    def _within(self, name: str, values: Mapping[str, Any]) -> "_Table":
        return _Table(place=f"{self.place}{name}: ", values=values, faults=self.faults)


def _retention(entry: _Table) -> RetentionRule:
    entry.demand_known(RetentionRule.__dataclass_fields__)
    form = entry.required("form", str)
    if form and form not in FORM_SLUGS:
        entry.fault(f"'form' must be one of {', '.join(FORM_SLUGS)}")
    outcome, days = entry.choice("outcome", RetentionOutcome), entry.values.get("days")
    if type(days) is not int or days < 0:
        entry.fault("'days' must be a whole number, 0 for as soon as it is proven that the case is kept elsewhere")
        days = 0
    return RetentionRule(form=form, outcome=outcome, days=days)


def _municipality(entry: _Table) -> Municipality:
    entry = replace(entry, place=f"municipality {entry.values.get('key', '?')}: ")
    entry.demand_known(Municipality.__dataclass_fields__)
    key = entry.required("key", str)
    if key and not _KEY.fullmatch(key):
        entry.fault("'key' may hold a to z, 0 to 9, - and _ only, for a folder is named by it")
    country = entry.choice("country", Country)
    return Municipality(
        key=key,
        name=entry.required("name", str),
        country=country,
        default_language=entry.choice("default_language", Language),
        coordinating_unit=_in_every_language(entry, "coordinating_unit"),
        contact=_contact(entry.table("contact")),
        channels=_channels(entry),
        recipients=entry.texts("recipients"),
        processing_times=_processing_times(entry.table("processing_times"), country),
        review_by=_day(entry, "review_by"),
        **_if_given(entry),
    )


def _if_given(entry: _Table) -> dict[str, Any]:
    """Only what is given: the rest is as usual."""
    given: dict[str, Any] = {}
    if "own_copy" in entry.values:
        given["own_copy"] = entry.optional("own_copy", bool)
    for name in ("own_copy_days", "coordinator_within_days"):
        if name in entry.values:
            given[name] = entry.count(name)
    return given


def _processing_times(entry: _Table, country: Country) -> dict[str, ProcessingTime]:
    entry.demand_known(row.key for row in rules_for(country).processing_times if row.fact is None)
    return {area: _processing_time(entry.table(area)) for area in entry.values}


def _processing_time(entry: _Table) -> ProcessingTime:
    entry.demand_known(("value", "unit"))
    entry.demand("value")
    return ProcessingTime(number=entry.count("value"), unit=entry.choice("unit", Unit))


def _day(entry: _Table, name: str) -> date | None:
    value = entry.values.get(name)
    if value is None or type(value) is date:
        return value
    entry.fault(f"'{name}' must be a day, without quotes: 2027-05-21")
    return None


def _in_every_language(entry: _Table, name: str) -> dict[Language, str]:
    entry.demand(name)
    words = entry.table(name)
    words.demand_known(Language)
    return {language: words.required(language, str) for language in Language} if words.values else {}


def _contact(entry: _Table) -> Contact:
    names = Contact.__dataclass_fields__
    entry.demand_known(names)
    return Contact(**{name: entry.optional(name, str) or None for name in names})


def _channels(entry: _Table) -> tuple[ChannelSettings, ...]:
    entry.demand("channels")
    channels = tuple(_channel(one) for one in entry.tables("channels"))
    taken = [(channel.kind, form) for channel in channels for form in FORM_SLUGS if channel.takes(form)]
    for kind in _repeated(channel.kind for channel in channels):
        twice = [form for form in FORM_SLUGS if taken.count((kind, form)) > 1]
        if twice:
            entry.fault(
                f"two channels are of the kind '{kind}' for {', '.join(twice)}, but a form is handed over once through "
                "each kind"
            )
    handed_over = {form for kind, form in taken if kind in CHANNEL_KINDS and CHANNEL_KINDS[kind].hands_over}
    left_out = [form for form in FORM_SLUGS if form not in handed_over]
    if channels and left_out and all(channel.kind in CHANNEL_KINDS for channel in channels):
        entry.fault(f"no channel hands over {', '.join(left_out)}")
    return channels


def _channel(entry: _Table) -> ChannelSettings:
    name = entry.required("kind", str)
    if name and name not in CHANNEL_KINDS:
        entry.fault(f"'kind' must be one of {', '.join(sorted(CHANNEL_KINDS))}")
    kind = CHANNEL_KINDS.get(name)
    forms, opened = entry.texts("forms"), entry.optional("opened", bool)
    if set(forms) - set(FORM_SLUGS):
        entry.fault(f"each of 'forms' must be one of {', '.join(FORM_SLUGS)}")
    if kind and opened and not kind.can_be_opened:
        entry.fault(f"'{name}' is never opened: mail is read on its way")
    return ChannelSettings(kind=name, forms=forms, opened=opened, options=_options(entry, kind) if kind else {})


def _options(entry: _Table, kind: ChannelKind) -> dict[str, Any]:
    entry.demand_known(("kind", "forms", "opened", *kind.must, *kind.may))
    for name in kind.must:
        entry.demand(name)
    found: dict[str, Any] = {name: _option(entry, name, of) for name, of in kind.must.items()}
    for name, usual in kind.may.items():
        found[name] = _option(entry, name, type(usual)) if name in entry.values else usual
    return found


def _option(entry: _Table, name: str, of: type) -> Any:
    if of in (list, tuple):
        return entry.texts(name)
    return entry.count(name) if of is int else entry.optional(name, of)


def _repeated(values: Iterable[str]) -> list[str]:
    found = [value for value in values if value]
    return sorted({value for value in found if found.count(value) > 1})
