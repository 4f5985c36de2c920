"""`portal deliveries` and `portal bounces`: what became of a hand-over, and what came back of it."""

import mailbox
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from os import environ as own_environ
from pathlib import Path

import pytest
import sqlalchemy as sa
from bounce_reports import absence, exim, postfix
from checked_client import CheckedClient
from command import Command
from form_journeys import reference_of
from mail_servers import Postbox, mail_server
from rehearsed_journeys import Rehearsed
from ssh_server import USER, ssh_server
from webhook_receiver import SECRET, webhook_receiver

from forms_app.delivery.return_address import ReturnAddresses
from forms_app.language import Language
from forms_app.settings import Settings, from_environ
from forms_app.storage import audit
from forms_app.storage.tables import deliveries, submissions

PATTERN = "bounces+*@example.org"
NOTICE = '{ kind = "notice", to = "unit@example.org" }'
CHANNELS = f'[{{ kind = "folder" }}, {NOTICE}]'


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


@pytest.fixture
def variables(environ: dict[str, str], tmp_path: Path, postbox: Postbox) -> dict[str, str]:
    """A portal that tells a unit by mail, and reads what comes back."""
    config = tmp_path / "portal.toml"
    shipped = Path(environ["PORTAL_CONFIG"]).read_text("utf-8")
    config.write_text(shipped.replace('[{ kind = "folder", opened = true }]', CHANNELS), "utf-8")
    return {**postbox.environ, "PORTAL_CONFIG": str(config), "PORTAL_BOUNCES_TO": PATTERN}


@pytest.fixture
def told(
    make_app: Callable[[Settings], object],
    environ: dict[str, str],
    variables: dict[str, str],
    portal_process: Command,
    postbox: Postbox,
) -> str:
    """The reference of a complaint whose unit was told."""
    client = CheckedClient(make_app(from_environ(environ | variables)))  # type: ignore[arg-type]
    reference = reference_of(Rehearsed(client, Language.NB, "complaint").send())
    portal_process("work", "--once", **variables)
    assert [mail["To"] for mail in postbox.mails] == ["unit@example.org"]
    return reference


@pytest.fixture
def returned_to(postbox: Postbox, told: str) -> str:
    """The address that reports of the notice come to."""
    (sender,) = postbox.senders
    assert sender.startswith("bounces+")
    return sender


def state(database: sa.Engine, kind: str) -> tuple[str, str | None]:
    with database.begin() as connection:
        row = connection.execute(sa.select(deliveries).where(deliveries.c.kind == kind)).one()
        return row.state, row.last_error


def test_reports_in_a_maildir_are_read_and_taken_out(
    portal: Command, variables: dict[str, str], returned_to: str, database: sa.Engine, told: str, tmp_path: Path
) -> None:
    box = mailbox.Maildir(str(tmp_path / "mail"))
    for raw in (postfix(returned_to), postfix(returned_to, action="delayed"), absence(returned_to), b"spam"):
        box.add(raw)
    printed = portal("bounces", str(tmp_path / "mail"), **variables).stdout
    assert printed == "given up: 1\nnot final: 1\nnot ours: 2\n"
    assert len(mailbox.Maildir(str(tmp_path / "mail"))) == 2
    assert state(database, "notice") == ("given_up", "MailBounced")
    shown = portal("deliveries", "show", told, **variables).stdout.splitlines()
    assert [line.split()[:3] for line in shown if not line.startswith(" ")] == [
        [told, "folder", "succeeded"],
        [told, "notice", "given_up"],
    ]
    assert [line.split()[2:] for line in shown if line.startswith(" ")] == [
        ["succeeded"],
        ["succeeded"],
        ["failed", "MailBounced"],
    ]
    assert portal("bounces", str(tmp_path / "mail"), **variables).stdout == "given up: 0\nnot final: 0\nnot ours: 2\n"


def test_what_was_given_up_is_tried_anew_and_the_trail_knows_who_asked(
    portal: Command,
    portal_process: Command,
    variables: dict[str, str],
    returned_to: str,
    database: sa.Engine,
    told: str,
    tmp_path: Path,
    postbox: Postbox,
) -> None:
    box = mailbox.mbox(str(tmp_path / "mail"))
    box.add(exim(returned_to))
    box.add(absence(returned_to))
    box.close()
    assert "given up: 1" in portal("bounces", str(tmp_path / "mail"), **variables).stdout
    with closing(mailbox.mbox(str(tmp_path / "mail"))) as left:
        assert len(left) == 1
    assert portal("deliveries", "again", told, **variables).stdout == "Owed again: notice.\n"
    assert portal("deliveries", "again", told, **variables).stdout == "Nothing of it was given up.\n"
    assert "todo" in portal("deliveries", "show", told, **variables).stdout
    portal_process("work", "--once", **variables)
    assert state(database, "notice") == ("succeeded", None)
    assert len(postbox.mails) == 2
    with database.begin() as connection:
        id = connection.execute(sa.select(submissions.c.id)).scalar_one()
        asked = [one for one in audit.entries(connection, str(id)) if one.action == "owed the hand-over again"]
    assert [one.actor.startswith("cli:") for one in asked] == [True]


