"""The list of what came in. Names come out of the sealed summaries, in memory, for whoever holds the opening key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app import log
from forms_app.clock import Clock
from forms_app.forms.definition import GOES_ON
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, open_summary
from forms_app.storage import audit, inbox
from forms_app.storage.engine import reading
from forms_app.storage.inbox import InboxRow
from forms_app.storage.inbox_order import InboxPosition, Wanted

_PAGE = 200
_log = log.logger(__name__)
ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class InboxLine:
    """A case with its opened summary: empty where no key was given or the case has been erased, None if it cannot be
    opened.
    """

    row: InboxRow
    summary: Mapping[str, Any] | None

    @property
    def goes_on(self) -> bool:
        """Whether it is a complaint that is sent on at once."""
        return bool((self.summary or {}).get(GOES_ON))

    @property
    def names(self) -> Mapping[str, str]:
        """Who is named in it, by the question that asked for the name."""
        return {name: value for name, value in (self.summary or {}).items() if value and isinstance(value, str)}


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """Some of the cases; `next` is where the following page begins after, None on the last one."""

    lines: tuple[InboxLine, ...]
    next: InboxPosition | None


def lines(
    engine: sa.Engine, clock: Clock, identities: Sequence[Identity], *, actor: str, municipality: str | None = None
) -> list[InboxLine]:
    """Every case, those that need a human soonest first.

    That `actor` sees names is written down before any is opened.
    """
    rows = _rows(engine, municipality)
    if rows and identities:
        _record(engine, clock, actor, municipality)
    return _opened(rows, identities)


def page(
    engine: sa.Engine,
    clock: Clock,
    identities: Sequence[Identity],
    wanted: Wanted,
    *,
    actor: str,
    after: InboxPosition | None = None,
) -> InboxPage:
    """One page of the list, beginning after a row's position; the names on it are opened, and of no other case."""
    with reading(engine) as connection:
        rows = inbox.rows(connection, wanted, limit=ON_A_PAGE + 1, after=after)
    shown = rows[:ON_A_PAGE]
    if shown and identities:
        _record(engine, clock, actor, wanted.municipality)
    return InboxPage(
        lines=tuple(_opened(shown, identities)),
        next=shown[-1].position if len(rows) > ON_A_PAGE else None,
    )


def _record(engine: sa.Engine, clock: Clock, actor: str, municipality: str | None) -> None:
    with engine.begin() as connection:
        audit.record(connection, at=clock(), actor=actor, action="listed", subject=municipality or "all")


def _rows(engine: sa.Engine, municipality: str | None) -> list[InboxRow]:
    rows: list[InboxRow] = []
    with reading(engine) as connection:
        while True:
            after = rows[-1].position if rows else None
            page = inbox.rows(connection, Wanted(municipality=municipality), limit=_PAGE, after=after)
            rows += page
            if len(page) < _PAGE:
                return rows


def _opened(rows: Sequence[InboxRow], identities: Sequence[Identity]) -> list[InboxLine]:
    lines = [InboxLine(row=row, summary=_summary(row, identities)) for row in rows]
    unopened = [line.row for line in lines if line.summary is None]
    if unopened:
        # Those who run the service should not have to hear of it from a case worker.
        _log.error("summaries_not_opened", count=len(unopened), reference=unopened[0].reference)
    return lines


def _summary(row: InboxRow, identities: Sequence[Identity]) -> Mapping[str, Any] | None:
    if row.summary is None or not identities:
        return {}
    try:
        return open_summary(row.summary, identities, expected=row.binding)
    except (CannotOpen, BindingMismatch):
        # One row that was damaged or sealed to an old key must not hide the others.
        return None
