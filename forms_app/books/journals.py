"""The issue journals of all hosts, read as one: counted, and line by line where the counts do not agree.

A line that stands in several journals, or several times in one, is one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from forms_app.books.journal import JournalDamaged, JournalLine, parsed
from forms_app.books.line_file import LineFile
from forms_app.errors import PortalError
from forms_app.storage.closed_books import Page
from forms_app.storage.functions import digest

NAMES = "issued*.jsonl"
"""What the journals in a folder are called."""


class JournalUnreadable(PortalError):
    """A journal that was named is not there or cannot be read; without it nobody can tell whether anything is lost."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """How many receipts a page has, and the sum of their digests."""

    count: int
    digest: int


@dataclass
class _Read:
    """How far a file has been read, and from where on there are lines of a day."""

    inode: int
    lines: int = 0
    end: int = 0
    begins: dict[date, int] = field(default_factory=dict)


@dataclass
class _Sum:
    seen: set[int] = field(default_factory=set)
    digest: int = 0


class Journals:
    """`places` are files, and folders with files of the name `issued*.jsonl`.

    What has been read is remembered, so that counting each minute reads what is new. A file that became shorter, was
    exchanged or went away makes everything be read anew.
    """

    def __init__(self, places: Sequence[Path]) -> None:
        self.places = tuple(places)
        self.damaged: list[tuple[Path, int]] = []
        """File and number of every line that cannot be read."""
        self.late: list[JournalLine] = []
        """Those that the worker noted, because nobody had been shown a receipt."""
        self._files: dict[Path, _Read] = {}
        self._pages: dict[Page, _Sum] = {}

    def count(self) -> Mapping[Page, Issued]:
        """What all journals together hold now. Raises JournalUnreadable."""
        try:
            paths = self._paths()
            if any(_was_exchanged(path, read) for path, read in self._files.items()):
                self._forget()
            for path in paths:
                self._take(path)
        except OSError as error:
            raise JournalUnreadable(f"{error.filename}: {error.strerror}") from error
        return {page: Issued(count=len(one.seen), digest=one.digest) for page, one in self._pages.items()}

    def lines(self, pages: Collection[Page]) -> list[JournalLine]:
        """Every line of these pages, as the files are now."""
        days = {page.day for page in pages}
        found = []
        for path, read in self._files.items():
            starts = [read.begins[day] for day in days if day in read.begins]
            if not starts:
                continue
            for line in LineFile(path).lines(min(starts)):
                try:
                    one = parsed(line.content, line.number)
                except JournalDamaged:
                    continue
                if page_of(one) in pages:
                    found.append(one)
        return found

    def _paths(self) -> list[Path]:
        found: set[Path] = set()
        for place in self.places:
            if place.is_dir():
                found.update(place.glob(NAMES))
            elif place.exists():
                found.add(place)
            else:
                raise JournalUnreadable(str(place))
        return sorted({path.resolve() for path in found})

    def _forget(self) -> None:
        self.damaged.clear()
        self.late.clear()
        self._files.clear()
        self._pages.clear()

    def _take(self, path: Path) -> None:
        read = self._files.setdefault(path, _Read(inode=path.stat().st_ino))
        before = read.lines
        for line in LineFile(path).lines(read.end):
            read.lines = before + line.number
            try:
                one = parsed(line.content, read.lines)
            except JournalDamaged:
                self.damaged.append((path, read.lines))
            else:
                read.begins.setdefault(page_of(one).day, read.end)
                self._add(one)
            read.end = line.end

    def _add(self, line: JournalLine) -> None:
        page, number = self._pages.setdefault(page_of(line), _Sum()), digest(line.reference, line.sealed_hash)
        if line.noted_at:
            self.late.append(line)
        if number not in page.seen:
            page.seen.add(number)
            page.digest += number


def page_of(line: JournalLine) -> Page:
    """Where a line is counted."""
    return Page(line.accepted_at.astimezone(UTC).date(), line.municipality)


def late_since(journals: Journals, moment: datetime) -> list[JournalLine]:
    """What the worker has noted since then."""
    return [line for line in journals.late if line.noted_at and line.noted_at >= moment]


def _was_exchanged(path: Path, read: _Read) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    return found.st_ino != read.inode or found.st_size < read.end
