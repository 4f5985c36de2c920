"""Mails alarms to whoever runs the portal, through the server that citizens' mails leave through."""

import uuid
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP

from forms_app.clock import Clock
from forms_app.delivery.smtp import send
from forms_app.mail_server import MailServer

_ANSWER_SECONDS, _LONGEST_SECONDS = 10.0, 30.0
"""Less patience than with a citizen's mail: what looks for alarms waits meanwhile."""


@dataclass(frozen=True, kw_only=True)
class AlarmMail:
    """To one address. `source` tells apart the portals that mail there."""

    server: MailServer
    recipient: str
    source: str
    clock: Clock

    def __call__(self, subject: str, text: str) -> None:
        """Return when the server has taken the mail. Raises as `smtp.send`."""
        patient = replace(self.server, answer_seconds=_ANSWER_SECONDS, longest_seconds=_LONGEST_SECONDS)
        send(patient, self._message(subject, text), self.recipient)

    def _message(self, subject: str, text: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self.server.sender
        message["To"] = self.recipient
        message["Subject"] = subject
        message["Date"] = self.clock()
        message["Message-ID"] = f"<alarm.{uuid.uuid4()}@{self.server.sender.rpartition('@')[2]}>"
        # So that no absence notice answers it (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{text}\n{self.source}\n", cte="quoted-printable")
        return message
