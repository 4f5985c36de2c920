"""In which order the inbox stands, and which of its cases are wanted: read off narrow columns, never an envelope."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.storage.casework_tables import ComplaintOutcome, complaints
from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.functions import day_of
from forms_app.storage.tables import CaseStatus, TargetGroup, cases, deadlines, deliveries, follow_ups, submissions


class Flag(StrEnum):
    """What a case worker must know of a case besides its status. The values stand in bookmarked addresses."""

    LATE = "late"
    UNCONFIRMED = "unconfirmed"
    UNSCANNED = "unscanned"
    FAILED = "failed"
    """A hand-over to the municipality, or the citizen's mail, was given up."""
    TAKEN_BACK = "taken_back"
    FAMILY = "family"
    """It was joined with other cases."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases to list; everything that is None or False lets all through.

    `due_before` is the first day that is too late for a date by law, `target_before` for the municipality's own target;
    `among` holds the ids of submissions.
    """

    municipality: str | None = None
    form: FormKey | None = None
    target_group: TargetGroup | None = None
    status: CaseStatus | None = None
    is_open: bool = False
    is_unopened: bool = False
    assignee: uuid.UUID | None = None
    is_nobodys: bool = False
    due_before: date | None = None
    target_before: date | None = None
    flag: Flag | None = None
    family: uuid.UUID | None = None
    among: frozenset[uuid.UUID] | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True, kw_only=True)
class InboxPosition:
    """Where a row stands in the inbox's order: what the next page begins after."""

    rank: int
    due_on: date
    accepted_at: datetime
    submission_id: uuid.UUID


IS_BY_LAW = deadlines.c.fact != COMPLAINT_TARGET
"""Not the municipality's own target, which is no deadline to be late for."""
NEXT = (
    sa.select(
        deadlines.c.case_id,
        sa.func.min(deadlines.c.due_on).label("due_on"),
        sa.func.min(sa.case((IS_BY_LAW, deadlines.c.due_on))).label("law_on"),
        sa.func.min(sa.case((IS_BY_LAW, None), else_=deadlines.c.due_on)).label("target_on"),
    )
    .where(deadlines.c.done_on.is_(None))
    .group_by(deadlines.c.case_id)
    .subquery("next")
)
"""The next date of a case, of either kind; then that of each."""
_IS_MAIL = deliveries.c.kind == CONFIRMATION_MAIL
_CASE_OF_DELIVERY = sa.func.coalesce(follow_ups.c.follows, deliveries.c.submission_id)
_GIVEN_UP = (
    sa.select(_CASE_OF_DELIVERY.label("submission_id"))
    .join_from(deliveries, follow_ups, follow_ups.c.submission_id == deliveries.c.submission_id, isouter=True)
    # A literal, so that both databases see that the partial index is enough.
    .where(deliveries.c.state == sa.literal_column("'given_up'", sa.String))
)
STUCK = (
    _GIVEN_UP.add_columns(
        sa.func.sum(sa.case((_IS_MAIL, 0), else_=1)).label("hand_overs"),
        sa.func.sum(sa.case((_IS_MAIL, 1), else_=0)).label("mails"),
    )
    .group_by(_CASE_OF_DELIVERY)
    .subquery("stuck")
)
"""What was given up, by the case it belongs to, also where it was sent later: hand-overs, and mails to the citizen."""

