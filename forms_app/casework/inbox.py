"""The list of what came in. Names come out of the sealed summaries, in memory, for whoever holds the opening key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.sealing.submission import open_summary
from forms_app.storage import cases
from forms_app.storage.cases import InboxRow
from forms_app.storage.engine import reading

_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class InboxLine:
    """A case with its opened summary; empty where no key was given or the case has been erased."""

    row: InboxRow
    summary: Mapping[str, Any]


def lines(engine: sa.Engine, identities: Sequence[Identity], *, municipality: str | None = None) -> list[InboxLine]:
    """Every case, those that need a human soonest first. Raises CannotOpen and BindingMismatch."""
    return [InboxLine(row=row, summary=_summary(row, identities)) for row in _rows(engine, municipality)]


def _rows(engine: sa.Engine, municipality: str | None) -> list[InboxRow]:
    rows: list[InboxRow] = []
    with reading(engine) as connection:
        while True:
            after = rows[-1].position if rows else None
            page = cases.inbox(connection, municipality=municipality, limit=_PAGE, after=after)
            rows += page
            if len(page) < _PAGE:
                return rows


def _summary(row: InboxRow, identities: Sequence[Identity]) -> Mapping[str, Any]:
    if row.summary is None or not identities:
        return {}
    return open_summary(row.summary, identities, submission_id=str(row.submission_id))
