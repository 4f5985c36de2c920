"""What is owed to whom and what came of it: an outbox in the schema, so that it commits with the submission.

Every time here is the database's clock.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from forms_app.storage.functions import database_now
from forms_app.storage.tables import DeliveryStatus, Outcome, attempts, deliveries

CONFIRMATION_MAIL = "confirmation_mail"
"""The kind of the one delivery that goes to the citizen. It hands nothing over, so its failure is told apart from that
of a channel."""

NOTICE, UNIT_MAIL = "notice", "mail"
"""The kinds of mail that go to the municipality: word that something has come in, and the sealed parcel."""

MAILS = (CONFIRMATION_MAIL, NOTICE, UNIT_MAIL)
"""What a mail server that hangs holds up, and what can come back."""

HANDS_NOTHING_OVER = frozenset({CONFIRMATION_MAIL, NOTICE})


@dataclass(frozen=True, kw_only=True)
class NewDelivery:
    """Something to deliver; `key` tells a repeat apart, `kind` is a channel's kind or CONFIRMATION_MAIL, `delay` is in
    seconds.

    `max_attempts` is kept with the delivery, and nothing else decides when it is given up.
    """

    key: str
    kind: str
    submission_id: uuid.UUID
    max_attempts: int = 12
    delay: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """How one attempt ended; `error` is the name of an exception class."""

    number: int
    started_at: datetime
    outcome: Outcome
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Where a delivery stands, for staff to see, with every attempt that has ended."""

    id: int
    key: str
    kind: str
    state: DeliveryStatus
    due_at: datetime
    attempts: int
    max_attempts: int
    last_error: str | None
    finished_at: datetime | None
    trail: tuple[Attempt, ...]


# Built once: building an INSERT with expressions costs more than running it.
_ENQUEUE = sa.insert(deliveries).values(
    state=sa.literal_column("'todo'", sa.String),
    attempts=0,
    due_at=database_now() + sa.bindparam("delay", type_=sa.Double),
)
_OF = sa.select(deliveries).where(deliveries.c.submission_id == sa.bindparam("submission")).order_by(deliveries.c.id)
_STATE = sa.select(deliveries.c.state).where(
    deliveries.c.submission_id == sa.bindparam("submission"), deliveries.c.kind == sa.bindparam("wanted")
)
_COME_BACK = (
    sa.update(deliveries)
    .where(deliveries.c.key == sa.bindparam("of"), deliveries.c.state == sa.literal_column("'succeeded'", sa.String))
    .values(
        state=sa.literal_column("'given_up'", sa.String),
        attempts=deliveries.c.attempts + 1,
        finished_at=database_now(),
        last_error=sa.bindparam("error"),
    )
    .returning(deliveries.c.id, deliveries.c.attempts, deliveries.c.finished_at)
)
_TRAIL = sa.insert(attempts)
_AGAIN = (
    sa.update(deliveries)
    .where(
        deliveries.c.submission_id.in_(sa.bindparam("among", expanding=True)),
        deliveries.c.state == sa.literal_column("'given_up'", sa.String),
    )
    .values(
        state=sa.literal_column("'todo'", sa.String),
        due_at=database_now(),
        max_attempts=deliveries.c.attempts + NewDelivery.max_attempts,
        finished_at=None,
    )
    .returning(deliveries.c.key)
)
_TRAILS = (
    sa.select(attempts)
    .join_from(attempts, deliveries)
    .where(deliveries.c.submission_id == sa.bindparam("submission"))
    .order_by(attempts.c.number)
)


def enqueue(connection: sa.Connection, new: Iterable[NewDelivery]) -> None:
    """Owe these deliveries from the moment the caller's transaction commits; a key may be used once."""
    rows = [asdict(delivery) for delivery in new]
    if rows:
        connection.execute(_ENQUEUE, rows)


def of(connection: sa.Connection, submission_id: uuid.UUID) -> list[Delivery]:
    """A submission's deliveries with their attempts, in the order they were owed."""
    trails: dict[int, list[Attempt]] = {}
    for row in connection.execute(_TRAILS, {"submission": submission_id}):
        trails.setdefault(row.delivery_id, []).append(
            Attempt(
                number=row.number,
                started_at=_moment(row.started_at),
                outcome=Outcome(row.outcome),
                error=row.error,
            )
        )
    return [
        Delivery(
            id=row.id,
            key=row.key,
            kind=row.kind,
            state=DeliveryStatus(row.state),
            due_at=_moment(row.due_at),
            attempts=row.attempts,
            max_attempts=row.max_attempts,
            last_error=row.last_error,
            finished_at=None if row.finished_at is None else _moment(row.finished_at),
            trail=tuple(trails.get(row.id, ())),
        )
        for row in connection.execute(_OF, {"submission": submission_id})
    ]


def state_of(connection: sa.Connection, submission_id: uuid.UUID, kind: str) -> DeliveryStatus | None:
    """Where a submission's one delivery of this kind stands; None where none is owed."""
    state = connection.execute(_STATE, {"submission": submission_id, "wanted": kind}).scalar()
    return None if state is None else DeliveryStatus(state)


def come_back(connection: sa.Connection, key: str, *, error: str) -> bool:
    """Give a delivery up that had seemed to succeed; False where there is none, or it was given up before.

    It counts as one attempt more, so that what was noted of the others stays as it was.
    """
    row = connection.execute(_COME_BACK, {"of": key, "error": error}).one_or_none()
    if row is None:
        return False
    connection.execute(
        _TRAIL,
        {
            "delivery_id": row.id,
            "number": row.attempts,
            "started_at": row.finished_at,
            "outcome": Outcome.FAILED,
            "error": error,
        },
    )
    return True


def again(connection: sa.Connection, submission_ids: Iterable[uuid.UUID]) -> list[str]:
    """Owe anew what was given up of these submissions, with as many attempts as at first; returns the keys."""
    return list(connection.execute(_AGAIN, {"among": list(submission_ids)}).scalars())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
