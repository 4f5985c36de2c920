"""The files that a demonstration makes for itself."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DemoFiles:
    """Where a demonstration keeps the keys it makes for itself."""

    data: Path

    @property
    def secret_key(self) -> Path:
        """Signs the session cookie, which holds the CSRF token and nothing else."""
        return self.data / "keys" / "session.secret"

    @property
    def signing_key(self) -> Path:
        """Signs receipts."""
        return self.data / "keys" / "receipts.pem"

    @property
    def opening_key(self) -> Path:
        """The working key of the demo's case workers."""
        return self.data / "keys" / "opening.txt"

    @property
    def recovery_key(self) -> Path:
        """In a real deployment this one lies in a safe."""
        return self.data / "keys" / "recovery.txt"

    @property
    def recipients(self) -> Path:
        """The public halves of both, one a line: all that the citizen surface needs."""
        return self.data / "keys" / "recipients.txt"
