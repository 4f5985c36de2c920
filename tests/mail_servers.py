"""Mail servers to send to: one that takes mail as it is told, and such as never come to the point."""

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from forms_app.mail_server import MailServer, MailTls

SENDER = "portal@example.org"
USER, PASSWORD = "portal", "hemmelig nok"


@dataclass
class Postbox:
    """What a server has got: of each mail the sender, which reports go to, and what was asked of it besides.

    `answers` holds what it says next to a command ("RCPT", "DATA"), where that is not OK; `offers` what it says that it
    can do besides.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    refused: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    options: list[set[str]] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    offers: tuple[str, ...] = ()
    port: int = 0

    @property
    def server(self) -> MailServer:
        """How to reach it."""
        return MailServer(host="127.0.0.1", port=self.port, tls=MailTls.NONE, sender=SENDER, answer_seconds=10)

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a portal that sends through it."""
        return {
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": str(self.port),
            "PORTAL_SMTP_TLS": "none",
            "PORTAL_MAIL_FROM": SENDER,
        }

    async def handle_EHLO(
        self, unused_server: Any, session: Any, unused_envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Say what it can do."""
        session.host_name = hostname
        return [responses[0], *(f"250-{offer}" for offer in self.offers), *responses[1:]]

    async def handle_RCPT(
        self, unused_server: Any, unused_session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or say what is next in `answers`."""
        answer = self._next("RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: Any, unused_session: Any, envelope: Any) -> str:
        """Take the mail, or say what is next in `answers`."""
        answer = self._next("DATA")
        message = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(message, EmailMessage)
        if answer.startswith("2"):
            self.mails.append(message)
            self.recipients += envelope.rcpt_tos
            self.senders.append(envelope.mail_from)
            self.options.append({*envelope.mail_options, *envelope.rcpt_options})
            self.was_encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        else:
            self.refused.append(message)
        return answer

    def _next(self, command: str) -> str:
        planned = self.answers.get(command)
        return planned.pop(0) if planned else "250 OK"


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class _ReportingSMTP(SMTP):
    """Knows the words of RFC 3461, which aiosmtpd does not."""

    def _getparams(self, params: Any) -> Any:
        found = super()._getparams(params)
        return found and {name: value for name, value in found.items() if name not in ("RET", "ENVID", "NOTIFY")}


class _ReportingController(Controller):
    def factory(self) -> SMTP:
        return _ReportingSMTP(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server(*, offers: tuple[str, ...] = (), **options: Any) -> Iterator[Postbox]:
    """A real SMTP server with aiosmtpd's options."""
    postbox = Postbox(port=free_port(), offers=offers)
    kind = _ReportingController if "DSN" in offers else Controller
    controller = kind(postbox, hostname="127.0.0.1", port=postbox.port, **options)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def only_the_user(unused_server: Any, unused_session: Any, unused_envelope: Any, method: str, data: Any) -> AuthResult:
    """An authenticator that knows USER and PASSWORD."""
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def talking(talk: Talk) -> Iterator[int]:
    """A server whose every connection is left to `talk` in a thread of its own, and its port. The event says that the
    test is over.
    """
    is_over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            talk(connection, is_over)

    def listen() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, unused_address = listener.accept()
                threads.append(threading.Thread(target=answer, args=(connection,)))
                threads[-1].start()

    threads.append(threading.Thread(target=listen))
    threads[0].start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        is_over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join(10)


@contextmanager
def jammed() -> Iterator[int]:
    """A port where so many wait already that a connection is never made."""
    with contextlib.ExitStack() as waiting:
        listener = waiting.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = int(listener.getsockname()[1])
        for unused_one in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port


def say_nothing(unused_connection: socket.socket, is_over: threading.Event) -> None:
    """Takes the connection and hangs."""
    is_over.wait(60)


def spin_it_out(connection: socket.socket, is_over: threading.Event) -> None:
    """A byte of a greeting that never ends, again and again."""
    while not is_over.wait(0.02):
        connection.sendall(b"2")


def hang_up_after_the_mail(connection: socket.socket, unused_is_over: threading.Event) -> None:
    """Takes a mail, and is gone before anybody says goodbye."""
    connection.sendall(b"220 hello\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            if line == b".\r\n":
                connection.sendall(b"250 taken\r\n")
                return
            is_command = line[:4].upper() in (b"EHLO", b"MAIL", b"RCPT")
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 go on\r\n")
            elif is_command:
                connection.sendall(b"250 OK\r\n")


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and a certificate that vouches for itself, for this host name or address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test")])
    known_as = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known_as]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def tls_of(path: Path) -> ssl.SSLContext:
    """What a server with this certificate encrypts with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
