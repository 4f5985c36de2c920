"""Every receipt that was ever issued, one line each, in a file outside the database."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forms_app.books.line_file import LineFile
from forms_app.errors import PortalError


class JournalUnwritable(PortalError):
    """The issue journal could not be written to disk; the receipt must not be shown."""


class JournalDamaged(PortalError):
    """A line of the issue journal that was once complete cannot be read any more."""


@dataclass(frozen=True, kw_only=True)
class JournalLine:
    """A receipt: `accepted_at` is the time it names, `sealed_hash` a SHA-256 in hexadecimal.

    `noted_at` is set where nobody had been shown a receipt of what is stored, and the worker noted it later.
    """

    accepted_at: datetime
    reference: str
    municipality: str
    sealed_hash: str
    noted_at: datetime | None = None

    def as_json(self) -> bytes:
        """As it stands in the file."""
        fields = {
            "accepted_at": self.accepted_at.isoformat(),
            "reference": self.reference,
            "municipality": self.municipality,
            "sealed_hash": self.sealed_hash,
        }
        late = {} if self.noted_at is None else {"noted_at": self.noted_at.isoformat()}
        return json.dumps(fields | late).encode() + b"\n"


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
        line = JournalLine(
            accepted_at=accepted_at, reference=reference, municipality=municipality, sealed_hash=sealed_hash
        )
        self.add([line])

    def add(self, lines: Iterable[JournalLine]) -> None:
        """Return when all of them are on disk; raises JournalUnwritable."""
        written = list(lines)
        if not written:
            return
        try:
            self._file.append(b"".join(line.as_json() for line in written))
        except OSError as error:
            raise JournalUnwritable(written[0].reference) from error

    def lines(self) -> Iterator[JournalLine]:
        """Every complete line, the oldest first; raises JournalDamaged with the number of a bad one."""
        for line in self._file.lines():
            yield parsed(line.content, line.number)

    def contains(self, reference: str) -> bool:
        """Whether a receipt with this reference was issued."""
        return any(line.reference == reference for line in self.lines())


def parsed(line: bytes, number: int) -> JournalLine:
    """What stands on a line. What a log daemon wrote before it on its way to another host is passed over.

    Raises JournalDamaged with the number.
    """
    try:
        fields = json.loads(line[line.index(b"{") :])
        noted_at = fields.get("noted_at")
        return JournalLine(
            accepted_at=_moment(fields["accepted_at"]),
            reference=_text(fields["reference"]),
            municipality=_text(fields["municipality"]),
            sealed_hash=_text(fields["sealed_hash"]),
            noted_at=_moment(noted_at) if noted_at else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise JournalDamaged(number) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _moment(value: str) -> datetime:
    """A time without a zone would be on another day for every reader; it is none."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)
