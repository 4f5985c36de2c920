"""Who receives: the municipalities of a deployment, read from `portal.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms_app.countries import Country
from forms_app.errors import PortalError
from forms_app.language import Language


class BadDeployment(PortalError):
    """portal.toml is missing something or holds something that cannot be."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How people reach the municipality without this portal. What is None is not shown, never made up."""

    phone: str | None = None
    email: str | None = None
    postal_address: str | None = None
    visiting_address: str | None = None
    opening_hours: str | None = None
    website: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything at all is filled in."""
        return any(vars(self).values())


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """Where submissions are handed over. `opened` means in clear text: the receiver's own systems then protect it."""

    kind: str
    opened: bool = False


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """One receiver. `recipients` are age public keys; a demo makes its own."""

    key: str
    name: str
    country: Country
    default_language: Language
    coordinating_unit: Mapping[Language, str]
    contact: Contact
    channels: tuple[ChannelSettings, ...]
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """All that `portal.toml` says."""

    demo: bool
    municipalities: tuple[Municipality, ...]

    def municipality(self, key: str) -> Municipality:
        """The municipality with this key; raises BadDeployment when the deployment has none such (any more)."""
        for one in self.municipalities:
            if one.key == key:
                return one
        raise BadDeployment(f"no municipality {key!r}")

    def of_country(self, country: Country) -> tuple[Municipality, ...]:
        """Those under one country's law."""
        return tuple(one for one in self.municipalities if one.country is country)

    def usual_country(self, language: Language) -> Country:
        """Whose rules a reader of `language` most likely lives under, until they tell."""
        speakers = [one for one in self.municipalities if one.default_language is language]
        return (speakers or self.municipalities)[0].country


def load_deployment(path: Path) -> Deployment:
    """Read and check `portal.toml`; raises BadDeployment with everything that is wrong at once."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadDeployment(f"{path}: {error}") from error
    faults: list[str] = []
    demo = raw.get("demo", False)
    if not isinstance(demo, bool):
        faults.append("demo must be true or false, without quotes")
    municipalities = tuple(_municipalities(_tables(raw.get("municipality", []), faults), faults))
    keys = [one.key for one in municipalities]
    faults += [f"municipality {key}: the key is used twice" for key in set(keys) if keys.count(key) > 1]
    if not municipalities and not faults:
        faults.append("no [[municipality]]")
    if faults:
        raise BadDeployment("; ".join([str(path), *faults]))
    return Deployment(demo=demo, municipalities=municipalities)


def _tables(entries: Any, faults: list[str]) -> list[dict[str, Any]]:
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    faults.append("each municipality is a table of its own under [[municipality]], with two brackets")
    return []


def _municipalities(entries: list[dict[str, Any]], faults: list[str]) -> Iterator[Municipality]:
    for entry in entries:
        try:
            yield Municipality(
                key=entry["key"],
                name=entry["name"],
                country=Country(entry["country"]),
                default_language=Language(entry["default_language"]),
                coordinating_unit={one: entry["coordinating_unit"][one] for one in Language},
                contact=Contact(**entry.get("contact", {})),
                channels=tuple(ChannelSettings(**channel) for channel in entry["channels"]),
                recipients=tuple(entry.get("recipients", ())),
            )
        except KeyError as missing:
            faults.append(f"municipality {entry.get('key', '?')}: '{missing.args[0]}' is missing")
        except (TypeError, ValueError) as wrong:
            faults.append(f"municipality {entry.get('key', '?')}: {wrong}")
