"""The leader's figures as a page and as a file."""

import csv
import io
from collections.abc import Callable

import pytest
from checked_client import CheckedClient
from flask import Flask
from form_journeys import LEAST
from people import CITIZEN
from rehearsed_journeys import Rehearsed
from staff_login import StaffBrowser

from forms_app.casework.access import Role
from forms_app.forms.definition import FormKey
from forms_app.language import Language


@pytest.fixture
def leader(someone: Callable[[Role, str], StaffBrowser]) -> StaffBrowser:
    return someone(Role.UNIT_LEADER, "arendal")


def test_before_anything_came_in_the_page_says_so(leader: StaffBrowser) -> None:
    assert "Det har ikke kommet inn noe ennå." in leader.get("/staff/figures").main


def test_what_came_in_is_counted_and_nobody_is_named(app: Flask, leader: StaffBrowser) -> None:
    for form in (FormKey.APPLICATION, FormKey.APPLICATION, FormKey.COMPLAINT):
        Rehearsed(CheckedClient(app), Language.NB, form, LEAST).send()
    page = leader.get("/staff/figures")
    assert page.words(".//tbody//th") == ["november 2026", "november 2026"]
    assert [row.split()[-6:] for row in page.words(".//tbody/tr")] == [
        ["2", "0", "0", "–", "–", "0"],
        ["1", "0", "0", "–", "–", "0"],
    ]
    assert page.words(".//dd") == ["3", "3", "3", "0"]
    only = leader.get("/staff/figures?form=complaint")
    assert only.words(".//dd") == ["1", "1", "1", "0"]
    file = leader.get("/staff/figures.csv")
    line, *unused_lines = csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff")))
    assert (line["Skjema"], line["Mottatt"]) == ("Søknad", "2")
    assert CITIZEN.name not in page.text + file.text


def test_a_form_that_does_not_exist_is_all_forms(app: Flask, leader: StaffBrowser) -> None:
    Rehearsed(CheckedClient(app), Language.NB, FormKey.APPLICATION, LEAST).send()
    assert leader.get("/staff/figures?form=<x>").words(".//dd")[0] == "1"
