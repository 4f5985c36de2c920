"""Who receives: a deployment and its municipalities, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from forms_app.countries import Country, Unit
from forms_app.errors import PortalError
from forms_app.language import Language
from forms_app.municipality.channels import ChannelSettings


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
class ProcessingTime:
    """How long the municipality has decided that something may take."""

    number: int
    unit: Unit


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
    processing_times: Mapping[str, ProcessingTime] = field(default_factory=dict)
    """By area: the keys that `processing_times` of the country's rules leave to the municipality."""
    review_by: date | None = None
    """When contact and processing times must be looked at again."""
    own_copy: bool = True
    """Whether citizens keep a copy of what they send, sealed to their own code."""
    own_copy_days: int = 365
    """How long after sending they keep it, unless they delete it before."""
    coordinator_within_days: int = 5
    """Working days within which somebody should work on an application; the municipality's own aim, no law."""
    complaint_target: ProcessingTime | None = None
    """Within which a complaint should have left it: the municipality's own target, only where no law sets a time."""

    def channels_for(self, form: str) -> tuple[ChannelSettings, ...]:
        """All that a form of this key goes through."""
        return tuple(one for one in self.channels if one.takes(form))

    def channel(self, kind: str, form: str) -> ChannelSettings | None:
        """The one channel of a kind that a form goes through; None where there is none (any more)."""
        return next((one for one in self.channels_for(form) if one.kind == kind), None)


class RetentionOutcome(StrEnum):
    """How a case ended."""

    ANSWERED = "answered"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """How many days after it ended a case can be erased, once it is proven that the municipality has it elsewhere."""

    form: str
    outcome: RetentionOutcome
    days: int


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """All that `portal.toml` says."""

    demo: bool
    municipalities: tuple[Municipality, ...]
    retention: tuple[RetentionRule, ...] = ()

    def find(self, key: str) -> Municipality | None:
        """The municipality with this key; None where it has left the deployment since something was sent to it."""
        return next((one for one in self.municipalities if one.key == key), None)

    def municipality(self, key: str) -> Municipality:
        """The municipality with this key; raises BadDeployment when the deployment has none such (any more)."""
        found = self.find(key)
        if found is None:
            raise BadDeployment(f"no municipality {key!r}")
        return found

    def name_of(self, key: str) -> str:
        """What the municipality is called, or its key where it has left the deployment."""
        found = self.find(key)
        return found.name if found else key

    def of_country(self, country: Country) -> tuple[Municipality, ...]:
        """Those under one country's law."""
        return tuple(one for one in self.municipalities if one.country is country)

    def usual_country(self, language: Language) -> Country:
        """Whose rules a reader of `language` most likely lives under, until they tell."""
        speakers = [one for one in self.municipalities if one.default_language is language]
        return (speakers or self.municipalities)[0].country
