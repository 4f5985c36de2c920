"""A submission that is lost is noticed by the worker alone: in its log and by mail, once, however often it restarts."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.mail_servers import Postbox, mail_server
from tests.unlimited import CITIZENS_ONLY

pytestmark = pytest.mark.acceptance

ITS_ROWS = ("attempts", "deliveries", "deadlines", "case_events", "cases", "own_files", "attachments", "submissions")
"""Where anything of a submission stands, what points at others first."""


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


@pytest.fixture
def portal(tmp_path: Path, postbox: Postbox) -> Iterator[RunningPortal]:
    settings = {**CITIZENS_ONLY, **postbox.environ, "PORTAL_ALARM_MAIL": "drift@example.org"}
    portal = RunningPortal(tmp_path / "portal", settings=settings)
    yield portal.start()
    portal.end()


def change(portal: RunningPortal, *statements: str) -> None:
    """Something happens to the database."""
    with sqlite3.connect(portal.data / "portal.sqlite", timeout=30) as connection:
        for statement in statements:
            connection.execute(statement)


def alarms(portal: RunningPortal) -> list[tuple[str, str, str]]:
    """What the log says of them: event, state, references."""
    lines = [json.loads(line) for line in portal.log.read_text("utf-8").splitlines() if line.startswith("{")]
    return [(one["event"], one["state"], one.get("reference") or "") for one in lines if one.get("source") == "alarm"]


def mails(postbox: Postbox) -> list[str]:
    return [str(mail.get_content()) for mail in postbox.mails if mail["To"] == "drift@example.org"]


def test_a_lost_submission_is_told_once_and_without_any_request(portal: RunningPortal, postbox: Postbox) -> None:
    reference = HTTPCitizen(portal.port, journey(FormKey.COMPLAINT)).send([]).receipt_reference
    assert reference
    assert "CLOSED. 1 receipts" in portal.command("books")
    with sqlite3.connect(portal.data / "portal.sqlite") as connection:
        connection.execute(f"VACUUM INTO '{portal.data / 'kept.sqlite'}'")

    portal.stop()
    change(portal, *(f"DELETE FROM {table}" for table in ITS_ROWS), "UPDATE turns SET next_at = 0")
    portal.start()
    begun = [("books_gap", "begins", reference)]
    wait_for(lambda: alarms(portal) == begun, "the gap is in the log")
    wait_for(lambda: mails(postbox), "somebody was mailed")
    assert "BEGINS  books_gap, arendal: 1" in mails(postbox)[0]
    assert reference in mails(postbox)[0]
    assert "WARN   alarm books_gap, arendal: 1" in portal.command("check")

    # Another worker looks, and finds that it was told.
    portal.command("work", "--once")
    assert (alarms(portal), len(mails(postbox))) == (begun, 1)

    back = [f"INSERT INTO {table} SELECT * FROM kept.{table}" for table in reversed(ITS_ROWS)]
    change(portal, f"ATTACH '{portal.data / 'kept.sqlite'}' AS kept", *back)
    portal.command("work", "--once")
    assert "IS OVER  books_gap, arendal" in mails(postbox)[1]
    assert "CLOSED. 1 receipts" in portal.command("books")
