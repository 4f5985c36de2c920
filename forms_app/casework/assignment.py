"""Who works on a case: taken, handed over and released, each with its line in the audit trail."""

import uuid
from collections.abc import Container, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import sqlalchemy as sa

from forms_app.casework.access import actor_of
from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage import audit, case_work, families
from forms_app.storage.cases import Case
from forms_app.storage.families import Relative

ASSIGNED = "assigned"
"""The audit trail says to whom: "assigned to staff:0d3f…"."""
RELEASED = "released"


class NotAColleague(PortalError):
    """The case was to be given to somebody who does not handle cases in its municipality."""


class AssignedMeanwhile(PortalError):
    """Somebody else has got the case, or let go of it, since the page was opened. Nothing was changed."""


class Held(Protocol):
    """A case as a page shows it."""

    @property
    def submission_id(self) -> uuid.UUID:
        """Which one it is."""

    @property
    def assignee(self) -> uuid.UUID | None:
        """Who works on it."""


def assign(
    engine: sa.Engine,
    clock: Clock,
    case: Case,
    to: uuid.UUID | None,
    *,
    seen: uuid.UUID | None,
    colleagues: Container[uuid.UUID],
    actor: str,
) -> bool:
    """Give the case to one of the `colleagues`, or release it with None; False where it was theirs already.

    `seen` is who had it when `actor` decided this. Raises NotAColleague and AssignedMeanwhile.
    """
    _demand_colleague(to, colleagues)
    if to == seen == case.assignee:
        return False
    now = clock()
    with engine.begin() as connection:
        if not case_work.assign(connection, case.id, to, seen=seen, now=now):
            raise AssignedMeanwhile
        _record(connection, case, to, now=now, actor=actor)
    return True


def assign_family(
    engine: sa.Engine,
    clock: Clock,
    case: Case,
    to: uuid.UUID | None,
    *,
    seen: str,
    colleagues: Container[uuid.UUID],
    actor: str,
) -> bool:
    """As `assign`, with all open cases of the family, and this one; `seen` is what `seen_as` made of all of them."""
    _demand_colleague(to, colleagues)
    now = clock()
    with engine.begin() as connection:
        held = families.hold(connection, [case.id])
        if seen_as(held) != seen:
            raise AssignedMeanwhile
        return give(
            connection, [one for one in held if one.is_open or one.case_id == case.id], to, now=now, actor=actor
        )


def give(
    connection: sa.Connection, held: Iterable[Relative], to: uuid.UUID | None, *, now: datetime, actor: str
) -> bool:
    """Give those of them that are not theirs yet; False where there is none. The caller holds them."""
    changed = [one for one in held if one.assignee != to]
    for one in changed:
        case_work.assign(connection, one.case_id, to, seen=one.assignee, now=now)
        _record(connection, one, to, now=now, actor=actor)
    return bool(changed)


def seen_as(shown: Iterable[Held]) -> str:
    """Which cases these are and who has them, so short that a page can carry it."""
    lines = sorted(f"{one.submission_id} {one.assignee}" for one in shown)
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


def _demand_colleague(to: uuid.UUID | None, colleagues: Container[uuid.UUID]) -> None:
    if to is not None and to not in colleagues:
        raise NotAColleague


def _record(connection: sa.Connection, one: Held, to: uuid.UUID | None, *, now: datetime, actor: str) -> None:
    action = RELEASED if to is None else f"{ASSIGNED} to {actor_of(to)}"
    audit.record(connection, at=now, actor=actor, action=action, subject=str(one.submission_id))
