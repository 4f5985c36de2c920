"""`portal` as an operator and a case worker use it."""

import json
import os
import pwd
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from form_journeys import reference_of
from people import CITIZEN
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed
from sample_files import pdf_with

from forms_app.cli.processes import host_and_port
from forms_app.language import Language
from forms_app.sealing.keys import public_keys
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.tables import submissions

ODD = "Første linje\n\nTredje «linje» & <b>🙂"
FILES = [File(name="brev æ.pdf", content=pdf_with(b"\r\n\x00\xff")), File(name="notat.txt", content=b"hei")]


@pytest.fixture
def reference(client: CheckedClient) -> str:
    """Of an application that was sent with two files."""
    return reference_of(Rehearsed(client, Language.DA, "application", {"situation": ODD}, FILES).send())


def test_the_inbox_is_one_json_array(portal: Command, reference: str, client: CheckedClient) -> None:
    other = reference_of(Rehearsed(client, Language.NB, "complaint", {"municipality": "rudersdal"}).send())
    listed = json.loads(portal("inbox", "--json").stdout)
    assert {one["reference"] for one in listed} == {reference, other}
    (mine,) = [one for one in listed if one["reference"] == reference]
    assert mine["summary"]["name_of_person"] == CITIZEN.name
    assert mine["attachments"] == 2
    (theirs,) = json.loads(portal("inbox", "--json", "--municipality", "rudersdal").stdout)
    assert theirs["reference"] == other
    text = portal("inbox").stdout.splitlines()
    assert len(text) == 2
    assert any(reference in line and CITIZEN.name in line for line in text)


def test_an_empty_inbox_is_an_empty_array(portal: Command) -> None:
    assert json.loads(portal("inbox", "--json").stdout) == []


def test_open_prints_what_was_typed(portal: Command, reference: str, tmp_path: Path) -> None:
    shown = portal("open", reference, "--files", str(tmp_path / "ut")).stdout
    assert "    Første linje\n    \n    Tredje «linje» & <b>🙂\n" in shown
    assert reference in shown
    assert "None" not in shown
    assert sorted(path.name for path in (tmp_path / "ut").iterdir()) == ["01-brev æ.pdf", "02-notat.txt"]
    assert (tmp_path / "ut" / "01-brev æ.pdf").read_bytes() == FILES[0].content
    answers = json.loads(portal("open", reference, "--json").stdout)
    assert answers["situation"]["situation"] == ODD


def test_open_writes_files_for_this_user_only_and_over_nothing(portal: Command, reference: str, tmp_path: Path) -> None:
    folder = tmp_path / "ut"
    portal("open", reference, "--files", str(folder))
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    (folder / "01-brev æ.pdf").write_bytes(b"mine")
    assert "was left alone" in portal("open", reference, "--files", str(folder), exit_code=1).stderr
    assert (folder / "01-brev æ.pdf").read_bytes() == b"mine"


def test_the_trail_names_the_user_of_the_operating_system(portal: Command, reference: str, database: sa.Engine) -> None:
    portal("inbox", USER="someone-else", LOGNAME="someone-else")
    portal("open", reference)
    user = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    with reading(database) as connection:
        trail = [(entry.actor, entry.action) for entry in audit.entries(connection)]
    assert trail == [("citizen", "submitted"), (user, "listed"), (user, "opened")]


def test_a_user_without_a_name_is_written_down_by_number(
    portal: Command, reference: str, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_001)
    portal("open", reference)
    with reading(database) as connection:
        assert audit.entries(connection)[-1].actor == "cli:4000000001"


def test_open_refuses_what_was_swapped(
    portal: Command, reference: str, client: CheckedClient, database: sa.Engine
) -> None:
    other = reference_of(Rehearsed(client, Language.DA, "application", {"situation": "den andre"}).send())
    with database.begin() as connection:
        envelope = connection.execute(
            sa.select(submissions.c.answers).where(submissions.c.reference == other)
        ).scalar_one()
        connection.execute(sa.update(submissions).where(submissions.c.reference == reference).values(answers=envelope))
    refused = portal("open", reference, exit_code=1)
    assert "does not belong to the row" in refused.stderr
    assert "den andre" not in refused.stdout + refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(("typed", "said"), [("tull", "mistyped"), ("0000-0000", "No submission has this reference")])
def test_open_says_what_is_wrong_with_a_reference(portal: Command, typed: str, said: str) -> None:
    assert said in portal("open", typed, exit_code=1).stderr


