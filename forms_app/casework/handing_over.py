"""What became of the hand-overs of a case, and owing anew what was given up."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock
from forms_app.references.reference import parse_reference
from forms_app.sealing.acknowledgement import SignedAcknowledgement
from forms_app.storage import acknowledgements, audit, deliveries, follow_ups, submissions
from forms_app.storage.deliveries import Delivery
from forms_app.storage.engine import reading
from forms_app.storage.submissions import Submission

OWED_AGAIN = "owed the hand-over again"
"""How the audit trail says that what was given up is tried anew."""


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One delivery of a sending: what a receiver signed of it stands beside it."""

    reference: str
    delivery: Delivery
    signed: SignedAcknowledgement | None


def hand_overs(engine: sa.Engine, reference: str) -> list[HandOver]:
    """Every delivery of a case, in the order they were owed. Raises UnknownReference."""
    with reading(engine) as connection:
        return [
            HandOver(reference=row.reference, delivery=one, signed=signed.get(one.key))
            for row in _sendings(connection, reference)
            for signed in [_signed(connection, row.id)]
            for one in deliveries.of(connection, row.id)
        ]


def owe_again(engine: sa.Engine, clock: Clock, reference: str, *, actor: str) -> list[str]:
    """Owe anew what was given up of a case, and say by which kinds. Raises UnknownReference."""
    with engine.begin() as connection:
        rows = _sendings(connection, reference)
        keys = deliveries.again(connection, [row.id for row in rows])
        if keys:
            audit.record(connection, at=clock(), actor=actor, action=OWED_AGAIN, subject=str(rows[0].id))
    return sorted(key.partition(":")[0] for key in keys)


def _sendings(connection: sa.Connection, reference: str) -> list[Submission]:
    row = submissions.by_reference(connection, parse_reference(reference))
    if row is None:
        raise UnknownReference(reference)
    return [row, *(one.submission for one in follow_ups.of(connection, row.id))]


def _signed(connection: sa.Connection, submission_id: uuid.UUID) -> dict[str, SignedAcknowledgement]:
    return {one.acknowledgement.delivery_key: one for one in acknowledgements.of(connection, submission_id)}
