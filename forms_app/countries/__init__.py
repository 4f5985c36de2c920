"""The rules of each country as data: legal facts, deadlines with public holidays, identity numbers."""

from forms_app.countries.country import Country
from forms_app.countries.deadlines import (
    DayOff,
    Moved,
    NotAPeriod,
    OutsideCalendar,
    Period,
    day_off,
    is_working_day,
    last_day,
    moved_because,
    working_days_between,
)
from forms_app.countries.facts import Confidence, Fact, NotANumber, Unit, quantity
from forms_app.countries.national_id import Verdict
from forms_app.countries.reading import BadEntry, read_rules, rules_for
from forms_app.countries.rules import CountryRules, OfficialSite, Statute, TableRow, UnknownFact

__all__ = [
    "BadEntry",
    "Confidence",
    "Country",
    "CountryRules",
    "DayOff",
    "Fact",
    "Moved",
    "NotANumber",
    "NotAPeriod",
    "OfficialSite",
    "OutsideCalendar",
    "Period",
    "Statute",
    "TableRow",
    "Unit",
    "UnknownFact",
    "Verdict",
    "day_off",
    "is_working_day",
    "last_day",
    "moved_because",
    "quantity",
    "read_rules",
    "rules_for",
    "working_days_between",
]