def test_keys_are_made_once_and_never_overwritten(portal: Command, tmp_path: Path) -> None:
    for name, options in (("opening.txt", ()), ("receipts.pem", ("--signing",))):
        path = tmp_path / name
        printed = portal("keys", "new", str(path), *options).stdout.strip()
        before = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert printed
        assert printed not in ("", before.decode())
        refused = portal("keys", "new", str(path), *options, exit_code=1)
        assert "nothing was changed" in refused.stderr
        assert path.read_bytes() == before
    assert public_keys(tmp_path / "opening.txt")[0].startswith("age1")


def test_migrate_makes_the_database_and_can_be_repeated(portal: Command, settings: Settings) -> None:
    for path in settings.data.glob("portal.sqlite*"):
        path.unlink()
    for unused_time in range(2):
        assert "present schema" in portal("migrate").stdout
    assert json.loads(portal("inbox", "--json").stdout) == []


def test_an_inbox_without_a_schema_says_what_to_do(portal: Command, settings: Settings) -> None:
    for path in settings.data.glob("portal.sqlite*"):
        path.unlink()
    assert "portal migrate" in portal("inbox", exit_code=1).stderr


def test_check_is_content_with_a_portal_that_works(portal: Command) -> None:
    lines = portal("check").stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)


def test_check_says_what_is_wrong_and_how_to_mend_it(portal: Command, settings: Settings) -> None:
    for path in settings.data.glob("portal.sqlite*"):
        path.unlink()
    recipients = settings.data / "keys" / "recipients.txt"
    strangers = [str(Identity.generate().to_public()) for unused_key in range(2)]
    recipients.write_text("\n".join(strangers), "utf-8")
    printed = portal("check", exit_code=1).stdout
    assert (
        "FAULT  database\n       the schema is not one that this version can work on\n       mend: portal migrate"
        in printed
    )
    assert printed.count("FAULT  recipients of ") == 4
    assert "mend: put the public half of the opening key among the recipients in portal.toml" in printed


def test_check_asks_the_virus_scanner(portal: Command, tmp_path: Path) -> None:
    assert "virus scanner: none, so every file is marked as unscanned" in portal("check").stdout
    printed = portal("check", exit_code=1, PORTAL_VIRUS_SCANNER=str(tmp_path / "clamd.ctl")).stdout
    assert "FAULT  virus scanner\n       does not answer" in printed


def test_check_names_a_municipality_that_was_taken_out_while_its_submissions_are_kept(
    portal: Command, client: CheckedClient, environ: dict[str, str], tmp_path: Path
) -> None:
    Rehearsed(client, Language.NB, "complaint", {"municipality": "rudersdal"}).send()
    config = tmp_path / "portal.toml"
    config.write_text(Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace('"rudersdal"', '"other"'), "utf-8")
    printed = portal("check", exit_code=1, PORTAL_CONFIG=str(config)).stdout
    assert "FAULT  municipalities in the database" in printed
    assert "kept: 'rudersdal'\n       mend: put them back" in printed
    assert printed.count("FAULT") == 1
    assert "FAULT" not in portal("check").stdout


@pytest.mark.parametrize(
    ("host", "shown"), [("::1", "[::1]:8195"), ("127.0.0.1", "127.0.0.1:8195"), ("localhost", "localhost:8195")]
)
def test_an_address_can_be_followed_whatever_the_host(host: str, shown: str) -> None:
    assert host_and_port(host, 8195) == shown


def test_a_portal_without_recipients_does_not_start_and_says_whose_are_missing(
    portal: Command, environ: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "portal.toml"
    config.write_text(Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace("demo = true", "demo = false"), "utf-8")
    said = portal("check", exit_code=1, PORTAL_CONFIG=str(config)).stderr
    for missing in ("PORTAL_SECRET_KEY", "PORTAL_SIGNING_KEY_FILE", "arendal", "rudersdal"):
        assert missing in said


def test_a_demo_never_listens_to_other_machines(portal: Command) -> None:
    assert "this machine only" in portal("check", exit_code=1, HOST="0.0.0.0").stderr


def test_every_command_explains_itself(portal: Command) -> None:
    listed = portal("--help").stdout
    for command in ("serve", "work", "inbox", "open", "keys", "migrate", "check"):
        assert f"\n  {command} " in listed
        assert "Usage: " in portal(command, "--help").stdout
