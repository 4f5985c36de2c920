"""The server that mail leaves through, as the operator describes it."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class MailTls(StrEnum):
    """How the connection is encrypted: after asking for it, from the first byte, or not at all."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"

    @property
    def usual_port(self) -> int:
        """Where such a server listens when nobody says otherwise."""
        return {"starttls": 587, "implicit": 465, "none": 25}[self.value]


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed in, and in whose name. An encrypted connection is always checked against `ca_file`, or
    without one against the authorities that the system trusts.
    """

    host: str
    port: int
    tls: MailTls
    sender: str
    """The bare address that mail comes from, and bounces to where nothing else is said."""
    returns_to: str = ""
    """An address with one `*`: what comes back of a delivery goes there, with the delivery's tag in its place."""
    user: str | None = None
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    answer_seconds: float = 60.0
    """How long to wait for one answer; a server that scans what it gets may take its time."""
    longest_seconds: float = 300.0
    """How long one attempt may take in all."""
