"""Complaints 17 and 18: nobody had read it in time, and nobody could read it any more."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from case_pages import status_url
from checked_client import CheckedClient, File
from command import Command
from form_journeys import Journey, code_of, reference_of
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.delivery.expiry import DraftExpiry, OwnCopyExpiry
from forms_app.language import Language
from forms_app.sealing.keys import new_identity_file
from forms_app.settings import REPOSITORY, DemoFiles, Settings

Inbox = Callable[[], list[dict[str, Any]]]
LETTER = File(name="brev.txt", content=b"brev")


@pytest.mark.parametrize("form", ["application", "power_of_attorney", "complaint"])
def test_17_what_nobody_has_read_never_expires(
    client: CheckedClient,
    settings: Settings,
    database: sa.Engine,
    clock: MovableClock,
    inbox: Inbox,
    portal: Command,
    tmp_path: Path,
    form: str,
) -> None:
    """The reader forgot; the reports expired, were gone for ever, and left no trace.

    The worker deletes drafts that were not sent, and citizens' own copies on the day they were told. Nothing else goes,
    however often it runs in however many years; and the receipt still says that there was something.
    """
    everyone = tuple(replace(one, own_copy_days=1) for one in settings.deployment.municipalities)
    journey = Journey(client, Language.NB, form, {}, [LETTER])
    reference = reference_of(journey.send())
    for unused_year in range(20):
        clock.move(days=366)
        DraftExpiry(database, clock, days=1).run_once()
        OwnCopyExpiry(database, clock, deployment=replace(settings.deployment, municipalities=everyone)).run_once()
    assert [(line["reference"], line["opened_at"]) for line in inbox()] == [(reference, None)]
    portal("open", reference, "--files", str(tmp_path / "files"))
    assert [path.read_bytes() for path in (tmp_path / "files").iterdir()] == [b"brev"]
    assert reference_of(client.get(status_url(journey))) == reference


def test_18_one_lost_key_loses_nothing(
    client: CheckedClient, settings: Settings, portal: Command, portal_process: Command
) -> None:
    """A password was forgotten, with its recovery key, and reports in production could not be read by anybody.

    Everything is sealed to a working key and to one that is kept apart. Here the first is gone: the second opens it all
    and hands it over. (Who keeps which key, and a rehearsed restore, come with an issue of their own.)
    """
    journey = Journey(client, Language.NB, "application", {"situation": "Vi sover ikke"}, [LETTER])
    reference = reference_of(journey.send())
    files = DemoFiles(settings.data)
    stranger = settings.data / "stranger.txt"
    new_identity_file(stranger)
    lost = {"PORTAL_OPENING_KEYS_FILE": str(stranger)}
    assert "Vi sover ikke" not in portal("open", reference, exit_code=1, **lost).stdout
    assert "cannot be opened" in portal("inbox", **lost).stdout
    assert "FAULT" in portal("check", exit_code=1, **lost).stdout
    files.opening_key.unlink()
    recovery = {"PORTAL_OPENING_KEYS_FILE": str(files.recovery_key)}
    assert "Vi sover ikke" in portal("open", reference, **recovery).stdout
    portal_process("work", "--once", **recovery)
    assert b"Vi sover ikke" in (settings.outbox / "arendal" / reference / "answers.json").read_bytes()


def test_18_a_portal_with_a_single_key_does_not_start(portal: Command, settings: Settings, tmp_path: Path) -> None:
    """In earnest each municipality must have two at least."""
    one_key = str(Identity.generate().to_public())
    config = tmp_path / "portal.toml"
    whole = (REPOSITORY / "portal.toml").read_text("utf-8").replace("demo = true", "demo = false")
    config.write_text(whole.replace("\ncountry =", f'\nrecipients = ["{one_key}"]\ncountry ='), "utf-8")
    assert tomllib.loads(config.read_text("utf-8"))["municipality"][0]["recipients"] == [one_key]
    files = DemoFiles(settings.data)
    ended = portal(
        "inbox",
        exit_code=1,
        PORTAL_CONFIG=str(config),
        PORTAL_SECRET_KEY="x" * 40,
        PORTAL_SIGNING_KEY_FILE=str(files.signing_key),
        PORTAL_TRUSTED_PROXIES="1",
    )
    assert "municipality arendal: A recipient list needs two different public keys" in ended.stderr


def test_18_a_lost_code_costs_the_citizen_the_copy_and_the_municipality_nothing(
    client: CheckedClient, portal: Command
) -> None:
    """The code is the citizen's only; what was sent does not depend on it."""
    receipt = Journey(client, Language.NB, "complaint", {"why": "Fordi"}).send()
    for name in ("draft-complaint", "receipt-complaint"):
        client.forget(name)
    assert code_of(receipt) not in portal("open", reference_of(receipt)).stdout
    assert "Fordi" in portal("open", reference_of(receipt)).stdout
