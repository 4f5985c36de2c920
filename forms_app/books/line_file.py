"""A file of lines that are on disk when `append` returns; threads and processes may share it."""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forms_app.durable import sync

_CLOSED_OFF = b" (torn)"


@dataclass(frozen=True)
class Line:
    """A complete line: its number in what was read, where the next one begins, and its bytes with the newline."""

    number: int
    end: int
    content: bytes


class LineFile:
    """Lines that are only ever added.

    A line counts from the newline on. What a crash left without one is passed over, and closed off by the
    next writer with a mark, so that it is told from damage.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, line: bytes) -> None:
        """Return when the line, which ends with a newline, is on disk; raises OSError."""
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
                sync(self.path.parent)
        finally:
            os.close(file)

    def lines(self, start: int = 0) -> Iterator[Line]:
        """Every complete line from this byte on, the oldest first."""
        if not self.path.exists():
            return
        end = start
        with self.path.open("rb") as file:
            file.seek(start)
            for number, content in enumerate(file, start=1):
                end += len(content)
                if content.endswith(b"\n") and not content.endswith(_CLOSED_OFF + b"\n"):
                    yield Line(number, end, content)
