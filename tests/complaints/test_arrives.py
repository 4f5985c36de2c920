"""Complaints 1 to 5: it was accepted, and never arrived, or arrived as something else, or was gone later."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from mail_servers import free_port
from movable_clock import MovableClock
from people import CITIZEN
from rehearsed_journeys import Rehearsed
from sample_files import pdf, photo

from forms_app.delivery.expiry import DraftExpiry, OwnCopyExpiry
from forms_app.language import Language
from forms_app.settings import REPOSITORY, Settings, from_environ
from forms_app.storage.tables import draft_files, draft_steps

Inbox = Callable[[], list[dict[str, Any]]]
Parcels = Callable[[], dict[str, dict[str, str]]]
Rows = Callable[[str], list[Any]]
FILES = [File(name="vedtak æ.pdf", content=pdf()), File(name="bilde.jpg", content=photo())]
HASHES = {file.name: sha256(file.content).hexdigest() for file in FILES}
SENT = (("application", "arendal"), ("complaint", "rudersdal"), ("power_of_attorney", "bjornafjorden"))


def send(app: Flask, form: str, municipality: str) -> str:
    """Somebody sends a form with two files; the reference."""
    answers = {"municipality": municipality}
    return reference_of(Rehearsed(CheckedClient(app), Language.NB, form, answers, FILES).send())


def test_01_what_is_accepted_is_counted_against_what_is_handed_over(
    app: Flask, issued: Callable[[], dict[str, str]], inbox: Inbox, parcels: Parcels, rows: Rows, hand_over: Any
) -> None:
    """32,000 claims were accepted and never routed, without an error.

    Here every receipt is a line of the journal, a stored row with the same hash, a line of the inbox, a delivery that
    is owed, and in the end a parcel. The books that are closed every day, with an alarm, will count just these.
    """
    receipts = {send(app, *one) for one in SENT}
    assert set(issued()) == receipts == {line["reference"] for line in inbox()}
    assert issued() == {row.reference: row.sealed_hash for row in rows("submissions")}
    assert [row.state for row in rows("deliveries")] == ["todo"] * 3
    hand_over()
    assert {row.state for row in rows("deliveries")} == {"succeeded"}
    assert parcels() == dict.fromkeys(receipts, HASHES)


def test_01_a_row_that_is_gone_is_missed(
    app: Flask, issued: Callable[[], dict[str, str]], inbox: Inbox, rows: Rows, restore: Any
) -> None:
    """The journal is no part of the database: what an old backup does not know stands there still."""
    kept = send(app, *SENT[0])
    put_back = restore()
    lost = send(app, *SENT[1])
    assert set(issued()) == {row.reference for row in rows("submissions")} == {kept, lost}
    put_back()
    assert set(issued()) - {line["reference"] for line in inbox()} == {lost}


def test_01_what_cannot_be_routed_stands_first_and_holds_up_nobody(
    app: Flask, settings: Settings, inbox: Inbox, parcels: Parcels, hand_over: Any, portal: Command, tmp_path: Path
) -> None:
    """And where a municipality has left the settings, `portal check` names it."""
    sent, stuck, more = (send(app, *one) for one in SENT)
    in_the_way = settings.outbox / "rudersdal" / stuck
    in_the_way.mkdir(parents=True)
    (in_the_way / "manifest.json").write_text('{"of": "another program"}')
    hand_over()
    assert [(line["reference"], line["deliveries_given_up"]) for line in inbox()][0] == (stuck, 1)
    assert "given up" in portal("inbox").stdout.splitlines()[0]
    (in_the_way / "manifest.json").write_text('{"files": []}')
    assert set(parcels()) == {sent, stuck, more}
    smaller = tmp_path / "smaller.toml"
    whole = (REPOSITORY / "portal.toml").read_text("utf-8")
    smaller.write_text(whole[: whole.rindex("[[municipality]]")], "utf-8")
    assert "portal.toml, though submissions to them are kept: 'rudersdal'" in (
        portal("check", exit_code=1, PORTAL_CONFIG=str(smaller)).stdout
    )


def test_02_the_files_behind_a_receipt_are_the_bytes_that_were_sent(
    app: Flask, portal: Command, parcels: Parcels, hand_over: Any, tmp_path: Path
) -> None:
    """A number was shown, and what was stored as attachments was a page that said "temporarily unavailable"."""
    receipt = Journey(CheckedClient(app), Language.NB, "application", {}, FILES).send()
    proof = receipt.words(".//dl[@class='proof']//dd")
    assert set(HASHES.values()) <= set(proof)
    portal("open", reference_of(receipt), "--files", str(tmp_path / "opened"))
    opened = sorted(path for path in (tmp_path / "opened").iterdir() if path.is_file())
    assert [path.read_bytes() for path in opened] == [file.content for file in FILES]
    hand_over()
    assert parcels()[reference_of(receipt)] == HASHES


@pytest.mark.parametrize("table", [draft_files, draft_steps])
def test_02_what_was_damaged_on_the_way_gets_no_receipt(
    client: CheckedClient, database: sa.Engine, rows: Rows, issued: Callable[[], Any], table: sa.Table
) -> None:
    """Every byte is checked before anything is sealed: one that has changed in the store stops it all."""
    journey = Journey(client, Language.NB, "application", {}, FILES)
    review = journey.to_review()
    with database.begin() as connection:
        stored = connection.execute(sa.select(table.c.ciphertext)).scalars().all()[-1]
        damaged = stored[:-1] + bytes([stored[-1] ^ 1])
        connection.execute(sa.update(table).where(table.c.ciphertext == stored).values(ciphertext=damaged))
    answer = client.post(review.url, fields_of(review))
    assert answer.status == 409
    assert not answer.with_class("reference")
    assert (rows("submissions"), issued()) == ([], {})


def test_03_two_windows_in_two_languages_lose_nothing(client: CheckedClient, portal: Command, rows: Rows) -> None:
    """The page thanked; the French answers, typed in a second tab, never came."""
    journey = Journey(client, Language.NB, "application", {"situation": "Skrive på norsk"})
    review = journey.to_review()
    window = client.get("/da/skema/anmodning/situationen")
    client.post(window.url, fields_of(window) | {"goals": ["Skrevet på dansk"]}, status=303)
    # The first window shows what the second one wrote before anything is sent.
    again = client.post(review.url, fields_of(review), status=409)
    assert "Skrevet på dansk" in again.main
    danish = client.get("/da/skema/anmodning/gennemse")
    first = client.follow(client.post(danish.url, fields_of(danish)))
    second = client.follow(client.post(again.url, fields_of(again)))
    assert reference_of(first) == reference_of(second)
    opened = portal("open", reference_of(first)).stdout
    assert all(words in opened for words in ("Skrive på norsk", "Skrevet på dansk", "Dansk"))
    assert len(rows("submissions")) == 1


def test_03_what_is_not_in_the_store_has_no_receipt(client: CheckedClient, restore: Any) -> None:
    """Whatever page was shown before."""
    put_back = restore()
    journey = Journey(client, Language.NB, "application")
    journey.send()
    put_back()
    assert client.get(journey.receipt_url, status=303).location == journey.start


def test_04_a_delivery_that_fails_is_never_called_done_and_nothing_is_deleted_for_it(
    make_app: Any,
    environ: dict[str, str],
    portal_process: Command,
    portal: Command,
    inbox: Inbox,
    hand_over: Any,
    rows: Rows,
    clock: MovableClock,
    database: sa.Engine,
) -> None:
    """A mail failed a minute after "success"; the status stayed, and so the submission was deleted sooner.

    Here neither the folder nor the mail server can be reached for years. Nothing that was sent expires by age; only a
    proof of hand-over will ever allow it, which the folder does not give.
    """
    dead = {
        "PORTAL_SMTP_HOST": "127.0.0.1",
        "PORTAL_SMTP_PORT": str(free_port()),
        "PORTAL_SMTP_TLS": "none",
        "PORTAL_MAIL_FROM": "portal@example.org",
    }
    settings = from_environ(environ | dead)
    journey = Journey(CheckedClient(make_app(settings)), Language.NB, "application", {"email": CITIZEN.email}, FILES)
    reference = reference_of(journey.send())
    settings.outbox.rmdir()
    hand_over()
    portal_process("work", "--once", **dead)
    assert {row.kind: (row.state, row.attempts) for row in rows("deliveries")} == {
        "folder": ("todo", 1),
        "confirmation_mail": ("todo", 1),
    }
    clock.move(days=3650)
    DraftExpiry(database, clock, days=1).run_once()
    OwnCopyExpiry(database, clock, deployment=settings.deployment).run_once()
    assert [(line["reference"], line["handed_over_at"]) for line in inbox()] == [(reference, None)]
    assert CITIZEN.email in portal("open", reference).stdout
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET due_at = 0")
    hand_over()
    assert {row.kind: row.state for row in rows("deliveries")} == {"folder": "succeeded", "confirmation_mail": "todo"}
    assert [line["handed_over_at"] for line in inbox()] == [None]


_DIES = """
import os, signal, sys
from checked_client import CheckedClient, File
from form_journeys import Journey, code_of, reference_of
from forms_app.app import create_app
from forms_app.language import Language
from forms_app.settings import from_environ

