"""A complaint is handled step by step, and the complainant reads on their own page how it stands."""

import io
import zipfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from case_pages import status_url
from checked_client import CheckedClient
from flask import Flask
from form_journeys import LEAST, Journey, reference_of
from rehearsed_journeys import Rehearsed
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.language import Language

TODAY = {"on-day": ["22"], "on-month": ["11"], "on-year": ["2026"]}
Way = Callable[..., tuple[Journey, str]]


@pytest.fixture
def sent(app: Flask) -> Way:
    """Sends a complaint; the citizen's journey, and the page where staff handle it."""

    def send(municipality: str, **answers: str) -> tuple[Journey, str]:
        language = Language.DA if municipality == "rudersdal" else Language.NB
        journey = Rehearsed(
            CheckedClient(app), language, "complaint", {**LEAST, "municipality": municipality, **answers}
        )
        return journey, f"/staff/case/{reference_of(journey.send())}/complaint"

    return send


@pytest.fixture
def mette(someone: Callable[[Role, str], StaffBrowser]) -> StaffBrowser:
    return someone(Role.CASE_WORKER, "rudersdal")


def save(browser: StaffBrowser, url: str, fields: dict[str, list[str]], status: int = 303) -> None:
    kept = hidden_of(browser.get(url), url)
    browser.post(url, {"csrf_token": kept["csrf_token"], **fields}, status=status)


def test_a_danish_complaint_that_is_partly_upheld_goes_its_whole_way(sent: Way, mette: StaffBrowser) -> None:
    journey, url = sent("rudersdal")
    citizen = journey.browser
    assert "21. december 2026" in mette.get(url).main
    save(mette, url, {**TODAY, "outcome": ["partly"], "by": ["letter"]})
    assert "ændret en del af afgørelsen" in _told(citizen, journey)
    save(mette, url, {**TODAY, "maintains": ["yes"]})
    page = mette.get(url)
    assert "7. december 2026" in page.main
    archive = zipfile.ZipFile(io.BytesIO(mette.browser.get(f"{url}.zip").data))
    assert {"overview.pdf", "answers.json", "manifest.json"} <= set(archive.namelist())
    save(mette, url, TODAY)
    assert "Kommunen har sendt" in _told(citizen, journey)
    assert mette.get(url).all(".//main//form") == []


def test_in_a_listed_kind_of_case_the_shorter_time_counts(sent: Way, mette: StaffBrowser) -> None:
    unused_journey, url = sent("rudersdal")
    assert "14 dage" in mette.get(url).main
    save(mette, url, {"is_short": ["y"]})
    assert "7. december 2026 (" not in mette.get(url).main
    assert "7. december 2026" in mette.get(url).main


def test_in_norway_a_complaint_that_is_not_upheld_goes_on(sent: Way, ingrid: StaffBrowser) -> None:
    journey, url = sent("arendal")
    save(ingrid, url, {**TODAY, "outcome": ["not_upheld"], "by": ["letter"]})
    assert "holder fast ved avgjørelsen" in _told(journey.browser, journey)
    save(ingrid, url, TODAY)
    assert "har sendt" in _told(journey.browser, journey)


def test_a_complaint_for_nav_is_sent_on_at_once(sent: Way, ingrid: StaffBrowser) -> None:
    unused_journey, url = sent("arendal", service="benefits")
    page = ingrid.get(url)
    assert [one.get("name") for one in page.all(".//main//input[@type='radio']")] == []
    save(ingrid, url, TODAY)
    assert ingrid.get(url).all(".//main//form") == []


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(sent: Way, ingrid: StaffBrowser) -> None:
    unused_journey, url = sent("arendal")
    kept = hidden_of(ingrid.get(url), url)
    page = ingrid.post(url, {**kept, "outcome": ["partly"], "on-day": ["31"]}, status=422)
    assert page.title.startswith("Feil: ")
    assert [one.get("value") for one in page.all(".//main//input[@checked]")] == ["partly"]
    assert page.one(".//input[@id='on-day']").get("value") == "31"
    tomorrow = {**TODAY, "on-day": ["23"], "outcome": ["upheld"], "by": ["letter"]}
    assert "fram i tid" in ingrid.post(url, {**kept, **tomorrow}, status=422).main


def test_two_case_workers_at_once_do_it_once(sent: Way, ingrid: StaffBrowser) -> None:
    unused_journey, url = sent("arendal")
    stale = hidden_of(ingrid.get(url), url)
    done = {**TODAY, "outcome": ["not_upheld"], "by": ["letter"]}
    save(ingrid, url, done)
    page = ingrid.post(url, {**stale, **done})
    assert page.status in (303, 409)


def test_an_application_has_no_such_page(app: Flask, ingrid: StaffBrowser) -> None:
    reference = reference_of(Rehearsed(CheckedClient(app), Language.NB, "application", LEAST).send())
    ingrid.get(f"/staff/case/{reference}/complaint", status=403)
    ingrid.get(f"/staff/case/{reference}/complaint.zip", status=403)


def _told(citizen: CheckedClient, journey: Journey) -> str:
    return citizen.get(status_url(journey)).main


def test_a_complaint_that_cannot_be_opened_is_refused_with_the_reason(
    sent: Way, ingrid: StaffBrowser, database: sa.Engine
) -> None:
    unused_journey, url = sent("arendal")
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE submissions SET answers = x'00'")
    for ending in ("", ".zip"):
        assert ingrid.get(f"{url}{ending}", status=409).all(".//main//form") == []
