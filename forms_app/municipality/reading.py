"""Reads `portal.toml`, and says everything that is wrong with it at once."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

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
from forms_app.municipality.table import Table

_KEY = re.compile(r"[a-z0-9_-]+")
_OF_TIME = (Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS)


def load_deployment(path: Path) -> Deployment:
    """Read and check `portal.toml`; raises BadDeployment with everything that is wrong at once."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDeployment(f"{path}: {error}") from error
    faults: list[str] = []
    top = Table(place="", values=raw, faults=faults)
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


def _retention(entry: Table) -> RetentionRule:
    entry.demand_known(RetentionRule.__dataclass_fields__)
    form = entry.required("form", str)
    if form and form not in FORM_SLUGS:
        entry.fault(f"'form' must be one of {', '.join(FORM_SLUGS)}")
    outcome, days = entry.choice("outcome", RetentionOutcome), entry.values.get("days")
    if type(days) is not int or days < 0:
        entry.fault("'days' must be a whole number, 0 for as soon as it is proven that the case is kept elsewhere")
        days = 0
    return RetentionRule(form=form, outcome=outcome, days=days)


def _municipality(entry: Table) -> Municipality:
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
        complaint_target=_complaint_target(entry, country),
        review_by=_day(entry, "review_by"),
        **_if_given(entry),
    )


def _if_given(entry: Table) -> dict[str, Any]:
    """Only what is given: the rest is as usual."""
    given: dict[str, Any] = {}
    if "own_copy" in entry.values:
        given["own_copy"] = entry.optional("own_copy", bool)
    for name in ("own_copy_days", "coordinator_within_days"):
        if name in entry.values:
            given[name] = entry.count(name)
    return given


def _processing_times(entry: Table, country: Country) -> dict[str, ProcessingTime]:
    entry.demand_known(row.key for row in rules_for(country).processing_times if row.fact is None)
    return {area: _processing_time(entry.table(area)) for area in entry.values}


def _processing_time(entry: Table) -> ProcessingTime:
    entry.demand_known(("value", "unit"))
    entry.demand("value")
    return ProcessingTime(number=entry.count("value"), unit=entry.choice("unit", Unit, among=_OF_TIME))


def _complaint_target(entry: Table, country: Country) -> ProcessingTime | None:
    if "complaint_target" not in entry.values:
        return None
    by_law = rules_for(country).complaints.reconsider
    if by_law:
        entry.fault(
            "'complaint_target' is for where no law sets a time to look at a decision again; here "
            f"{by_law.source} does, and every complaint has that date by itself"
        )
    return _processing_time(entry.table("complaint_target"))


def _day(entry: Table, name: str) -> date | None:
    value = entry.values.get(name)
    if value is None or type(value) is date:
        return value
    entry.fault(f"'{name}' must be a day, without quotes: 2027-05-21")
    return None


def _in_every_language(entry: Table, name: str) -> dict[Language, str]:
    entry.demand(name)
    words = entry.table(name)
    words.demand_known(Language)
    return {language: words.required(language, str) for language in Language} if words.values else {}


def _contact(entry: Table) -> Contact:
    names = Contact.__dataclass_fields__
    entry.demand_known(names)
    return Contact(**{name: entry.optional(name, str) or None for name in names})


def _channels(entry: Table) -> tuple[ChannelSettings, ...]:
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


def _channel(entry: Table) -> ChannelSettings:
    name = entry.required("kind", str)
    if name and name not in CHANNEL_KINDS:
        entry.fault(f"'kind' must be one of {', '.join(sorted(CHANNEL_KINDS))}")
    kind = CHANNEL_KINDS.get(name)
    forms, opened = entry.texts("forms"), entry.optional("opened", bool)
    if set(forms) - set(FORM_SLUGS):
        entry.fault(f"each of 'forms' must be one of {', '.join(FORM_SLUGS)}")
        forms = ()
    if kind and opened and not kind.can_be_opened:
        entry.fault(f"'{name}' is never opened: mail is read on its way")
    return ChannelSettings(kind=name, forms=forms, opened=opened, options=_options(entry, kind) if kind else {})


def _options(entry: Table, kind: ChannelKind) -> dict[str, Any]:
    entry.demand_known(("kind", "forms", "opened", *kind.must, *kind.may))
    for name in kind.must:
        entry.demand(name)
    found: dict[str, Any] = {name: _option(entry, name, of) for name, of in kind.must.items()}
    for name, usual in kind.may.items():
        found[name] = _option(entry, name, type(usual)) if name in entry.values else usual
    return found


def _option(entry: Table, name: str, of: type) -> Any:
    if of in (list, tuple):
        return entry.texts(name)
    return entry.count(name) if of is int else entry.optional(name, of)


def _repeated(values: Iterable[str]) -> list[str]:
    found = [value for value in values if value]
    return sorted({value for value in found if found.count(value) > 1})
