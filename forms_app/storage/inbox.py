"""The list of all cases as staff meet it: what needs a human soonest comes first."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.tables import CaseStatus, attachments, cases, deadlines, deliveries, follow_ups, submissions


@dataclass(frozen=True, kw_only=True)
class InboxPosition:
    """Where a row stands in the inbox's order: what the next page begins after."""

    rank: int
    due_on: date
    accepted_at: datetime
    submission_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A case in the inbox; `summary` is the sealed envelope for lists, None once erased.

    `additions` counts what was sent later, and `attachments` the files of the first sending only. `deliveries_given_up`
    counts what did not reach the municipality; that the citizen got no confirmation by mail, `mail_given_up`, is no
    failed hand-over.
    """

    reference: str
    submission_id: uuid.UUID
    form: str
    municipality: str
    language: str
    accepted_at: datetime
    status: CaseStatus
    is_late: bool
    is_unconfirmed: bool
    is_unscanned: bool
    opened_at: datetime | None
    handed_over_at: datetime | None
    withdrawn_at: datetime | None
    revoked_at: datetime | None
    news_at: datetime | None
    target_group: str | None
    next_deadline: date | None
    attachments: int
    additions: int
    deliveries_given_up: int
    mail_given_up: bool
    summary: bytes | None
    position: InboxPosition


def rows(
    connection: sa.Connection,
    *,
    municipality: str | None = None,
    limit: int = 50,
    after: InboxPosition | None = None,
) -> list[InboxRow]:
    """At most `limit` cases, those that need a human soonest first, beginning after a row's `position`.

    What the citizen has taken back comes first, until somebody has seen that; then a delivery that was given up, then
    what nobody has opened or was added to since, all oldest first; then what has been opened, by its next legal date;
    closed cases last.
    """
    query = _INBOX.limit(limit)
    if municipality is not None:
        query = query.where(cases.c.municipality == municipality)
    if after is not None:
        query = query.where(_place(after) < _ORDER)
    return [_inbox_row(row) for row in connection.execute(query)]


_NEXT_DEADLINE = (
    sa.select(sa.func.min(deadlines.c.due_on))
    .where(deadlines.c.case_id == cases.c.id, deadlines.c.done_on.is_(None))
    .scalar_subquery()
)
_ATTACHMENTS = sa.select(sa.func.count()).where(attachments.c.submission_id == cases.c.submission_id).scalar_subquery()
_LATER = sa.select(follow_ups.c.submission_id).where(follow_ups.c.follows == cases.c.submission_id)
_ADDITIONS = (
    sa.select(sa.func.count())
    .where(follow_ups.c.follows == cases.c.submission_id, follow_ups.c.kind == FollowUpKind.ADDITION)
    .scalar_subquery()
)
_IS_OF_CASE = sa.or_(
    deliveries.c.submission_id == cases.c.submission_id, deliveries.c.submission_id.in_(_LATER.correlate(cases))
)
_IS_GIVEN_UP = sa.and_(_IS_OF_CASE, deliveries.c.state == "given_up")
_IS_MAIL = deliveries.c.kind == CONFIRMATION_MAIL
_GIVEN_UP = sa.select(sa.func.count()).where(_IS_GIVEN_UP, sa.not_(_IS_MAIL)).scalar_subquery()
_MAIL_GIVEN_UP = sa.exists().where(_IS_GIVEN_UP, _IS_MAIL)
_HAS_NEWS = cases.c.news_at.is_not(None)
_IS_TAKEN_BACK = sa.or_(cases.c.withdrawn_at.is_not(None), cases.c.revoked_at.is_not(None))
_OPENED_RANK = 3
_RANK = sa.case(
    (sa.and_(_HAS_NEWS, _IS_TAKEN_BACK), 0),
    (_GIVEN_UP > 0, 1),
    (sa.or_(cases.c.opened_at.is_(None), _HAS_NEWS), 2),
    (cases.c.status != "closed", _OPENED_RANK),
    else_=4,
)
# Age alone orders the first ranks; a case without a date comes after those that have one.
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
        cases.c.is_unscanned,
        cases.c.opened_at,
        cases.c.handed_over_at,
        cases.c.withdrawn_at,
        cases.c.revoked_at,
        cases.c.news_at,
        submissions.c.target_group,
        _NEXT_DEADLINE.label("next_deadline"),
        _ATTACHMENTS.label("attachments"),
        _ADDITIONS.label("additions"),
        _GIVEN_UP.label("deliveries_given_up"),
        _MAIL_GIVEN_UP.label("mail_given_up"),
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
