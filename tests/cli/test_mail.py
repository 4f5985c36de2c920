"""The confirmation by mail, from the form to the letter box: through the real worker and a real mail server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from command import Command
from flask import Flask
from form_journeys import code_of, reference_of
from mail_servers import Postbox, free_port, mail_server
from people import AGENT, CITIZEN
from rehearsed_journeys import Rehearsed

from forms_app.cli.check import findings
from forms_app.language import Language
from forms_app.settings import Settings, from_environ
from forms_app.storage.tables import deliveries

SUBJECT = {
    Language.NB: "Vi har fått det du sendte – referanse {}",
    Language.NN: "Vi har fått det du sende – referanse {}",
    Language.DA: "Vi har fået det, du sendte – reference {}",
}
WRITTEN = {Language.NB: "Mottatt: 22. november", Language.NN: "Motteke: 22. november", Language.DA: "Modtaget: 22. nov"}
TELLING = ("søknad", "klage", "fullmakt", "ansøgning", "anmodning", "fuldmagt", "koordinator", "plan")
PROMISED = {"nb": "går også til e-postadressen", "nn": "til e-postadressa", "da": "til den e-mailadresse"}


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


@pytest.fixture
def citizen(make_app: Callable[[Settings], Flask], environ: dict[str, str], postbox: Postbox) -> CheckedClient:
    """The browser of someone whose municipality has a mail server."""
    return CheckedClient(make_app(from_environ(environ | postbox.environ)))


def due_again(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(deliveries).values(due_at=0.0))


def states(database: sa.Engine) -> dict[str, str]:
    with database.begin() as connection:
        rows = connection.execute(sa.select(deliveries.c.kind, deliveries.c.state))
        return {row.kind: row.state for row in rows}


def inbox(portal: Command) -> dict[str, object]:
    (line,) = json.loads(portal("inbox", "--json").stdout)
    assert isinstance(line, dict)
    return line


def words_of_an_address(folder: Path) -> list[str]:
    """Files that hold the citizen's address in clear, without the folder channel's, which is opened on purpose."""
    files = [path for path in folder.rglob("*") if path.is_file() and "outbox" not in path.parts]
    return [path.name for path in files if CITIZEN.email.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("language", "form"),
    [(Language.NB, "application"), (Language.NN, "complaint"), (Language.DA, "power_of_attorney")],
)
def test_one_mail_confirms_in_the_language_of_the_sender(
    portal_process: Command,
    citizen: CheckedClient,
    postbox: Postbox,
    settings: Settings,
    language: Language,
    form: str,
) -> None:
    # The one who gets a power of attorney has an address too, and is never written to.
    answers = {"email": CITIZEN.email, "agent_email": AGENT.email}
    receipt = Rehearsed(citizen, language, form, answers).send()
    assert PROMISED[language] in receipt.main
    for unused_time in range(2):
        portal_process("work", "--once", PORTAL_SITE_ADDRESS="https://portal.example.org/", **postbox.environ)
    (mail,) = postbox.mails
    assert postbox.recipients == [CITIZEN.email]
    assert mail["Subject"] == SUBJECT[language].format(reference_of(receipt))
    text = mail.get_content()
    assert WRITTEN[language] in text
    assert f"https://portal.example.org/{language}/" in text
    whole = (mail["From"] + mail["Subject"] + text).lower()
    assert not [word for word in (*TELLING, CITIZEN.name.lower(), AGENT.name.lower()) if word in whole]
    assert code_of(receipt).lower() not in whole
    assert words_of_an_address(settings.data) == []


def test_without_a_mail_server_none_is_promised_or_owed(
    portal_process: Command, client: CheckedClient, database: sa.Engine, postbox: Postbox
) -> None:
    receipt = Rehearsed(client, Language.NB, "complaint", {"email": CITIZEN.email}).send()
    assert PROMISED["nb"] not in receipt.main
    assert states(database) == {"folder": "todo"}
    portal_process("work", "--once", **postbox.environ)
    assert postbox.mails == []


def test_who_gives_no_address_gets_no_mail(
    portal_process: Command, citizen: CheckedClient, database: sa.Engine, postbox: Postbox
) -> None:
    receipt = Rehearsed(citizen, Language.NB, "complaint").send()
    assert PROMISED["nb"] not in receipt.main
    portal_process("work", "--once", **postbox.environ)
    assert states(database) == {"folder": "succeeded"}
    assert postbox.mails == []


def test_a_mail_that_is_put_off_is_tried_again_and_is_nobodys_trouble_meanwhile(
    portal: Command, portal_process: Command, citizen: CheckedClient, database: sa.Engine, postbox: Postbox
) -> None:
    Rehearsed(citizen, Language.NB, "complaint", {"email": CITIZEN.email}).send()
    postbox.answers = {"DATA": ["451 4.7.1 later"]}
    printed = portal_process("work", "--once", **postbox.environ)
    assert states(database) == {"folder": "succeeded", "confirmation_mail": "todo"}
    assert not inbox(portal)["mail_given_up"]
    due_again(database)
    portal_process("work", "--once", **postbox.environ)
    assert states(database)["confirmation_mail"] == "succeeded"
    assert postbox.mails[0]["Message-ID"] == postbox.refused[0]["Message-ID"]
    assert '"error": "MailPostponed"' in printed.stderr


def test_a_refused_address_is_given_up_at_once_and_stands_in_the_inbox(
    portal: Command, portal_process: Command, citizen: CheckedClient, database: sa.Engine, postbox: Postbox
) -> None:
    journey = Rehearsed(citizen, Language.NB, "complaint", {"email": CITIZEN.email})
    journey.send()
    postbox.answers = {"RCPT": [f"550 5.1.1 <{CITIZEN.email}> unknown"]}
    printed = portal_process("work", "--once", **postbox.environ)
    assert states(database) == {"folder": "succeeded", "confirmation_mail": "given_up"}
    assert CITIZEN.email not in printed.stdout + printed.stderr
    assert '"error": "MailRefused"' in printed.stderr
    line = inbox(portal)
    assert (line["mail_given_up"], line["deliveries_given_up"]) == (True, 0)
    assert portal("inbox").stdout.rstrip().endswith("  mail given up")
    assert "kunne ikke sendes" in citizen.get(journey.receipt_url).main


def test_a_server_that_is_away_is_waited_for(
    portal_process: Command, citizen: CheckedClient, database: sa.Engine, postbox: Postbox
) -> None:
    Rehearsed(citizen, Language.NB, "complaint", {"email": CITIZEN.email}).send()
    away = postbox.environ | {"PORTAL_SMTP_PORT": str(free_port())}
    assert '"error": "MailServerFailed"' in portal_process("work", "--once", **away).stderr
    assert states(database) == {"folder": "succeeded", "confirmation_mail": "todo"}


def test_a_worker_without_a_mail_server_lets_the_mail_wait(
    portal_process: Command, citizen: CheckedClient, database: sa.Engine
) -> None:
    Rehearsed(citizen, Language.NB, "complaint", {"email": CITIZEN.email}).send()
    assert '"error": "NoSuchChannel"' in portal_process("work", "--once").stderr
    assert states(database) == {"folder": "succeeded", "confirmation_mail": "todo"}


def test_check_greets_the_mail_server(portal: Command, postbox: Postbox) -> None:
    assert "ok     mail server: none" in portal("check").stdout
    assert "ok     mail server\n" in portal("check", **postbox.environ).stdout
    away = postbox.environ | {"PORTAL_SMTP_PORT": str(free_port())}
    printed = portal("check", exit_code=1, **away).stdout
    assert "FAULT  mail server\n       The mail server could not be reached" in printed


def test_check_on_the_citizen_side_needs_no_way_to_the_mail_server(environ: dict[str, str]) -> None:
    away = from_environ(environ | Postbox(port=free_port()).environ)
    with click.Context(click.Command("check")):
        found = list(findings(replace(away, opening_keys=None), date(2026, 11, 22)))
    assert not [one for one in found if one.subject.startswith("mail")]
