"""Every receipt that was ever issued, one line each, in a file outside the database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms_app.books.line_file import LineFile
from forms_app.errors import PortalError


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
    """Appends and reads lines of JSON; threads and processes may share the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LineFile(path)
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
            self._file.append(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise JournalUnwritable(reference) from error

    def lines(self) -> Iterator[JournalLine]:
        """Every complete line, the oldest first; raises JournalDamaged with the number of a bad one."""
        for line in self._file.lines():
            yield _parsed(line.content, line.number)

    def contains(self, reference: str) -> bool:
        """Whether a receipt with this reference was issued."""
        return any(line.reference == reference for line in self.lines())


def _parsed(line: bytes, number: int) -> JournalLine:
    try:
        fields = json.loads(line)
        return JournalLine(**fields | {"accepted_at": datetime.fromisoformat(fields["accepted_at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise JournalDamaged(number) from error
