"""One legal fact: a number or a name with where it comes from and when it must be looked at again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.units import format_unit

from forms_app.errors import PortalError
from forms_app.language import Language


class NotANumber(PortalError):
    """A number was asked for from a legal fact that is a name."""


class Unit(StrEnum):
    """What the number of a fact counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    AGE = "age"
    HOURS = "hours"
    COUNT = "count"


class Confidence(StrEnum):
    """How well a fact is known, best first."""

    STATUTE = "A"
    """The text of the statute was read."""
    AUTHORITY = "B"
    """Read on the page of an authority."""
    PRACTICE = "C"
    """Read on the page of a municipality or an organisation."""
    TO_CHECK = "K"
    """General knowledge: the municipality checks it before it is used."""


_CLDR_UNITS = {
    Unit.WEEKS: "duration-week",
    Unit.MONTHS: "duration-month",
    Unit.YEARS: "duration-year",
    Unit.AGE: "duration-year",
    Unit.HOURS: "duration-hour",
}

# CLDR has no working days, and its Norwegian word for a day is "døgn", which is wrong for a deadline.
_DAY_WORDS = {
    (Unit.DAYS, Language.NB): ("dag", "dager"),
    (Unit.DAYS, Language.NN): ("dag", "dagar"),
    (Unit.DAYS, Language.DA): ("dag", "dage"),
    (Unit.WORKING_DAYS, Language.NB): ("virkedag", "virkedager"),
    (Unit.WORKING_DAYS, Language.NN): ("yrkedag", "yrkedagar"),
    (Unit.WORKING_DAYS, Language.DA): ("arbejdsdag", "arbejdsdage"),
}


def quantity(number: int, unit: Unit, language: Language) -> str:
    """A number with its unit as it stands in a sentence: "4 uker", "4 veker", "4 uger", "16 år"."""
    if unit in (Unit.DAYS, Unit.WORKING_DAYS):
        one, many = _DAY_WORDS[unit, language]
        return f"{number} {one if number == 1 else many}"
    if unit is Unit.COUNT:
        return str(number)
    if (unit, language) == (Unit.MONTHS, Language.NN):
        # CLDR writes "månadar"; words in -nad have -er.
        return f"{number} {'månad' if number == 1 else 'månader'}"
    return format_unit(number, _CLDR_UNITS[unit], locale=language.locale)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number with its unit, or a name, that the law decides."""

    name: str
    value: int | str | Mapping[Language, str]
    unit: Unit | None
    """None when the value is a name."""
    source: str
    """The statute's key and section: "PBRL § 7-5"; several are divided by a semicolon."""
    address: str
    """Where a citizen can read the official text."""
    checked_on: date
    review_by: date
    confidence: Confidence
    note: str = ""
    """For staff: what the number does not say."""

    @property
    def number(self) -> int:
        """The bare number. Raises `NotANumber` for a name."""
        if not isinstance(self.value, int):
            raise NotANumber(self.name)
        return self.value

    def phrase(self, language: Language) -> str:
        """As it stands in a sentence: "4 uker", "4 veker", "4 uger"; names as they are."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, Mapping):
            return self.value[language]
        return str(self.value) if self.unit is None else quantity(self.value, self.unit, language)
