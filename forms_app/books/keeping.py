"""What the worker does with the books: close them, and note what no journal knows of.

Between the commit of a submission and its line in a journal a process can die. Nobody was shown a receipt then, but the
submission is there and reaches the municipality; if it got lost later, nobody would notice. So the worker notes it in a
journal of its own, and says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.books.closing import Books, Finding, Gap, close
from forms_app.books.journal import IssueJournal, JournalLine
from forms_app.books.journals import Journals
from forms_app.clock import Clock
from forms_app.storage.closed_books import Row

NOTED_AFTER = timedelta(minutes=10)
"""Longer than any request lasts, and than a log takes to another host."""

_log = log.logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is wrong with the books now, and what was noted just now."""

    gaps: tuple[Finding, ...]
    noted: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Bookkeeper:
    """Reads the journals of all hosts and writes to the one at `late`, which must be among them."""

    engine: sa.Engine
    clock: Clock
    journals: Journals
    late: IssueJournal

    def run(self, *, since: date | None = None) -> Kept:
        """Close the books. Raises JournalUnreadable, JournalUnwritable, and what the database raises."""
        books = close(self.engine, self.journals, now=self.clock(), since=since)
        noted = self._note(books)
        gaps = tuple(one for one in books.findings if one.gap is not Gap.NO_LINE)
        return Kept(gaps=gaps, noted=noted)

    def _note(self, books: Books) -> tuple[Row, ...]:
        now = self.clock()
        late = tuple(row for row in books.unshown if now - row.accepted_at >= NOTED_AFTER)
        self.late.add(
            JournalLine(
                accepted_at=row.accepted_at,
                reference=row.reference,
                municipality=row.municipality,
                sealed_hash=row.sealed_hash,
                noted_at=now,
            )
            for row in late
        )
        for row in late:
            _log.warning("noted_in_journal", reference=row.reference, municipality=row.municipality)
        if late:
            self.journals.count()
        return late
