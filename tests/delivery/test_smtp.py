"""One mail handed to a real server: taken, postponed or refused, and never waited for without end."""

import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from mail_servers import (
    PASSWORD,
    USER,
    Postbox,
    certificate,
    free_port,
    hang_up_after_the_mail,
    jammed,
    mail_server,
    only_the_user,
    say_nothing,
    spin_it_out,
    talking,
    tls_of,
)

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.smtp import MailPostponed, MailRefused, MailServerFailed, greet, send
from forms_app.mail_server import MailServer, MailTls

CITIZEN = "ase@example.org"


@pytest.fixture
def message() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "portal@example.org", CITIZEN, "Vi har fått det"
    message.set_content("Hei.\n", cte="quoted-printable")
    return message


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


def test_a_mail_arrives(postbox: Postbox, message: EmailMessage) -> None:
    send(postbox.server, message, CITIZEN)
    (got,) = postbox.mails
    assert (got["Subject"], got.get_content()) == ("Vi har fått det", "Hei.\r\n")
    assert postbox.recipients == [CITIZEN]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "failure", "kind"),
    [
        ("451 4.7.1 later", MailPostponed, TemporaryFailure),
        ("421 4.3.2 closing", MailPostponed, TemporaryFailure),
        ("550 5.1.1 nobody", MailRefused, PermanentFailure),
        ("554 5.7.1 no", MailRefused, PermanentFailure),
    ],
)
def test_the_server_says_whether_it_is_worth_trying_again(
    postbox: Postbox, message: EmailMessage, command: str, answer: str, failure: type[Exception], kind: type[Exception]
) -> None:
    postbox.answers[command] = [answer]
    with pytest.raises(failure) as caught:
        send(postbox.server, message, CITIZEN)
    assert isinstance(caught.value, kind)
    assert CITIZEN not in str(caught.value)
    assert postbox.mails == []


@pytest.mark.parametrize("answer", ["530 5.7.0 log in first", "550 5.7.1 not you"])
def test_a_server_that_does_not_want_us_costs_no_citizen_the_mail(
    postbox: Postbox, message: EmailMessage, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    async def refuse(*unused_arguments: object) -> str:
        return answer

    monkeypatch.setattr(Postbox, "handle_MAIL", refuse, raising=False)
    with pytest.raises(MailServerFailed) as caught:
        send(postbox.server, message, CITIZEN)
    assert isinstance(caught.value, TemporaryFailure)


def test_nobody_listening_is_tried_again(message: EmailMessage) -> None:
    with pytest.raises(MailServerFailed):
        send(Postbox(port=free_port()).server, message, CITIZEN)


@pytest.mark.parametrize("talk", [say_nothing, spin_it_out])
def test_a_server_that_never_comes_to_the_point_is_left(message: EmailMessage, talk: object) -> None:
    with talking(talk) as port:  # type: ignore[arg-type]
        server = replace(Postbox(port=port).server, answer_seconds=0.4, longest_seconds=0.6)
        started = time.monotonic()
        with pytest.raises(MailServerFailed):
            send(server, message, CITIZEN)
        assert time.monotonic() - started < 5


def test_a_server_that_does_not_come_to_the_door_is_left(message: EmailMessage) -> None:
    with jammed() as port:
        server = replace(Postbox(port=port).server, answer_seconds=0.4, longest_seconds=0.1)
        started = time.monotonic()
        with pytest.raises(MailServerFailed):
            send(server, message, CITIZEN)
        assert time.monotonic() - started < 5


def test_a_mail_that_was_taken_is_sent_whatever_the_goodbye(message: EmailMessage) -> None:
    with talking(hang_up_after_the_mail) as port:
        send(Postbox(port=port).server, message, CITIZEN)


def test_an_address_beyond_ascii_needs_a_server_that_knows_such(message: EmailMessage) -> None:
    message.replace_header("To", "åse@example.org")
    with mail_server() as modern:
        send(modern.server, message, "åse@example.org")
    assert modern.recipients == ["åse@example.org"]
    with mail_server(enable_SMTPUTF8=False) as old, pytest.raises(MailRefused):
        send(old.server, message, "åse@example.org")


def encrypted(postbox: Postbox, tls: MailTls, ca_file: Path | None, **facts: str) -> MailServer:
    return replace(postbox.server, tls=tls, ca_file=ca_file, **facts)  # type: ignore[arg-type]


# The server does not see that its every connection is encrypted.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("tls", [MailTls.STARTTLS, MailTls.IMPLICIT])
def test_an_encrypted_connection_is_checked_and_logged_in(message: EmailMessage, tmp_path: Path, tls: MailTls) -> None:
    own = certificate(tmp_path, "127.0.0.1")
    options = {
        MailTls.STARTTLS: {"tls_context": tls_of(own), "require_starttls": True},
        MailTls.IMPLICIT: {"ssl_context": tls_of(own), "auth_require_tls": False},
    }[tls]
    with mail_server(authenticator=only_the_user, auth_required=True, **options) as postbox:
        server = encrypted(postbox, tls, own, user=USER, password=PASSWORD)
        greet(server)
        send(server, message, CITIZEN)
        assert postbox.was_encrypted == [True]
        for wrong in (replace(server, password="feil"), replace(server, password="ø"), replace(server, user=None)):
            with pytest.raises(MailServerFailed):
                send(wrong, message, CITIZEN)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("tls", [MailTls.STARTTLS, MailTls.IMPLICIT])
@pytest.mark.parametrize("vouched_for", ["nobody", "another name"])
def test_a_server_that_nobody_vouches_for_gets_no_mail(
    message: EmailMessage, tmp_path: Path, tls: MailTls, vouched_for: str
) -> None:
    own = certificate(tmp_path, "127.0.0.1" if vouched_for == "nobody" else "mail.example.org")
    options = {MailTls.STARTTLS: {"tls_context": tls_of(own)}, MailTls.IMPLICIT: {"ssl_context": tls_of(own)}}[tls]
    with mail_server(**options) as postbox, pytest.raises(MailServerFailed):
        send(encrypted(postbox, tls, None if vouched_for == "nobody" else own), message, CITIZEN)
    assert postbox.mails == []


def test_mail_is_never_sent_in_clear_where_encryption_was_asked_for(postbox: Postbox, message: EmailMessage) -> None:
    with pytest.raises(MailServerFailed):
        send(replace(postbox.server, tls=MailTls.STARTTLS), message, CITIZEN)
    assert postbox.mails == []


def test_a_lost_certificate_file_is_for_the_operator(postbox: Postbox, tmp_path: Path) -> None:
    with pytest.raises(MailServerFailed, match="FileNotFoundError"):
        greet(encrypted(postbox, MailTls.IMPLICIT, tmp_path / "absent.pem"))