def piped(environ: dict[str, str], raw: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "forms_app.cli", "bounces", "-"]
    return subprocess.run(
        command, input=raw, env={**own_environ, **environ}, capture_output=True, timeout=60, check=False
    )


def test_a_mail_server_can_pipe_a_report_and_keeps_it_while_the_database_is_gone(
    environ: dict[str, str], variables: dict[str, str], returned_to: str, database: sa.Engine
) -> None:
    gone = {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}
    failed = piped(environ | variables | gone, postfix(returned_to))
    assert failed.returncode == 75
    assert b"Traceback" not in failed.stderr
    assert state(database, "notice")[0] == "succeeded"
    done = piped(environ | variables, postfix(returned_to))
    assert (done.returncode, done.stdout) == (0, b"given up\n")
    assert state(database, "notice")[0] == "given_up"
    assert piped(environ | variables, absence(returned_to)).stdout == b"not ours\n"


def test_a_confirmation_that_comes_back_is_shown_as_mail_that_failed(
    environ: dict[str, str], variables: dict[str, str], settings: Settings, told: str, database: sa.Engine
) -> None:
    with database.begin() as connection:
        id = connection.execute(sa.select(submissions.c.id)).scalar_one()
        mail = {"key": f"confirmation_mail:{id}", "kind": "confirmation_mail"}
        connection.execute(sa.update(deliveries).where(deliveries.c.kind == "notice").values(**mail))
    returns = ReturnAddresses(pattern=PATTERN, secret_key=settings.secret_key)
    assert piped(environ | variables, postfix(returns.of(mail["key"]))).stdout == b"given up\n"
    assert state(database, "confirmation_mail") == ("given_up", "MailBounced")


def test_what_cannot_be_read_is_said(
    portal: Command, variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = portal("bounces", str(tmp_path), exit_code=1, **(variables | {"PORTAL_BOUNCES_TO": ""})).stderr
    assert "PORTAL_BOUNCES_TO is not set" in said
    for place in (tmp_path, tmp_path / "missing"):
        assert "no mailbox at this place" in portal("bounces", str(place), exit_code=1, **variables).stderr
    (tmp_path / "held").write_bytes(b"")
    (tmp_path / "held.lock").write_bytes(b"")
    assert "ExternalClashError" in portal("bounces", str(tmp_path / "held"), exit_code=1, **variables).stderr


def test_a_reference_that_nobody_has_is_told(portal: Command, told: str, variables: dict[str, str]) -> None:
    for command in ("show", "again"):
        assert "K7M2-9QXK" in portal("deliveries", command, "K7M2-9QXK", exit_code=1, **variables).stderr


def test_every_channel_is_greeted_by_the_check(portal: Command, variables: dict[str, str], tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "hook").write_text(SECRET, "ascii")
    with ssh_server(tmp_path / "ssh") as server, webhook_receiver(secrets) as receiver:
        (secrets / "sftp").write_text(server.key, "ascii")
        login = f'host = "127.0.0.1", port = {server.port}, user = "{USER}", key = "sftp"'
        sftp = f'{{ kind = "sftp", {login}, folder = "{server.uploads}", host_keys = ["{server.host_key}"]'
        webhook = f'{{ kind = "webhook", url = "{receiver.url}", secret = "hook", ca = "127.0.0.1.pem"'
        several = f'[{sftp}, forms = ["complaint"] }}, {webhook} }}, {NOTICE}]'
        config = Path(variables["PORTAL_CONFIG"])
        text = config.read_text("utf-8")
        config.write_text(text.replace(f"channels = {CHANNELS}", f"channels = {several}", 1), "utf-8")
        given = variables | {"PORTAL_CHANNEL_SECRETS": str(secrets)}
        printed = portal("check", **given).stdout
        assert "ok     channel sftp of arendal, complaint only\n" in printed
        assert "ok     channel webhook of arendal\n" in printed
        assert "ok     channel notice of arendal\n" in printed
        assert "ok     channel folder of rudersdal\n" in printed
        (secrets / "hook").unlink()
        printed = portal("check", exit_code=1, **given).stdout
    assert "FAULT  channel webhook of arendal\n" in printed
    assert "hook" in printed
