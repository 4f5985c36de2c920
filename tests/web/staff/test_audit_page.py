"""The auditor reads who did what in their own municipality, and nothing else."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, Page
from flask import Flask
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from people import CITIZEN
from rehearsed_journeys import Rehearsed
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.storage import audit
from forms_app.storage.engine import reading

OWN, OTHER = "arendal", "rudersdal"


@pytest.fixture
def auditor(someone: Callable[[Role, str], StaffBrowser]) -> StaffBrowser:
    return someone(Role.AUDITOR, OWN)


def sent(app: Flask, place: str) -> str:
    answers = {**LEAST, "municipality": place}
    return reference_of(Rehearsed(CheckedClient(app), Language.NB, FormKey.COMPLAINT, answers).send())


def write(database: sa.Engine, clock: MovableClock, count: int, *, days: int = 0, **facts: str) -> None:
    usual = {"actor": "cli:kari", "action": "listed", "subject": OWN} | facts
    with database.begin() as connection:
        for unused_time in range(count):
            audit.record(connection, at=clock() + timedelta(days=days), **usual)


def rows(page: Page) -> list[str]:
    return page.words(".//tbody/tr")


def test_it_shows_what_was_done_with_ones_own_cases_in_words(app: Flask, auditor: StaffBrowser) -> None:
    mine, theirs = sent(app, OWN), sent(app, OTHER)
    page = auditor.get("/staff/audit")
    assert mine in page.main
    assert theirs not in page.main
    assert any("Avsenderen Sendte skjemaet" in " ".join(row.split()) for row in rows(page))
    assert any("Auditor-Arendal Logget inn" in " ".join(row.split()) for row in rows(page))
    assert CITIZEN.name not in page.text


def test_what_concerns_every_municipality_is_shown_to_all(
    auditor: StaffBrowser, database: sa.Engine, clock: MovableClock
) -> None:
    write(database, clock, 1, subject="all")
    write(database, clock, 1, subject=OTHER, actor="cli:olav")
    page = auditor.get("/staff/audit")
    assert "kari, på serveren" in page.main
    assert "olav" not in page.main


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=cli:kari", 3),
        ("action=opened", 1),
        ("action=opened+to+hand+over", 0),
        ("since=23.11.2026", 2),
        ("since=22.11.2026&until=22.11.2026&actor=cli:kari", 1),
        ("until=21.11.2026", 0),
        ("reference=REFERENCE", 2),
        ("reference=REFERENCE-2&action=opened", 1),
    ],
)
def test_the_filter_narrows_it_down(
    app: Flask, auditor: StaffBrowser, database: sa.Engine, clock: MovableClock, query: str, found: int
) -> None:
    reference = sent(app, OWN)
    with reading(database) as connection:
        (subject,) = {one.subject for one in audit.entries(connection) if one.action == "submitted"}
    write(database, clock, 1)
    write(database, clock, 1, days=1)
    write(database, clock, 1, days=1, action="opened", subject=subject)
    page = auditor.get(f"/staff/audit?{query.replace('REFERENCE', reference)}")
    assert len(rows(page)) == found
    assert ("Ingenting ble funnet." in page.main) == (found == 0)


@pytest.mark.parametrize("query", ["since=i+går", "until=32.1.2026", "since=1.1.1", "reference=tull"])
def test_what_is_mistyped_is_told_at_its_field(auditor: StaffBrowser, query: str) -> None:
    page = auditor.get(f"/staff/audit?{query}", status=422)
    assert page.title.startswith("Feil: ")
    assert len(page.words(".//*[@aria-invalid='true']")) == 1


def test_a_long_trail_has_pages(auditor: StaffBrowser, database: sa.Engine, clock: MovableClock) -> None:
    write(database, clock, 120)
    seen, url = 0, "/staff/audit?actor=cli:kari"
    for expected in (50, 50, 20):
        page = auditor.get(url)
        assert len(rows(page)) == expected
        seen += expected
        older = [str(link.get("href")) for link in page.all(".//nav//a") if "before=" in str(link.get("href"))]
        url = older[0] if older else ""
    assert (seen, url) == (120, "")


def test_the_file_holds_everything_and_leaves_an_entry(
    auditor: StaffBrowser, database: sa.Engine, clock: MovableClock
) -> None:
    write(database, clock, 70)
    write(database, clock, 1, actor="=HYPERLINK(1)", action="-1+1")
    kept = hidden_of(auditor.get("/staff/audit"), "/staff/audit.csv")
    file = auditor.post("/staff/audit.csv", kept, status=200)
    lines = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert len(lines) == 73
    assert lines[0]["Hva som ble gjort"] == "Tok ut hendelsesloggen som fil"
    assert (lines[1]["Hvem"], lines[1]["Hva som ble gjort"]) == ("'=HYPERLINK(1)", "'-1+1")
    assert lines[1]["Tid i UTC"] == "2026-11-22T12:00:00.000000Z"
    with reading(database) as connection:
        assert audit.entries(connection)[-1].action == "exported the trail"


@pytest.mark.parametrize("token", [True, False])
def test_without_a_token_or_with_a_mistyped_day_no_file_is_made(
    auditor: StaffBrowser, database: sa.Engine, token: bool
) -> None:
    kept = dict(hidden_of(auditor.get("/staff/audit"), "/staff/audit.csv")) if token else {}
    auditor.post("/staff/audit.csv", kept | {"since": ["tull"]}, status=303 if token else 400)
    with reading(database) as connection:
        assert "exported the trail" not in {one.action for one in audit.entries(connection)}
