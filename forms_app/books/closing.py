"""Closed books: every receipt that was issued is stored, and waits, was handed over, or was erased after that.

What stands in the issue journals and what the database holds is counted by day and municipality. Single references are
looked at only where the counts do not agree. The journals are always read first: a line is written after its row was
committed, so a line without a row is a loss, however busy the portal is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

import sqlalchemy as sa

from forms_app.books.journals import Issued, Journals, page_of
from forms_app.storage import closed_books, envelopes
from forms_app.storage.closed_books import Page, Row, Standing, Stored, start_of
from forms_app.storage.engine import reading

GRACE = timedelta(minutes=15)
"""How long something may be stored before a journal must know of it. Its line is written right after it was committed,
and where a process died in between, the worker notes it (`books/keeping.py`)."""

_NOTHING_ISSUED = Issued(count=0, digest=0)
_NOTHING_STORED = Stored(count=0, digest=0, standing=dict.fromkeys(Standing, 0), taken_back=0)


class Gap(StrEnum):
    """Where the books do not close; the value is how it is told."""

    MISSING = "a receipt was issued, and no such submission is stored"
    CHANGED = "what is stored is not what the receipt was issued for: the hash of the sealed answers is another"
    MOVED = "is stored on another day or for another municipality than the receipt says"
    NO_LINE = "is stored, and no journal knows of it"
    NOWHERE = "neither waits nor was handed over: nothing is owed of it, and nothing says that anybody got it"
    UNPROVEN = "was erased, and nothing proves that the municipality has it"
    BAD_BYTES = "what is sealed there has another hash than when it was stored"
    DAMAGED = "a line of a journal cannot be read any more"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A gap, with the reference and the page it is on. A damaged line has neither, and `detail` says which it is."""

    gap: Gap
    reference: str = ""
    page: Page | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """One page: what was issued, and what is stored."""

    page: Page
    issued: int
    stored: Stored


@dataclass(frozen=True, kw_only=True)
class Books:
    """What was found. `unshown` is stored, but stands in no journal, be it that its receipt is just being made."""

    balances: tuple[Balance, ...]
    findings: tuple[Finding, ...]
    unshown: tuple[Row, ...]


def close(
    engine: sa.Engine, journals: Journals, *, now: datetime, since: date | None = None, municipality: str | None = None
) -> Books:
    """Compare everything, or what came in `since` that day or for one municipality. Raises JournalUnreadable."""
    issued = {
        page: one
        for page, one in journals.count().items()
        if (since is None or page.day >= since) and municipality in (None, page.municipality)
    }
    with reading(engine) as connection:
        stored = closed_books.pages(connection, since=since, municipality=municipality)
    doubtful = {page for page in issued.keys() | stored.keys() if _is_doubtful(issued.get(page), stored.get(page))}
    findings, unshown = _looked_at(engine, journals, doubtful) if doubtful else ([], [])
    old = [_finding(Gap.NO_LINE, row) for row in unshown if now - row.accepted_at >= GRACE]
    damaged = [Finding(gap=Gap.DAMAGED, detail=f"{path}, line {number}") for path, number in journals.damaged]
    return Books(
        balances=tuple(
            Balance(
                page=page,
                issued=issued.get(page, _NOTHING_ISSUED).count,
                stored=stored.get(page, _NOTHING_STORED),
            )
            for page in sorted(issued.keys() | stored.keys())
        ),
        findings=(*sorted(findings + old, key=_place), *damaged),
        unshown=tuple(unshown),
    )


def bad_bytes(engine: sa.Engine, *, since: date | None = None, municipality: str | None = None) -> Iterator[Finding]:
    """Read everything that is sealed, which takes its time, and name what has another hash than when it was stored."""
    start = start_of(since) if since else None
    with reading(engine) as connection:
        kept = envelopes.kept(connection, since=start, municipality=municipality)
    for id, reference in kept:
        with reading(engine) as connection:
            if any(sha256(sealed).hexdigest() != sealed_hash for sealed, sealed_hash in envelopes.of(connection, id)):
                yield Finding(gap=Gap.BAD_BYTES, reference=reference)


def _is_doubtful(issued: Issued | None, stored: Stored | None) -> bool:
    if issued is None or stored is None or (issued.count, issued.digest) != (stored.count, stored.digest):
        return True
    return bool(stored.standing[Standing.UNPROVEN] or stored.standing[Standing.NOWHERE])


def _looked_at(engine: sa.Engine, journals: Journals, pages: set[Page]) -> tuple[list[Finding], list[Row]]:
    """What is wrong on these pages, and what is stored there without a line."""
    lines: dict[Page, dict[str, set[str]]] = {page: {} for page in pages}
    for line in journals.lines(pages):
        lines[page_of(line)].setdefault(line.reference, set()).add(line.sealed_hash)
    with reading(engine) as connection:
        rows = {page: {row.reference: row for row in closed_books.rows(connection, page)} for page in pages}
        strayed = [reference for page in pages for reference in lines[page].keys() - rows[page].keys()]
        elsewhere = closed_books.by_reference(connection, strayed)
    findings = [one for page in pages for one in _lines_without_row(page, lines[page], rows[page], elsewhere)]
    unshown = []
    for page in pages:
        for row in rows[page].values():
            if row.reference not in lines[page] and row.reference not in elsewhere:
                unshown.append(row)
            findings += [_finding(gap, row) for gap in _odd(row)]
    return findings, sorted(unshown, key=lambda row: row.accepted_at)


def _lines_without_row(
    page: Page, lines: Mapping[str, set[str]], rows: Mapping[str, Row], elsewhere: Mapping[str, Row]
) -> Iterator[Finding]:
    for reference, hashes in lines.items():
        row = rows.get(reference)
        if row is None:
            gap = Gap.MOVED if reference in elsewhere else Gap.MISSING
            yield Finding(gap=gap, reference=reference, page=page)
        elif hashes != {row.sealed_hash}:
            yield Finding(gap=Gap.CHANGED, reference=reference, page=page)


def _odd(row: Row) -> Iterator[Gap]:
    if row.standing is Standing.UNPROVEN:
        yield Gap.UNPROVEN
    if row.standing is Standing.NOWHERE:
        yield Gap.NOWHERE


def _finding(gap: Gap, row: Row) -> Finding:
    return Finding(gap=gap, reference=row.reference, page=row.page)


def _place(finding: Finding) -> tuple[Page, str, str]:
    assert finding.page
    return finding.page, finding.reference, finding.gap
