"""The audit trail as an auditor reads it, each in their own municipality."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.casework.deeds import said, who
from forms_app.clock import Clock
from forms_app.storage import audit
from forms_app.storage.audit import FoundEntry, Wanted
from forms_app.storage.engine import reading

__all__ = ["Line", "Page", "Wanted", "export", "page", "people"]

ON_A_PAGE = 50
_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry in words. `reference` is that of the case, "" where the entry is about no case."""

    id: int
    at: datetime
    who: str
    deed: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Entries, the newest first; `next` is what the following page begins after, None on the last."""

    lines: tuple[Line, ...]
    next: int | None


def page(engine: sa.Engine, names: Mapping[uuid.UUID, str], wanted: Wanted, *, before: int | None = None) -> Page:
    """One page of what is wanted."""
    with reading(engine) as connection:
        found = audit.search(connection, wanted, limit=ON_A_PAGE + 1, before=before)
    shown = found[:ON_A_PAGE]
    return Page(
        lines=tuple(_line(one, names) for one in shown),
        next=shown[-1].entry.id if len(found) > ON_A_PAGE else None,
    )


def export(
    engine: sa.Engine, clock: Clock, names: Mapping[uuid.UUID, str], wanted: Wanted, *, actor: str
) -> Iterator[Line]:
    """All that is wanted; that it was taken out is written down first, and stands on top."""
    with engine.begin() as connection:
        audit.record(connection, at=clock(), actor=actor, action="exported the trail", subject=wanted.municipality)
    before: int | None = None
    with reading(engine) as connection:
        while found := audit.search(connection, wanted, limit=_AT_ONCE, before=before):
            yield from (_line(one, names) for one in found)
            before = found[-1].entry.id


def people(engine: sa.Engine, names: Mapping[uuid.UUID, str], municipality: str) -> list[tuple[str, str]]:
    """Key and name of everybody who stands in what an auditor of the municipality may see, by name."""
    with reading(engine) as connection:
        found = audit.actors(connection, municipality)
    return sorted(((actor, who(actor, names)) for actor in found), key=lambda one: one[1].casefold())


def _line(found: FoundEntry, names: Mapping[uuid.UUID, str]) -> Line:
    entry = found.entry
    return Line(
        id=entry.id,
        at=entry.at,
        who=who(entry.actor, names),
        deed=said(entry.action, names),
        reference=found.reference or "",
    )
