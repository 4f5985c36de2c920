"""Mails of the portal: how they are written, by what a repeat is known, and where they come back to."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from forms_app.delivery.return_address import ReturnAddresses
from forms_app.delivery.smtp import send
from forms_app.language import Language
from forms_app.mail_server import MailServer


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Subject and text, in a language."""

    language: Language
    subject: str
    text: str


def compose(words: Letter, *, key: str, sender: Address, recipient: str, now: datetime) -> EmailMessage:
    """The whole mail; `key` is the delivery's and becomes the Message-ID, by which a repeat is recognised."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = words.subject
    message["Date"] = now
    # A colon may not stand there.
    message["Message-ID"] = f"<{key.replace(':', '.')}@{sender.domain}>"
    # So that no absence notice answers it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text, cte="quoted-printable")
    message["Content-Language"] = words.language
    return message


def post(
    server: MailServer, returns: ReturnAddresses | None, message: EmailMessage, recipient: str, *, key: str
) -> None:
    """Hand it in; what comes back of it goes to an address of this delivery. Raises as `smtp.send`."""
    if returns is None:
        send(server, message, recipient)
    else:
        send(server, message, recipient, returns_to=returns.of(key), envelope_id=returns.tag(key))