# A set that is looked into; joined, it would be read from end to end for every case.
_IS_STUCK = cases.c.submission_id.in_(_GIVEN_UP.where(sa.not_(_IS_MAIL)))
_HAS_NEWS = cases.c.news_at.is_not(None)
_IS_TAKEN_BACK = sa.or_(cases.c.withdrawn_at.is_not(None), cases.c.revoked_at.is_not(None))
IS_UNREAD = sa.or_(cases.c.opened_at.is_(None), _HAS_NEWS)
IS_OPEN = cases.c.status != sa.literal_column("'closed'", sa.String)
OPENED_RANK = 3
RANK = sa.case(
    (sa.and_(_HAS_NEWS, _IS_TAKEN_BACK), 0),
    (_IS_STUCK, 1),
    (IS_UNREAD, 2),
    (IS_OPEN, OPENED_RANK),
    else_=4,
)
# What somebody must still change or send on. No law may say until when, and still it waits since the day it came.
_IS_COMPLAINT_HERE = sa.and_(
    submissions.c.form == FormKey.COMPLAINT,
    cases.c.withdrawn_at.is_(None),
    complaints.c.forwarded_on.is_(None),
    sa.func.coalesce(complaints.c.outcome, "") != ComplaintOutcome.UPHELD,
)
# Age alone orders the first ranks; a case without a date comes after those that have one.
_DUE_ON = sa.case(
    (RANK < OPENED_RANK, sa.literal(date.min, sa.Date)),
    (NEXT.c.due_on.is_not(None), NEXT.c.due_on),
    (_IS_COMPLAINT_HERE, sa.func.coalesce(cases.c.received_on, day_of(submissions.c.accepted_at))),
    else_=sa.literal(date.max, sa.Date),
)
_ORDER = sa.tuple_(RANK, _DUE_ON, submissions.c.accepted_at, submissions.c.id)
LISTED = cases.join(submissions, cases.c.submission_id == submissions.c.id).outerjoin(
    NEXT, NEXT.c.case_id == cases.c.id
)
_FLAGGED = {
    Flag.LATE: cases.c.is_late,
    Flag.UNCONFIRMED: cases.c.is_unconfirmed,
    Flag.UNSCANNED: cases.c.is_unscanned,
    Flag.FAILED: cases.c.submission_id.in_(_GIVEN_UP),
    Flag.TAKEN_BACK: _IS_TAKEN_BACK,
    Flag.FAMILY: cases.c.family.is_not(None),
}


def ordered(wanted: Wanted, *, limit: int, after: InboxPosition | None) -> sa.Subquery:
    """The ids of at most `limit` wanted cases with what orders them, beginning after a position."""
    query = (
        sa.select(
            cases.c.id.label("case_id"),
            RANK.label("rank"),
            _DUE_ON.label("ordered_on"),
            submissions.c.accepted_at.label("ordered_at"),
            submissions.c.id.label("ordered_id"),
            NEXT.c.due_on.label("next_deadline"),
        )
        .select_from(LISTED.outerjoin(complaints, complaints.c.case_id == cases.c.id))
        .where(*conditions(wanted))
        .order_by(*_ORDER.clauses)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_place(after) < _ORDER)
    return query.subquery("ordered")


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What a listed case must fulfil."""
    equal = {
        cases.c.municipality: wanted.municipality,
        submissions.c.form: wanted.form,
        submissions.c.target_group: wanted.target_group,
        cases.c.status: wanted.status,
        cases.c.assignee: wanted.assignee,
        cases.c.family: wanted.family,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    marks = (
        (wanted.is_open, IS_OPEN),
        (wanted.is_unopened, IS_UNREAD),
        (wanted.is_nobodys, cases.c.assignee.is_(None)),
    )
    found += [condition for is_wanted, condition in marks if is_wanted]
    if wanted.flag:
        found.append(_FLAGGED[wanted.flag])
    if wanted.due_before:
        found.append(NEXT.c.law_on < wanted.due_before)
    if wanted.target_before:
        found.append(NEXT.c.target_on < wanted.target_before)
    if wanted.among is not None:
        found.append(submissions.c.id.in_(wanted.among))
    return found


def _place(after: InboxPosition) -> sa.Tuple:
    return sa.tuple_(
        sa.literal(after.rank),
        sa.literal(after.due_on),
        sa.literal(after.accepted_at, submissions.c.accepted_at.type),
        sa.literal(after.submission_id),
    )
