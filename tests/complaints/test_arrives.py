"""Complaints 1 to 5: it was accepted, and it never arrived, or not whole, or it was gone later."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from conftest import make_environment_of_a_child
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from mail_servers import free_port
from movable_clock import MovableClock
from people import CITIZEN
from sample_files import docx, pdf, photo

from forms_app.delivery.expiry import DraftExpiry, OwnCopyExpiry
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage.tables import deliveries, draft_files, metadata, submissions

FILES = [File(name="vedtak.pdf", content=pdf()), File(name="bilde.jpg", content=photo())]


@pytest.fixture
def receipts(app: Flask) -> list[str]:
    """The references of one form of each kind, sent by three people to three municipalities."""
    sent = [("application", "arendal"), ("complaint", "rudersdal"), ("power_of_attorney", "bjornafjorden")]
    return [
        reference_of(Journey(CheckedClient(app), Language.NB, form, {"municipality": place}, FILES).send())
        for form, place in sent
    ]


def test_01_what_is_accepted_is_counted_against_what_is_handed_over(
    receipts: list[str],
    issued: Callable[[], dict[str, str]],
    inbox: Callable[[], list[dict[str, Any]]],
    parcels: Callable[[], dict[str, Any]],
    rows: Callable[[str], list[Any]],
    hand_over: Callable[[], None],
    database: sa.Engine,
) -> None:
    """Every receipt is a line of the journal, a stored row with the same hash, a line of the inbox and a parcel.

    A row that is gone is missed, because the journal is no part of the database. The books that are closed every day
    and sound an alarm come in a later issue; they will count just these.
    """
    assert set(issued()) == set(receipts) == {line["reference"] for line in inbox()}
    assert issued() == {row.reference: row.sealed_hash for row in rows("submissions")}
    assert {row.state for row in rows("deliveries")} == {"todo"}
    hand_over()
    assert set(parcels()) == set(receipts)
    assert {row.state for row in rows("deliveries")} == {"succeeded"}
    with database.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for table in reversed(metadata.sorted_tables):
            if "submission_id" in table.c and table.name != "follow_ups":
                of_it = sa.select(submissions.c.id).where(submissions.c.reference == receipts[0])
                connection.execute(sa.delete(table).where(table.c.submission_id.in_(of_it)))
        connection.execute(sa.delete(submissions).where(submissions.c.reference == receipts[0]))
    assert set(issued()) - {line["reference"] for line in inbox()} == {receipts[0]}


def test_01_what_cannot_be_routed_is_not_quiet(
    receipts: list[str],
    settings: Settings,
    inbox: Callable[[], list[dict[str, Any]]],
    parcels: Callable[[], dict[str, Any]],
    hand_over: Callable[[], None],
    portal: Command,
    tmp_path: Path,
) -> None:
    """Where the receiver's folder is taken by something else, the case stands first in the inbox, and the others are
    handed over all the same. Where a municipality has left the settings, `portal check` says so.
    """
    stuck = receipts[1]
    (settings.outbox / "rudersdal" / stuck).mkdir(parents=True)
    hand_over()
    assert set(receipts) - {stuck} == {name for name in receipts if (settings.outbox / "rudersdal" / name) and name != stuck}
    first, *others = inbox()
    assert (first["reference"], first["deliveries_given_up"]) == (stuck, 1)
    assert [line["deliveries_given_up"] for line in others] == [0, 0]
    assert "given up" in portal("inbox").stdout.splitlines()[0]
    without = tmp_path / "portal.toml"
    whole = Path(settings_file()).read_text("utf-8")
    without.write_text(whole[: whole.rindex("[[municipality]]")], "utf-8")
    assert "rudersdal" in portal("check", exit_code=1, PORTAL_CONFIG=str(without)).stdout
