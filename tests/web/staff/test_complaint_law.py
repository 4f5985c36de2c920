"""What a case worker is told of a complaint is the law of their own country, in words."""

from collections.abc import Callable
from dataclasses import fields

import pytest
from staff_login import StaffBrowser

from forms_app.casework.access import Role
from forms_app.countries import Country, rules_for
from forms_app.countries.facts import Fact
from forms_app.forms.definition import FormKey
from forms_app.web.staff.words import DEADLINE_NAMES

LONG_AGO = {"received_date-day": "3", "received_date-month": "11", "received_date-year": "2025"}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("arendal", "Du avgjør om den skal behandles likevel."),
        ("bjornafjorden", "Du avgjer om ho skal behandlast likevel."),
        ("rudersdal", "Videresend den med det samme: Kun Ankestyrelsen kan beslutte at behandle den alligevel."),
    ],
)
def test_a_late_complaint_is_for_those_to_take_whom_the_law_names(
    someone: Callable[[Role, str], StaffBrowser], sent: Callable[..., str], place: str, told: str
) -> None:
    reference = sent(FormKey.COMPLAINT, place=place, **LONG_AGO)
    assert told in someone(Role.CASE_WORKER, place).get(f"/staff/case/{reference}").main


@pytest.mark.parametrize("country", list(Country))
def test_every_date_of_a_complaint_has_a_name(country: Country) -> None:
    times = rules_for(country).complaints
    facts = [value for one in fields(times) if isinstance(value := getattr(times, one.name), Fact)]
    assert {fact.name for fact in facts} <= set(DEADLINE_NAMES)
