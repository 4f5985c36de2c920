"""The list of what came in. Names come out of the sealed summaries, in memory, for whoever holds the opening key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, open_summary
from forms_app.storage import audit, inbox
from forms_app.storage.engine import reading
from forms_app.storage.inbox import InboxRow

_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class InboxLine:
    """A case with its opened summary: empty where no key was given or the case has been erased, None if it cannot be
    opened.
    """

    row: InboxRow
    summary: Mapping[str, Any] | None


def lines(
    engine: sa.Engine, clock: Clock, identities: Sequence[Identity], *, actor: str, municipality: str | None = None
) -> list[InboxLine]:
    """Every case, those that need a human soonest first.

    That `actor` sees names is written down before any is opened.
    """
    rows = _rows(engine, municipality)
    if rows and identities:
        with engine.begin() as connection:
            audit.record(connection, at=clock(), actor=actor, action="listed", subject=municipality or "all")
    return [InboxLine(row=row, summary=_summary(row, identities)) for row in rows]


def _rows(engine: sa.Engine, municipality: str | None) -> list[InboxRow]:
    rows: list[InboxRow] = []
    with reading(engine) as connection:
        while True:
            after = rows[-1].position if rows else None
            page = inbox.rows(connection, municipality=municipality, limit=_PAGE, after=after)
            rows += page
            if len(page) < _PAGE:
                return rows


def _summary(row: InboxRow, identities: Sequence[Identity]) -> Mapping[str, Any] | None:
    if row.summary is None or not identities:
        return {}
    try:
        return open_summary(row.summary, identities, submission_id=str(row.submission_id))
    except (CannotOpen, BindingMismatch):
        # One row that was damaged or sealed to an old key must not hide the others.
        return None