app = create_app(from_environ(os.environ))
files = [File(name="a.txt", content=b"a")]
begun = Journey(CheckedClient(app), Language.NB, "complaint", {"decision": "Halvferdig"}, files)
begun.to_review()
print(code_of(begun.browser.get(begun.start + "kode")))
for number in range(3):
    print(reference_of(Journey(CheckedClient(app), Language.NB, "application").send()))
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_05_what_was_saved_before_a_crash_is_there_after_it(
    environ: Mapping[str, str], make_app: Any, settings: Settings, inbox: Inbox
) -> None:
    """Saved data was gone after a restart, and nobody saw it for weeks.

    Here a process is killed right after three receipts and a saved draft. (tests/acceptance kills whole portals, in the
    middle of sending too.)
    """
    ended = subprocess.run(
        [sys.executable, "-c", _DIES],
        env={**os.environ, **environ, "PYTHONPATH": str(REPOSITORY / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    code, *receipts = ended.stdout.split()
    assert sorted(line["reference"] for line in inbox()) == sorted(receipts)
    after = CheckedClient(make_app(settings))
    status = after.get("/nb/skjema/status")
    found = after.follow(after.post(status.url, fields_of(status) | {"code": [code]}))
    review = after.get("/nb/skjema/klage/se-over")
    assert "Halvferdig" in review.main
    assert "a.txt" in review.main
    assert code_of(after.get("/nb/skjema/klage/kode")) == code, found.url
