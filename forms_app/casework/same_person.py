"""The other cases of the person a case is about: suggested, never joined by themselves."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.casework import inbox as listing
from forms_app.casework.inbox import InboxLine
from forms_app.casework.names import PATIENCE, SHORT_PATIENCE, NameIndex
from forms_app.casework.people import Likeness
from forms_app.clock import Clock
from forms_app.storage import families
from forms_app.storage.cases import Case
from forms_app.storage.engine import reading
from forms_app.storage.inbox_order import Wanted

_SUREST_FIRST = list(Likeness)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """What belongs with a case: the cases it was joined with, and those that may be about the same person, each with
    the reason, the surest first. `is_whole` is False while cases are read that nobody could be compared with yet.
    """

    family: tuple[InboxLine, ...]
    suggested: tuple[tuple[InboxLine, Likeness], ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class KnownTo:
    """A colleague who has an open case of what may be the same person."""

    worker: uuid.UUID
    likeness: Likeness


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who asks, and with what. Names are read in memory, and the trail knows of it first."""

    engine: sa.Engine
    clock: Clock
    identities: Sequence[Identity]
    index: NameIndex
    actor: str

    def circle(self, case: Case) -> Circle:
        """Cases of the same municipality only."""
        like = self._like(case.municipality, [case.submission_id], patience=PATIENCE)[case.submission_id]
        joined = self._members(case)
        wanted = frozenset({*like, *joined} - {case.submission_id})
        lines = self._lines(case.municipality, wanted) if wanted else ()
        suggested = [(one, like[one.row.submission_id]) for one in lines if one.row.submission_id not in joined]
        return Circle(
            family=tuple(one for one in lines if one.row.submission_id in joined),
            suggested=tuple(sorted(suggested, key=lambda one: _SUREST_FIRST.index(one[1]))),
            is_whole=not self.index.unread(case.municipality),
        )

    def family(self, case: Case) -> Sequence[InboxLine]:
        """The case and those it was joined with; none where it was joined with none."""
        members = self._members(case)
        return self._lines(case.municipality, members) if members else ()

    def known_to(self, municipality: str, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, KnownTo]:
        """Which of these submissions may be about somebody whom a colleague works with already."""
        like = self._like(municipality, ids)
        with reading(self.engine) as connection:
            workers = families.assignees(connection, {other for others in like.values() for other in others})
        found = {}
        for id, others in like.items():
            known = [(_SUREST_FIRST.index(why), str(other), other) for other, why in others.items() if other in workers]
            if known:
                unused_place, unused_id, other = min(known)
                found[id] = KnownTo(worker=workers[other], likeness=others[other])
        return found

    def _like(
        self, municipality: str, ids: Collection[uuid.UUID], *, patience: float = SHORT_PATIENCE
    ) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Likeness]]:
        return self.index.like(self.engine, self.identities, municipality, ids, patience=patience)

    def _members(self, case: Case) -> frozenset[uuid.UUID]:
        if case.family is None:
            return frozenset()
        with reading(self.engine) as connection:
            return families.members(connection, case.family)

    def _lines(self, municipality: str, among: frozenset[uuid.UUID]) -> Sequence[InboxLine]:
        wanted = Wanted(municipality=municipality, among=among)
        return listing.page(self.engine, self.clock, self.identities, wanted, actor=self.actor).lines
