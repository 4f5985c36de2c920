"""What is known of a country's rules: facts, statutes, official pages, and the tables that pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forms_app.countries.country import Country
from forms_app.countries.facts import Confidence, Fact
from forms_app.errors import PortalError
from forms_app.language import Language


class UnknownFact(PortalError):
    """A page or a form asked for a legal fact that the country's file does not hold."""


@dataclass(frozen=True, kw_only=True)
class Statute:
    """A law, a regulation or an authority's guide that facts and pages refer to by its key."""

    key: str
    title: str | Mapping[Language, str]
    """What people call it; one title in the country's own language where nobody calls it anything else."""
    address: str
    version: str
    """Norway: the day of the last change in the text read, or of that copy. Denmark: the act's number."""
    checked_on: date

    def title_in(self, language: Language) -> str:
        """The title as readers of `language` know it."""
        return self.title if isinstance(self.title, str) else self.title[language]


@dataclass(frozen=True, kw_only=True)
class OfficialSite:
    """A page of an authority or of independent advisers that the guidance sends people to."""

    key: str
    address: str
    checked_on: date
    review_by: date
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A row of a table that pages show: a fact, what it is about, and where a complaint goes.

    In the table of processing times `fact` is None where each municipality sets its own limit under `source`.
    """

    key: str
    about: Mapping[Language, str]
    send_to: Mapping[Language, str] | None
    fact: Fact | None
    source: str
    """The statute's key and section: "PBRL § 7-5"; several are divided by a semicolon."""


@dataclass(frozen=True, kw_only=True)
class ComplaintTimes:
    """The times within which a municipality handles a complaint; None where the law sets none."""

    reconsider: Fact | None = None
    """From receipt, to look at the decision again."""
    reconsider_short: Fact | None = None
    """The same, in the kinds of cases that the law lists."""
    reply: Fact | None = None
    """For the citizen, to say whether they maintain a complaint that was partly upheld."""
    forward: Fact | None = None
    """From that reply, to send it on."""
    late_goes_on: bool = False
    """Whether a late complaint is sent on at once, without looking at the decision again."""


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
    sites: Mapping[str, OfficialSite]
    deadlines: tuple[TableRow, ...]
    """How long people have to complain, by what the decision is about."""
    ages: tuple[TableRow, ...]
    """What changes at which age, youngest first."""
    processing_times: tuple[TableRow, ...]
    """How long the municipality may take, by area. In Denmark citizens must be able to read this (RSL §§ 3, 3 a)."""
    complaints: ComplaintTimes

    def fact(self, name: str) -> Fact:
        """The fact of that name. Raises `UnknownFact`."""
        try:
            return self.facts[name]
        except KeyError:
            raise UnknownFact(f"{self.country}: {name}") from None
