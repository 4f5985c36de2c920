"""How much lies in the inbox."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from forms_app.storage.inbox_order import IS_OPEN, IS_UNREAD, LISTED, NEXT, Wanted, conditions
from forms_app.storage.tables import cases, submissions


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """How much lies in the inbox; closed cases are not counted. `oldest_unread_at` is None where all is read."""

    all: int
    unread: int
    oldest_unread_at: datetime | None
    overdue: int
    soon: int
    """Due today or in the week that follows."""
    past_target: int
    """Where the municipality's own target lies before today; what is overdue or soon is so by law."""
    nobodys: int
    mine: int


def count(connection: sa.Connection, wanted: Wanted) -> int:
    """How many cases are wanted."""
    query = sa.select(sa.func.count()).select_from(LISTED).where(*conditions(wanted))
    number: int = connection.execute(query).scalar_one()
    return number


def counts(connection: sa.Connection, municipality: str, *, today: date, member: uuid.UUID) -> InboxCounts:
    """What there is to do in a municipality, on its own day; `member` is the one who asks."""
    in_a_week = sa.and_(NEXT.c.law_on >= today, NEXT.c.law_on <= today + timedelta(days=7))
    query = (
        sa.select(
            sa.func.count().label("all"),
            _number(IS_UNREAD).label("unread"),
            sa.func.min(sa.case((IS_UNREAD, submissions.c.accepted_at))).label("oldest_unread_at"),
            _number(NEXT.c.law_on < today).label("overdue"),
            _number(in_a_week).label("soon"),
            _number(NEXT.c.target_on < today).label("past_target"),
            _number(cases.c.assignee.is_(None)).label("nobodys"),
            _number(cases.c.assignee == member).label("mine"),
        )
        .select_from(LISTED)
        .where(IS_OPEN, cases.c.municipality == municipality)
    )
    return InboxCounts(**connection.execute(query).one()._mapping)


def longest_overdue(connection: sa.Connection, municipality: str, *, today: date, limit: int) -> list[uuid.UUID]:
    """The submissions of the open cases whose next date by law lies furthest back."""
    query = (
        sa.select(submissions.c.id)
        .select_from(LISTED)
        .where(*conditions(Wanted(municipality=municipality, is_open=True, due_before=today)))
        .order_by(NEXT.c.law_on, submissions.c.accepted_at, submissions.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
