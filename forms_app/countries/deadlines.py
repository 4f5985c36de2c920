"""When a period ends, counted as the law of the country counts it.

Norway: domstolloven §§ 148-149. Denmark: a whole period ends on the same weekday or date. In both, a period
that would end on a Saturday, a Sunday or a public holiday ends on the next working day; 24 and 31 December
are ordinary days. A computed date is only ever shown as help, never used to refuse.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from holidays import country_holidays
from holidays.constants import PUBLIC

from forms_app.countries.country import Country
from forms_app.countries.facts import Unit
from forms_app.countries.reading import rules_for
from forms_app.errors import PortalError

# Outside these years the `holidays` package answers with no holiday at all instead of refusing.
_YEARS = range(1950, 2101)


class NotAPeriod(PortalError):
    """A deadline was asked for from what is no period of time, such as an age."""


class OutsideCalendar(PortalError):
    """A deadline was asked for that lies outside the years 1950 to 2100; the date was probably mistyped."""


class DayOff(StrEnum):
    """Why a day is no working day: a stable key, put into words where it is shown."""

    WEEKEND = "weekend"
    NEW_YEARS_DAY = "new_years_day"
    MAUNDY_THURSDAY = "maundy_thursday"
    GOOD_FRIDAY = "good_friday"
    EASTER_SUNDAY = "easter_sunday"
    EASTER_MONDAY = "easter_monday"
    LABOUR_DAY = "labour_day"
    CONSTITUTION_DAY = "constitution_day"
    PRAYER_DAY = "prayer_day"
    ASCENSION_DAY = "ascension_day"
    WHIT_SUNDAY = "whit_sunday"
    WHIT_MONDAY = "whit_monday"
    CHRISTMAS_DAY = "christmas_day"
    SECOND_CHRISTMAS_DAY = "second_christmas_day"
    OTHER_HOLIDAY = "other_holiday"


_NAMES_IN_PACKAGE: Mapping[str, DayOff] = {
    "New Year's Day": DayOff.NEW_YEARS_DAY,
    "Maundy Thursday": DayOff.MAUNDY_THURSDAY,
    "Good Friday": DayOff.GOOD_FRIDAY,
    "Easter Sunday": DayOff.EASTER_SUNDAY,
    "Easter Monday": DayOff.EASTER_MONDAY,
    "Labor Day": DayOff.LABOUR_DAY,
    "Constitution Day": DayOff.CONSTITUTION_DAY,
    "Great Prayer Day": DayOff.PRAYER_DAY,
    "Ascension Day": DayOff.ASCENSION_DAY,
    "Pentecost": DayOff.WHIT_SUNDAY,
    "Pentecost Monday": DayOff.WHIT_MONDAY,
    "Christmas Day": DayOff.CHRISTMAS_DAY,
    "Second Day of Christmas": DayOff.SECOND_CHRISTMAS_DAY,
}


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A deadline that ends later than it would by counting alone."""

    counted: date
    """The day it would have ended."""
    reason: DayOff


class Period(Protocol):
    """So many days, weeks or months: a fact of the law, or what a municipality has set itself."""

    @property
    def name(self) -> str:
        """What it is called in a fault."""

    @property
    def number(self) -> int:
        """Of what the unit counts."""

    @property
    def unit(self) -> Unit | None:
        """None where it is no number at all."""


def last_day(start: date, period: Period, country: Country) -> date:
    """The last day of the period that `start` sets off; `start` itself is not counted.

    Raises `NotAPeriod` and `OutsideCalendar`.
    """
    day = _counted(start, period, country)
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def moved_because(start: date, period: Period, country: Country) -> Moved | None:
    """Why `last_day` is later than by counting alone, or None when it is not. Raises as `last_day`."""
    counted = _counted(start, period, country)
    reason = day_off(counted, country)
    return Moved(counted=counted, reason=reason) if reason else None


def is_working_day(day: date, country: Country) -> bool:
    """Whether a deadline can end on this day. Raises `OutsideCalendar`."""
    return day_off(day, country) is None


def working_days_between(start: date, end: date, country: Country) -> int:
    """How many working days have begun after `start` and until the end of `end`; 0 when that lies before it. Raises
    `OutsideCalendar`.
    """
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, country) for day in days)


def day_off(day: date, country: Country) -> DayOff | None:
    """Why it is no working day; a holiday on a weekend is named as the holiday. Raises `OutsideCalendar`."""
    holiday = _holidays(day.year, country).get(day)
    if holiday:
        return holiday
    return DayOff.WEEKEND if day.weekday() >= 5 else None


@lru_cache(maxsize=128)
def _holidays(year: int, country: Country) -> Mapping[date, DayOff]:
    if year not in _YEARS:
        raise OutsideCalendar(str(year))
    calendar = country_holidays(
        rules_for(country).region_code, years=year, expand=False, language="en_US", categories=PUBLIC
    )
    # Two holidays on one day are joined by a semicolon: 17 May can be Whit Monday. The first names the day.
    return {day: _NAMES_IN_PACKAGE.get(names.split("; ")[0], DayOff.OTHER_HOLIDAY) for day, names in calendar.items()}


def _counted(start: date, period: Period, country: Country) -> date:
    if start.year not in _YEARS:
        raise OutsideCalendar(str(start.year))
    match period.unit:
        case Unit.DAYS:
            return start + timedelta(days=period.number)
        case Unit.WORKING_DAYS:
            return _after_working_days(start, period.number, country)
        case Unit.WEEKS:
            return start + timedelta(weeks=period.number)
        case Unit.MONTHS:
            return _after_months(start, period.number)
        case Unit.YEARS:
            return _after_months(start, 12 * period.number)
    raise NotAPeriod(period.name)


def _after_months(start: date, number: int) -> date:
    """The same date, or the last day of a month that is too short for it."""
    years, month = divmod(start.month - 1 + number, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _after_working_days(start: date, number: int, country: Country) -> date:
    day = start
    for unused_day in range(number):
        day += timedelta(days=1)
        while not is_working_day(day, country):
            day += timedelta(days=1)
    return day
