"""What staff work on: a case per submission with its legal dates, and the inbox that lists them."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage.tables import CaseStatus, attachments, cases, deadlines, deliveries, submissions


class UnknownCase(PortalError):
    """No case belongs to this submission."""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date the law gives; `fact` names the entry in the country's facts it was counted from."""

    case_id: uuid.UUID
    kind: str
    due_on: date
    fact: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case and its deadlines, the nearest first."""

    id: uuid.UUID
    submission_id: uuid.UUID
    municipality: str
    status: CaseStatus
    is_late: bool
    is_unconfirmed: bool
    opened_at: datetime | None
    handed_over_at: datetime | None
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, kw_only=True)
class InboxPosition:
    """Where a row stands in the inbox's order: what the next page begins after."""

    rank: int
    due_on: date
    accepted_at: datetime
    submission_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A case in the inbox; `summary` is the sealed envelope for lists, None once erased."""

    reference: str
    submission_id: uuid.UUID
    form: str
    municipality: str
    language: str
    accepted_at: datetime
    status: CaseStatus
    is_late: bool
    is_unconfirmed: bool
    opened_at: datetime | None
    handed_over_at: datetime | None
    target_group: str | None
    next_deadline: date | None
    attachments: int
    deliveries_given_up: int
    summary: bytes | None
    position: InboxPosition


def insert(
    connection: sa.Connection,
    *,
    id: uuid.UUID,
    submission_id: uuid.UUID,
    municipality: str,
    is_late: bool,
    is_unconfirmed: bool,
    deadlines: Iterable[Deadline] = (),
) -> None:
    """Open a case, received and unread, with the dates the law gives it."""
    connection.execute(
        _INSERT,
        {
            "id": id,
            "submission_id": submission_id,
            "municipality": municipality,
            "status": CaseStatus.RECEIVED,
            "is_late": is_late,
            "is_unconfirmed": is_unconfirmed,
        },
    )
    rows = [asdict(deadline) for deadline in deadlines]
    if rows:
        connection.execute(_INSERT_DEADLINES, rows)


def of(connection: sa.Connection, submission_id: uuid.UUID) -> Case:
    """The case of a submission; raises UnknownCase."""
    row = connection.execute(_CASE, {"submission": submission_id}).one_or_none()
    if row is None:
        raise UnknownCase(submission_id)
    dates = connection.execute(_DEADLINES, {"case": row.id})
    return Case(
        **dict(row._mapping) | {"status": CaseStatus(row.status)},
        deadlines=tuple(Deadline(**line._mapping) for line in dates),
    )


def mark_opened(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when the case was first opened; False where that was noted before."""
    return _mark(connection, _MARK_OPENED, submission_id, now)


def mark_handed_over(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when a receiver proved to have the case; False where that was noted before."""
    return _mark(connection, _MARK_HANDED_OVER, submission_id, now)


def inbox(
    connection: sa.Connection,
    *,
    municipality: str | None = None,
    limit: int = 50,
    after: InboxPosition | None = None,
) -> list[InboxRow]:
    """At most `limit` cases, those that need a human soonest first, beginning after a row's `position`.

    A delivery that was given up comes first, then what nobody has opened, both oldest first; then what has
    been opened, by its next legal date; closed cases last.
    """
    query = _INBOX.limit(limit)
    if municipality is not None:
        query = query.where(cases.c.municipality == municipality)
    if after is not None:
        query = query.where(_place(after) < _ORDER)
    return [_inbox_row(row) for row in connection.execute(query)]


_INSERT = sa.insert(cases)
_INSERT_DEADLINES = sa.insert(deadlines)
_CASE = sa.select(cases).where(cases.c.submission_id == sa.bindparam("submission"))
_DEADLINES = (
    sa.select(deadlines)
    .where(deadlines.c.case_id == sa.bindparam("case"))
    .order_by(deadlines.c.due_on, deadlines.c.kind)
)


def _marking(column: sa.Column[datetime]) -> sa.Update:
    return (
        sa.update(cases)
        .where(cases.c.submission_id == sa.bindparam("submission"), column.is_(None))
        .values({column: sa.bindparam("moment")})
    )


_MARK_OPENED = _marking(cases.c.opened_at)
_MARK_HANDED_OVER = _marking(cases.c.handed_over_at)


def _mark(connection: sa.Connection, marking: sa.Update, submission_id: uuid.UUID, now: datetime) -> bool:
    return connection.execute(marking, {"submission": submission_id, "moment": now}).rowcount == 1


_NEXT_DEADLINE = sa.select(sa.func.min(deadlines.c.due_on)).where(deadlines.c.case_id == cases.c.id).scalar_subquery()
_ATTACHMENTS = sa.select(sa.func.count()).where(attachments.c.submission_id == cases.c.submission_id).scalar_subquery()
_GIVEN_UP = (
    sa.select(sa.func.count())
    .where(deliveries.c.submission_id == cases.c.submission_id, deliveries.c.state == "given_up")
    .scalar_subquery()
)
_OPENED_RANK = 2
_RANK = sa.case(
    (_GIVEN_UP > 0, 0), (cases.c.opened_at.is_(None), 1), (cases.c.status != "closed", _OPENED_RANK), else_=3
)
# Age alone orders the first two ranks; a case without a date comes after those that have one.
_DUE_ON = sa.case(
    (_RANK < _OPENED_RANK, sa.literal(date.min, sa.Date)),
    else_=sa.func.coalesce(_NEXT_DEADLINE, sa.literal(date.max, sa.Date)),
)
_ORDER = sa.tuple_(_RANK, _DUE_ON, submissions.c.accepted_at, submissions.c.id)
_INBOX = (
    sa.select(
        submissions.c.reference,
        submissions.c.id.label("submission_id"),
        submissions.c.form,
        cases.c.municipality,
        submissions.c.language,
        submissions.c.accepted_at,
        cases.c.status,
        cases.c.is_late,
        cases.c.is_unconfirmed,
        cases.c.opened_at,
        cases.c.handed_over_at,
        submissions.c.target_group,
        _NEXT_DEADLINE.label("next_deadline"),
        _ATTACHMENTS.label("attachments"),
        _GIVEN_UP.label("deliveries_given_up"),
        submissions.c.summary,
        _RANK.label("rank"),
        _DUE_ON.label("due_on"),
    )
    .join_from(cases, submissions)
    .order_by(*_ORDER.clauses)
)


def _place(after: InboxPosition) -> sa.Tuple:
    return sa.tuple_(
        sa.literal(after.rank),
        sa.literal(after.due_on),
        sa.literal(after.accepted_at, submissions.c.accepted_at.type),
        sa.literal(after.submission_id),
    )


def _inbox_row(row: sa.Row[*tuple[Any, ...]]) -> InboxRow:
    facts = dict(row._mapping)
    position = InboxPosition(
        rank=facts.pop("rank"),
        due_on=facts.pop("due_on"),
        accepted_at=row.accepted_at,
        submission_id=row.submission_id,
    )
    return InboxRow(**facts | {"status": CaseStatus(row.status), "position": position})
