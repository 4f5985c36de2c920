"""The leader's pages: who waits and who has room, and what can be erased."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from flask import Flask
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed
from staff_login import Provider, StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.language import Language
from forms_app.municipality import RetentionOutcome, RetentionRule
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.tables import deliveries

RULE = RetentionRule(form="application", outcome=RetentionOutcome.CLOSED, days=10)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, deployment=replace(settings.deployment, retention=(RULE,)))


@pytest.fixture
def leader(someone: Callable[[Role, str], StaffBrowser]) -> StaffBrowser:
    return someone(Role.UNIT_LEADER, "arendal")


@pytest.fixture
def reference(app: Flask) -> str:
    return reference_of(Rehearsed(CheckedClient(app), Language.NB, "application", LEAST).send())


def post(browser: StaffBrowser, url: str, fields: dict[str, list[str]], status: int) -> str:
    """The words of what comes of posting the fields from a page of ours; "" for a redirect."""
    kept = hidden_of(browser.get("/staff/me"), "/staff/logout")
    page = browser.post(url, {**kept, **fields}, status=status)
    return "" if status == 303 else page.main


def test_who_has_waited_too_long_stands_on_the_page_and_leads_to_the_case(
    leader: StaffBrowser, reference: str, clock: MovableClock
) -> None:
    assert "For lenge" not in leader.get("/staff/coordinators").main
    clock.move(days=9)
    leader.log_in("unit_leader-arendal")
    page = leader.get("/staff/coordinators")
    assert "For lenge" in page.main
    assert page.one(".//main//tbody//a").get("href") == f"/staff/case/{reference}"


def test_a_leader_says_how_many_a_colleague_can_have(
    leader: StaffBrowser, staff_database: sa.Engine, provider: Provider
) -> None:
    with reading(staff_database) as connection:
        ingrid = members.by_login(connection, provider.issuer, "ingrid")
    assert ingrid
    chosen = {"member": [str(ingrid.id)], "group": ["children"], "capacity": ["12"]}
    post(leader, "/staff/coordinators", chosen, 303)
    assert "Ingrid Solberg 12 0 12" in leader.get("/staff/coordinators").main
    for wrong in ({"capacity": ["tolv"]}, {"capacity": ["-1"]}, {"member": ["x"]}, {"group": ["x"]}):
        post(leader, "/staff/coordinators", {**chosen, **wrong}, 422)
    assert "Ingrid Solberg 12 0 12" in leader.get("/staff/coordinators").main


def test_a_case_is_taken_out_signed_for_and_erased(
    app: Flask, leader: StaffBrowser, reference: str, clock: MovableClock, database: sa.Engine
) -> None:
    url = f"/staff/case/{reference}/hand-over"
    content = leader.browser.get(f"/staff/case/{reference}/whole.zip").data
    assert "overview.pdf" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert post(leader, url, {"sha256": ["ab" * 32]}, 422)
    post(leader, url, {"sha256": [sha256(content).hexdigest()]}, 303)
    assert "Bekreftet" in leader.get(url).main
    post(leader, f"/staff/case/{reference}/status", {"status": ["closed"]}, 303)
    with database.begin() as connection:
        connection.execute(sa.update(deliveries).values(state="succeeded"))
    assert "Lagringstiden er ikke ute ennå." in leader.get("/staff/retention").main
    clock.move(days=10)
    leader.log_in("unit_leader-arendal")
    (line,) = leader.get("/staff/retention").words(".//main//label")
    assert line == f"{reference}, Søknad, klar siden 2. desember 2026"
    assert "Ingenting ble slettet" in post(leader, "/staff/retention", {}, 200)
    assert "1 sak ble slettet." in post(leader, "/staff/retention", {"reference": [reference]}, 200)
    assert leader.get("/staff/retention").all(".//main//label") == []


@pytest.mark.parametrize("page", ["", "/whole.zip", "/case.pdf", "/places.csv"])
def test_a_case_that_cannot_be_opened_is_refused_with_the_reason_on_every_page(
    leader: StaffBrowser, reference: str, database: sa.Engine, page: str
) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE submissions SET answers = x'00'")
    answer = leader.get(f"/staff/case/{reference}{page}", status=409)
    assert reference in answer.main
