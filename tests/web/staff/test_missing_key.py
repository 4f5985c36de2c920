"""Without a key that fits, the staff pages are there all the same and say what to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
import structlog
from checked_client import CheckedClient
from flask import Flask
from form_journeys import LEAST, reference_of
from rehearsed_journeys import Rehearsed
from staff_login import Provider, StaffBrowser

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.sealing.keys import new_identity_file
from forms_app.settings import Settings

BANNER = "Ingenting er tapt, men ingen ny sak kan åpnes."


def worker(app: Flask, provider: Provider) -> StaffBrowser:
    browser = StaffBrowser(app, provider)
    assert browser.log_in("ingrid").status == 303
    return browser


@pytest.mark.parametrize("state", ["gone", "damaged", "empty"])
def test_a_key_that_is_missing_is_told_on_every_page(
    make_app: Callable[[Settings], Flask],
    settings: Settings,
    staff_database: sa.Engine,
    provider: Provider,
    state: str,
) -> None:
    assert settings.opening_keys
    settings.opening_keys.unlink()
    if state != "gone":
        settings.opening_keys.write_text("tull" if state == "damaged" else "", "ascii")
    with structlog.testing.capture_logs() as lines:
        app = make_app(settings)
    assert [line["event"] for line in lines] == ["opening_key_unreadable"]
    answers = {**LEAST, "municipality": "arendal"}
    reference = reference_of(Rehearsed(CheckedClient(app), Language.NB, FormKey.COMPLAINT, answers).send())
    browser = worker(app, provider)
    assert BANNER in browser.get("/staff/inbox").main
    page = browser.get("/staff/key")
    assert page.heading == "Åpningsnøkkelen mangler"
    assert "PORTAL_OPENING_KEYS_FILE" in page.main
    assert BANNER in browser.get(f"/staff/case/{reference}", status=409).main


def test_a_key_that_is_another_is_told(
    make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine, provider: Provider
) -> None:
    other = settings.data / "other.txt"
    new_identity_file(other)
    browser = worker(make_app(replace(settings, opening_keys=other)), provider)
    assert BANNER in browser.get("/staff/me").main
    assert browser.get("/staff/key").heading == "Åpningsnøkkelen er ikke den riktige"


def test_where_the_key_fits_nothing_is_said(ingrid: StaffBrowser) -> None:
    assert BANNER not in ingrid.get("/staff/me").main
    assert ingrid.get("/staff/key").heading == "Åpningsnøkkelen er her"
