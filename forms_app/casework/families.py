"""Cases of one person, or of one family, joined: one case worker and one list. The trail of both says each deed."""

import uuid
from collections.abc import Container, Sequence
from datetime import datetime

import sqlalchemy as sa

from forms_app.casework import assignment
from forms_app.casework.opening import UnknownReference
from forms_app.casework.status import CaseHistory
from forms_app.clock import Clock
from forms_app.references.reference import parse_reference
from forms_app.storage import audit, cases, families, submissions
from forms_app.storage.families import Relative

JOINED = "joined with"
"""The audit trail says with which case, and from which one: "joined with K7M2-9QXK"."""
PARTED = "parted from"


def join(
    engine: sa.Engine,
    clock: Clock,
    known: CaseHistory,
    reference: str,
    *,
    colleagues: Container[uuid.UUID],
    actor: str,
) -> bool:
    """Join a case, and those it is joined with, with the case of this reference; False where that was so already.

    If exactly one of the `colleagues` works on what is joined, the open cases that nobody has are theirs too.

    Raises WrongReference, and UnknownReference for none, for the case itself, for an erased one and for one of another
    municipality.
    """
    now = clock()
    with engine.begin() as connection:
        both = [known.case.id, _other(connection, known, reference)]
        held = {one.case_id: one for one in families.hold(connection, both)}
        one, other = (held[id] for id in both)
        if one.erased_at or other.erased_at:
            raise UnknownReference(reference)
        if one.family and one.family == other.family:
            return False
        joined = families.join(connection, both)
        for here, there in ((one, other), (other, one)):
            _record(connection, here, f"{JOINED} {there.reference}", now=now, actor=actor)
        _follow(connection, joined, colleagues, now=now, actor=actor)
    return True


def leave(engine: sa.Engine, clock: Clock, known: CaseHistory, *, actor: str) -> bool:
    """Take a case out of its family; False where it was in none. Who works on it stays."""
    now = clock()
    with engine.begin() as connection:
        left = families.leave(connection, known.case.id)
        if left:
            action = " ".join([PARTED, *(one.reference for one in left)])
            audit.record(connection, at=now, actor=actor, action=action, subject=str(known.submission.id))
        tell_the_left(connection, left, known.submission.reference, now=now, actor=actor)
    return bool(left)


def tell_the_left(
    connection: sa.Connection, left: Sequence[Relative], reference: str, *, now: datetime, actor: str
) -> None:
    """Write down in the cases of a family that one has left it."""
    for one in left:
        _record(connection, one, f"{PARTED} {reference}", now=now, actor=actor)


def _other(connection: sa.Connection, known: CaseHistory, reference: str) -> uuid.UUID:
    row = submissions.by_reference(connection, parse_reference(reference))
    if row is None or row.id == known.submission.id:
        raise UnknownReference(reference)
    case = cases.of(connection, row.id)
    if case.municipality != known.case.municipality:
        raise UnknownReference(reference)
    return case.id


def _follow(
    connection: sa.Connection,
    joined: Sequence[Relative],
    colleagues: Container[uuid.UUID],
    *,
    now: datetime,
    actor: str,
) -> None:
    """One family, one case worker; where two have a part of it, people decide."""
    workers = {one.assignee for one in joined if one.is_open and one.assignee}
    if len(workers) == 1 and (worker := workers.pop()) in colleagues:
        nobodys = [one for one in joined if one.is_open and one.assignee is None]
        assignment.give(connection, nobodys, worker, now=now, actor=actor)


def _record(connection: sa.Connection, one: Relative, action: str, *, now: datetime, actor: str) -> None:
    audit.record(connection, at=now, actor=actor, action=action, subject=str(one.submission_id))
