"""Hands one mail to the operator's server, and says whether it is worth trying again."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.mail_server import MailServer, MailTls

_FIRST_FINAL_CODE = 500
_GREETING_SECONDS = 10.0


class MailServerFailed(TemporaryFailure):
    """The mail server could not be reached, did not let us in, or did not answer in time."""


class MailPostponed(TemporaryFailure):
    """The mail server does not take this mail now, and says that it may later."""


class MailRefused(PermanentFailure):
    """The mail server will never take this mail, most likely because nobody has the address."""


def send(server: MailServer, message: EmailMessage, recipient: str) -> None:
    """Return when the server has taken the mail. Raises MailServerFailed, MailPostponed and MailRefused.

    Whatever goes wrong before the mail itself is named, a wrong password for instance, is for the operator to mend and
    costs no citizen the mail.
    """
    try:
        with _connected(server) as connection:
            _hand_in(connection, message, server.sender, recipient)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailServerFailed from error


def greet(server: MailServer) -> None:
    """Go as far as sending a mail would, with less patience, and send none. Raises MailServerFailed."""
    try:
        with _connected(replace(server, answer_seconds=min(server.answer_seconds, _GREETING_SECONDS))):
            pass
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailServerFailed(type(error).__name__) from error


def _hand_in(connection: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str) -> None:
    try:
        connection.send_message(message, sender, [recipient])
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
    with _watched(connection, server.longest_seconds):
        try:
            connection.connect(server.host, server.port)
            if server.tls is MailTls.STARTTLS:
                connection.starttls(context=trusted)
            if server.user:
                connection.login(server.user, server.password)
            yield connection
            # The mail is with the server; how it says goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()


@contextmanager
def _watched(connection: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Hang up on a server that spins it out: the timeout for an answer begins anew with each byte of it."""
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(seconds):
            with suppress(OSError):
                if held := connection.sock:
                    held.shutdown(socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, name="mail watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
