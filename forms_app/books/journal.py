"""Every receipt that was ever issued, one line each, in a file outside the database."""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms_app.errors import PortalError

_CLOSED_OFF = b" (torn)"


class JournalUnwritable(PortalError):
    """The issue journal could not be written to disk; the receipt must not be shown."""


class JournalDamaged(PortalError):
    """A line of the issue journal that was once complete cannot be read any more."""


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    """A receipt: `accepted_at` is the time it names, `sealed_hash` a SHA-256 in hexadecimal."""

    accepted_at: datetime
    reference: str
    municipality: str
    sealed_hash: str


class IssueJournal:
    """Appends and reads lines of JSON; threads and processes may share the file.

    A line counts from the newline on. What a crash left without one is passed over, and closed off by the
    next writer with a mark, so that it is told from damage.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._issued: set[str] = set()

    def issue(self, accepted_at: datetime, reference: str, municipality: str, sealed_hash: str) -> None:
        """Note that a receipt is about to be shown; showing it again adds nothing. Raises JournalUnwritable.

        What this process has not noted itself is noted once more, so a reader counts references, not lines.
        """
        if reference in self._issued:
            return
        self.append(accepted_at, reference, municipality, sealed_hash)
        self._issued.add(reference)

    def append(self, accepted_at: datetime, reference: str, municipality: str, sealed_hash: str) -> None:
        """Return when the line is on disk; raises JournalUnwritable."""
        line = {
            "accepted_at": accepted_at.isoformat(),
            "reference": reference,
            "municipality": municipality,
            "sealed_hash": sealed_hash,
        }
        try:
            self._append(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise JournalUnwritable(reference) from error

    def lines(self) -> Iterator[JournalLine]:
        """Every complete line, the oldest first; raises JournalDamaged with the number of a bad one."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith(b"\n") and not line.endswith(_CLOSED_OFF + b"\n"):
                    yield _parsed(line, number)

    def contains(self, reference: str) -> bool:
        """Whether a receipt with this reference was issued."""
        return any(line.reference == reference for line in self.lines())

    def _append(self, line: bytes) -> None:
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            # Closing the file gives the lock back, and so does dying.
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file).st_size
            is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            whole = _CLOSED_OFF + b"\n" + line if is_torn else line
            if os.write(file, whole) != len(whole):
                raise OSError("only part of the line fitted")
            os.fsync(file)
            if size == 0:
                _sync_directory(self.path.parent)
        finally:
            os.close(file)


def _parsed(line: bytes, number: int) -> JournalLine:
    try:
        fields = json.loads(line)
        return JournalLine(**fields | {"accepted_at": datetime.fromisoformat(fields["accepted_at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise JournalDamaged(number) from error


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
