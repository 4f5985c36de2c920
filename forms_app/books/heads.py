"""The signed heads of the audit trail, one line each, in a file outside the database."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from forms_app.books.line_file import LineFile
from forms_app.errors import PortalError
from forms_app.sealing.trail import SignedHead


class HeadsUnwritable(PortalError):
    """The heads of the audit trail could not be written to their file; the next minute tries again."""


class HeadsDamaged(PortalError):
    """A line of the file of heads is not one that was written there."""


class HeadsFile:
    """Appends and reads heads; several workers may share the file, and a head that stands there twice does no harm."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LineFile(path)
        self._read_to = 0
        self._last = 0

    def last_number(self) -> int:
        """How many entries the newest head stands for, whoever wrote it; 0 where there is none. Raises HeadsDamaged."""
        for line in self._file.lines(self._read_to):
            self._read_to = line.end
            self._last = max(self._last, _parsed(line.content, line.number).head.number)
        return self._last

    def export(self, heads: Iterable[SignedHead]) -> None:
        """Return when all of them are on disk. Raises HeadsUnwritable."""
        try:
            for one in heads:
                self._file.append(json.dumps(one.as_json()).encode() + b"\n")
        except OSError as error:
            raise HeadsUnwritable(f"{self.path}: {error.strerror}") from error

    def heads(self) -> Iterator[SignedHead]:
        """Every head, the oldest first. Raises HeadsDamaged with the number of a bad line."""
        for line in self._file.lines():
            yield _parsed(line.content, line.number)


def _parsed(line: bytes, number: int) -> SignedHead:
    try:
        return SignedHead.from_json(json.loads(line))
    except ValueError as error:
        raise HeadsDamaged(f"line {number}") from error
