"""What somebody must be told of before a citizen notices: cases nobody opens, and deliveries that stand still."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.tables import cases, deliveries, submissions

_MOST_NAMED = 200


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """A delivery that somebody must look at."""

    kind: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class Unopened:
    """A case that came to a municipality and that nobody there has opened."""

    municipality: str
    reference: str
    accepted_at: datetime


# Whoever proved to have it need not open it here. What nobody has opened is never erased.
_IS_UNOPENED = sa.and_(
    cases.c.opened_at.is_(None),
    cases.c.handed_over_at.is_(None),
    cases.c.status != sa.literal_column("'closed'", sa.String),
)
_DELIVERIES = sa.select(deliveries.c.kind, submissions.c.reference).join_from(deliveries, submissions)
_GIVEN_UP = _DELIVERIES.where(
    deliveries.c.state == sa.literal_column("'given_up'", sa.String),
    # A mail to an address that nobody has is given up at once; the inbox tells of it.
    deliveries.c.kind != sa.literal_column(f"'{CONFIRMATION_MAIL}'", sa.String),
).order_by(submissions.c.accepted_at, deliveries.c.id)
_OVERDUE = _DELIVERIES.where(
    deliveries.c.state.in_([sa.literal_column("'todo'", sa.String), sa.literal_column("'doing'", sa.String)]),
    submissions.c.accepted_at < sa.bindparam("moment"),
).order_by(submissions.c.accepted_at, deliveries.c.id)
_FIRST = sa.select(sa.func.min(submissions.c.accepted_at))


def unopened(
    connection: sa.Connection, municipalities: Collection[str], *, before: Mapping[int, datetime]
) -> dict[tuple[str, int], int]:
    """How many cases of each of these municipalities came in before each of these moments, by municipality and by the
    key of the moment; nothing where there are none.
    """
    counts = [sa.func.sum(sa.case((submissions.c.accepted_at < moment, 1), else_=0)) for moment in before.values()]
    query = (
        sa.select(cases.c.municipality, *counts)
        .join_from(cases, submissions)
        .where(_IS_UNOPENED, submissions.c.accepted_at < max(before.values()), cases.c.municipality.in_(municipalities))
        .group_by(cases.c.municipality)
    )
    return {
        (municipality, key): int(count)
        for municipality, *found in connection.execute(query)
        for key, count in zip(before, found, strict=True)
        if count
    }


def oldest_unopened(connection: sa.Connection, *, before: datetime) -> list[Unopened]:
    """Some of them by name, the oldest first: enough to begin with."""
    query = (
        sa.select(cases.c.municipality, submissions.c.reference, submissions.c.accepted_at)
        .join_from(cases, submissions)
        .where(_IS_UNOPENED, submissions.c.accepted_at < before)
        .order_by(submissions.c.accepted_at, submissions.c.id)
        .limit(_MOST_NAMED)
    )
    return [Unopened(**row._mapping) for row in connection.execute(query)]


def given_up(connection: sa.Connection) -> list[Stuck]:
    """Hand-overs that nobody tries again, the oldest first."""
    return [Stuck(**row._mapping) for row in connection.execute(_GIVEN_UP)]


def overdue(connection: sa.Connection, *, accepted_before: datetime) -> list[Stuck]:
    """Whatever is still owed of what came in before that, the oldest first."""
    return [Stuck(**row._mapping) for row in connection.execute(_OVERDUE, {"moment": accepted_before})]


def first_accepted_at(connection: sa.Connection) -> datetime | None:
    """When the first submission came in."""
    return connection.execute(_FIRST).scalar()
