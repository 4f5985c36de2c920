"""How workers share the outbox: a delivery is claimed under a lease, and only the lease's holder may end it.

Every time here is the database's clock. A state is written into the SQL as a literal: PostgreSQL's generic
plan for a bound value would miss the partial indexes.
"""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from forms_app.storage.deliveries import MAILS
from forms_app.storage.functions import database_now
from forms_app.storage.tables import DeliveryStatus, Outcome, attempts, deliveries


class Lane(StrEnum):
    """Deliveries are claimed lane by lane: a mail server that hangs holds up mails and nothing else, and another system
    that does nothing on this machine."""

    HAND_OVER = "hand_over"
    OUTWARD = "outward"
    MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A delivery this worker holds until its lease ends; `attempts` counts this attempt too."""

    id: int
    key: str
    kind: str
    submission_id: uuid.UUID
    attempts: int
    max_attempts: int
    started_at: float
    lease: str

    @property
    def is_last_attempt(self) -> bool:
        """Whether failing now means giving up."""
        return self.attempts >= self.max_attempts


def _literal(word: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{word}'", sa.String)


_TODO, _DOING, _SUCCEEDED, _GIVEN_UP = map(
    _literal,
    (DeliveryStatus.TODO, DeliveryStatus.DOING, DeliveryStatus.SUCCEEDED, DeliveryStatus.GIVEN_UP),
)
_IS_DUE = sa.and_(deliveries.c.state == _TODO, deliveries.c.due_at <= database_now())

_OUTWARD = ("sftp", "webhook")
_IN_LANE = {
    Lane.HAND_OVER: deliveries.c.kind.not_in(tuple(map(_literal, (*_OUTWARD, *MAILS)))),
    Lane.OUTWARD: deliveries.c.kind.in_(tuple(map(_literal, _OUTWARD))),
    Lane.MAIL: deliveries.c.kind.in_(tuple(map(_literal, MAILS))),
}


def _claiming(is_in_lane: sa.ColumnElement[bool]) -> Any:
    picked = (
        sa.select(deliveries.c.id)
        .where(_IS_DUE, is_in_lane)
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(sa.bindparam("free", type_=sa.Integer))
        # SQLite knows no row locks and needs none: one writer at a time claims there.
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return (
        sa.update(deliveries)
        .where(deliveries.c.id.in_(sa.select(picked.c.id)))
        .values(
            state=_DOING,
            attempts=deliveries.c.attempts + 1,
            started_at=database_now(),
            leased_until=database_now() + sa.bindparam("seconds", type_=sa.Double),
            lease=sa.bindparam("token"),
        )
        .returning(*(deliveries.c[name] for name in Claimed.__dataclass_fields__))
    )


_DUE = {lane: sa.select(deliveries.c.id).where(_IS_DUE, is_in_lane).limit(1) for lane, is_in_lane in _IN_LANE.items()}
_CLAIM = {lane: _claiming(is_in_lane) for lane, is_in_lane in _IN_LANE.items()}
_HELD = sa.and_(
    deliveries.c.id == sa.bindparam("held"),
    deliveries.c.lease == sa.bindparam("token"),
    deliveries.c.state == _DOING,
)
_EXTEND = (
    sa.update(deliveries).where(_HELD).values(leased_until=database_now() + sa.bindparam("seconds", type_=sa.Double))
)
_RELEASED = {"lease": None, "leased_until": None}
_COMPLETE = (
    sa.update(deliveries)
    .where(_HELD)
    .values(state=_SUCCEEDED, finished_at=database_now(), last_error=None, **_RELEASED)
)
_RETRY = (
    sa.update(deliveries)
    .where(_HELD)
    .values(
        state=_TODO,
        due_at=database_now() + sa.bindparam("seconds", type_=sa.Double),
        last_error=sa.bindparam("error"),
        **_RELEASED,
    )
)
_GIVE_UP = (
    sa.update(deliveries)
    .where(_HELD)
    .values(state=_GIVEN_UP, finished_at=database_now(), last_error=sa.bindparam("error"), **_RELEASED)
)
_IS_EXPIRED = sa.and_(deliveries.c.state == _DOING, deliveries.c.leased_until < database_now())
_EXPIRED = sa.select(deliveries.c.id).where(_IS_EXPIRED).limit(1)
_IS_SPENT = deliveries.c.attempts >= deliveries.c.max_attempts
_REAP = (
    sa.update(deliveries)
    .where(_IS_EXPIRED)
    .values(
        state=sa.case((_IS_SPENT, _GIVEN_UP), else_=_TODO),
        finished_at=sa.case((_IS_SPENT, database_now()), else_=sa.null()),
        due_at=database_now(),
        last_error=sa.literal_column("'LeaseExpired'", sa.String),
        **_RELEASED,
    )
    .returning(deliveries.c.id, deliveries.c.attempts, deliveries.c.started_at)
)
_TRAIL = sa.insert(attempts)


def due(connection: sa.Connection, lane: Lane) -> bool:
    """Whether there is anything to claim: a cheap question, asked before taking the write lock."""
    return connection.execute(_DUE[lane]).first() is not None


def claim(connection: sa.Connection, lane: Lane, *, free: int, lease_seconds: float) -> list[Claimed]:
    """Take at most `free` due deliveries; each costs an attempt, so ask only for what can start at once."""
    rows = connection.execute(_CLAIM[lane], {"free": free, "seconds": lease_seconds, "token": secrets.token_hex(8)})
    return sorted((Claimed(**row._mapping) for row in rows), key=lambda claimed: claimed.id)


def extend(connection: sa.Connection, held: Iterable[Claimed], *, lease_seconds: float) -> None:
    """Hold these deliveries for `lease_seconds` more; those whose lease was lost stay lost."""
    rows = [_fence(claimed) | {"seconds": lease_seconds} for claimed in held]
    if rows:
        connection.execute(_EXTEND, rows)


def complete(connection: sa.Connection, claimed: Claimed) -> bool:
    """Note the success; False, and nothing is written, where the lease was lost to another worker."""
    return _end(connection, _COMPLETE, claimed, Outcome.SUCCEEDED)


def retry(connection: sa.Connection, claimed: Claimed, *, error: str, wait_seconds: float) -> bool:
    """Note the failure and make it due again in `wait_seconds`; False where the lease was lost."""
    return _end(connection, _RETRY, claimed, Outcome.FAILED, error=error, seconds=wait_seconds)


def give_up(connection: sa.Connection, claimed: Claimed, *, error: str) -> bool:
    """Note the failure and leave the delivery to staff; False where the lease was lost."""
    return _end(connection, _GIVE_UP, claimed, Outcome.FAILED, error=error)


def any_expired(connection: sa.Connection) -> bool:
    """Whether there is anything to reap: as cheap a question as `due`."""
    return connection.execute(_EXPIRED).first() is not None


def reap(connection: sa.Connection) -> int:
    """Make due again what dead workers held, or give it up when its attempts are spent; returns how many."""
    rows = connection.execute(_REAP).all()
    if rows:
        connection.execute(
            _TRAIL, [_attempt(row.id, row.attempts, row.started_at, Outcome.LEASE_EXPIRED) for row in rows]
        )
    return len(rows)


def _fence(claimed: Claimed) -> dict[str, Any]:
    return {"held": claimed.id, "token": claimed.lease}


def _end(
    connection: sa.Connection,
    ending: sa.Update,
    claimed: Claimed,
    outcome: Outcome,
    *,
    error: str | None = None,
    **values: Any,
) -> bool:
    if error is not None:
        values["error"] = error
    if connection.execute(ending, _fence(claimed) | values).rowcount != 1:
        return False
    connection.execute(_TRAIL, _attempt(claimed.id, claimed.attempts, claimed.started_at, outcome, error))
    return True


def _attempt(
    delivery_id: int, number: int, started_at: float, outcome: Outcome, error: str | None = None
) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id,
        "number": number,
        "started_at": started_at,
        "outcome": outcome,
        "error": error,
    }
