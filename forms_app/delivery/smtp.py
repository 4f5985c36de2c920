"""Hands one mail to the operator's server, and says whether it is worth trying again."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.watch import watched
from forms_app.mail_server import MailServer, MailTls

_FIRST_FINAL_CODE = 500
_GREETING_SECONDS = 10.0


class MailServerFailed(TemporaryFailure):
    """The mail server could not be reached, did not let us in, or did not answer in time."""


class MailPostponed(TemporaryFailure):
    """The mail server does not take this mail now, and says that it may later."""


class MailTooLarge(PermanentFailure):
    """The mail is larger than what the mail server says that it takes."""


class MailRefused(PermanentFailure):
    """The mail server will never take this mail, most likely because nobody has the address."""


def send(
    server: MailServer, message: EmailMessage, recipient: str, *, returns_to: str = "", envelope_id: str = ""
) -> None:
    """Return when the server has taken the mail. Raises MailServerFailed, MailPostponed, MailTooLarge and MailRefused.

    Reports about it go to `returns_to`, or without that to the sender, and name the `envelope_id`. Whatever goes wrong
    before the mail itself is named, a wrong password for instance, is for the operator to mend and costs no citizen the
    mail.
    """
    try:
        with _connected(server) as connection:
            _demand_room(connection, message)
            _hand_in(connection, message, returns_to or server.sender, recipient, envelope_id)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailServerFailed from error


def greet(server: MailServer) -> None:
    """Go as far as sending a mail would, with less patience, and send none. Raises MailServerFailed."""
    try:
        with _connected(replace(server, answer_seconds=min(server.answer_seconds, _GREETING_SECONDS))):
            pass
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailServerFailed(type(error).__name__) from error


def _demand_room(connection: smtplib.SMTP, message: EmailMessage) -> None:
    largest = connection.esmtp_features.get("size", "")
    if largest.isdecimal() and 0 < int(largest) < len(message.as_bytes()):
        raise MailTooLarge


def _hand_in(connection: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str, envelope_id: str) -> None:
    """Where the server knows how (RFC 3461), it is asked to report failure and delay, and with the head only."""
    about_mail: tuple[str, ...] = ()
    about_recipient: tuple[str, ...] = ()
    if connection.has_extn("dsn"):
        about_mail = ("RET=HDRS", *([f"ENVID={envelope_id}"] if envelope_id else ()))
        about_recipient = ("NOTIFY=FAILURE,DELAY",)
    try:
        connection.send_message(message, sender, [recipient], about_mail, about_recipient)
    except smtplib.SMTPRecipientsRefused as refused:
        ((code, unused_words),) = refused.recipients.values()
        raise _verdict(code) from refused
    except smtplib.SMTPDataError as refused:
        raise _verdict(refused.smtp_code) from refused
    except smtplib.SMTPNotSupportedError as refused:
        # The address has letters outside ASCII, and the server knows no such addresses.
        raise MailRefused from refused


def _verdict(code: int) -> MailPostponed | MailRefused:
    return MailRefused() if code >= _FIRST_FINAL_CODE else MailPostponed()


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and logged in as far as the operator says, and always closed."""
    trusted = ssl.create_default_context(cafile=server.ca_file)
    connection = (
        smtplib.SMTP_SSL(timeout=server.answer_seconds, context=trusted)
        if server.tls is MailTls.IMPLICIT
        else smtplib.SMTP(timeout=server.answer_seconds)
    )
    # Only the constructor keeps the name that TLS checks, but it would connect before anybody watches.
    connection._host = server.host  # type: ignore[attr-defined]
    with watched(lambda: connection.sock, server.longest_seconds):
        try:
            connection.connect(server.host, server.port)
            if server.tls is MailTls.STARTTLS:
                connection.starttls(context=trusted)
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
            yield connection
            # The mail is with the server; how it says goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()
