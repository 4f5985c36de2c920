"""The list of all cases as staff meet it: what needs a human soonest comes first."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.language import Language
from forms_app.sealing.submission import Binding
from forms_app.storage.inbox_order import (
    EVERYTHING,
    IS_OPEN,
    IS_UNREAD,
    LISTED,
    NEXT,
    STUCK,
    InboxPosition,
    Wanted,
    conditions,
    ordered,
)
from forms_app.storage.tables import CaseStatus, Source, attachments, cases, follow_ups, submissions


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A case in the inbox; `summary` is the sealed envelope for lists, None once erased.

    `additions` counts what was sent later, and `attachments` the files of the first sending only. `deliveries_given_up`
    counts what did not reach the municipality; that the citizen got no confirmation by mail, `mail_given_up`, is no
    failed hand-over. `received_on` is the day it came in where that is not the day it was stored. `family_size` counts
    the cases it was joined with and itself, 0 where it was joined with none.
    """

    reference: str
    submission_id: uuid.UUID
    form: str
    form_version: int
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
    assignee: uuid.UUID | None
    family: uuid.UUID | None
    family_size: int
    source: Source
    received_on: date | None
    target_group: str | None
    next_deadline: date | None
    attachments: int
    additions: int
    deliveries_given_up: int
    mail_given_up: bool
    summary: bytes | None
    position: InboxPosition

    @property
    def binding(self) -> Binding:
        """What the row says that its summary must say too."""
        return _binding(self)


@dataclass(frozen=True, kw_only=True)
class SealedSummary:
    """The envelope for lists of a case, and what the rows of the case say that it belongs to."""

    binding: Binding
    envelope: bytes


@dataclass(frozen=True, kw_only=True)
class InboxCounts:
    """How much lies in the inbox; closed cases are not counted. `oldest_unread_at` is None where all is read."""

    all: int
    unread: int
    oldest_unread_at: datetime | None
    overdue: int
    soon: int
    """Due today or in the week that follows."""
    nobodys: int
    mine: int


def rows(
    connection: sa.Connection,
    wanted: Wanted = EVERYTHING,
    *,
    limit: int = 50,
    after: InboxPosition | None = None,
) -> list[InboxRow]:
    """At most `limit` cases, those that need a human soonest first, beginning after a row's `position`.

    What the citizen has taken back comes first, until somebody has seen that; then a delivery that was given up, then
    what nobody has opened or was added to since, all oldest first; then what has been opened, by its next legal date;
    closed cases last.
    """
    page = ordered(wanted, limit=limit, after=after)
    query = (
        sa.select(*_TOLD, page)
        .select_from(
            page.join(cases, cases.c.id == page.c.case_id)
            .join(submissions)
            .outerjoin(STUCK, STUCK.c.submission_id == cases.c.submission_id)
        )
        .order_by(page.c.rank, page.c.ordered_on, page.c.ordered_at, page.c.ordered_id)
    )
    return [_inbox_row(row) for row in connection.execute(query)]


def count(connection: sa.Connection, wanted: Wanted) -> int:
    """How many cases are wanted."""
    query = sa.select(sa.func.count()).select_from(LISTED).where(*conditions(wanted))
    number: int = connection.execute(query).scalar_one()
    return number


def counts(connection: sa.Connection, municipality: str, *, today: date, member: uuid.UUID) -> InboxCounts:
    """What there is to do in a municipality, on its own day; `member` is the one who asks."""
    in_a_week = sa.and_(NEXT.c.due_on >= today, NEXT.c.due_on <= today + timedelta(days=7))
    query = (
        sa.select(
            sa.func.count().label("all"),
            _number(IS_UNREAD).label("unread"),
            sa.func.min(sa.case((IS_UNREAD, submissions.c.accepted_at))).label("oldest_unread_at"),
            _number(NEXT.c.due_on < today).label("overdue"),
            _number(in_a_week).label("soon"),
            _number(cases.c.assignee.is_(None)).label("nobodys"),
            _number(cases.c.assignee == member).label("mine"),
        )
        .select_from(LISTED)
        .where(IS_OPEN, cases.c.municipality == municipality)
    )
    return InboxCounts(**connection.execute(query).one()._mapping)


def longest_overdue(connection: sa.Connection, municipality: str, *, today: date, limit: int) -> list[uuid.UUID]:
    """The submissions of the open cases whose next date lies furthest back."""
    query = (
        sa.select(submissions.c.id)
        .select_from(LISTED)
        .where(*conditions(Wanted(municipality=municipality, is_open=True, due_before=today)))
        .order_by(NEXT.c.due_on, submissions.c.accepted_at, submissions.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def ids(connection: sa.Connection, municipality: str) -> set[uuid.UUID]:
    """The submissions behind all cases of a municipality that are not erased."""
    return set(connection.execute(_IDS, {"municipality": municipality}).scalars())


def summaries(connection: sa.Connection, wanted: list[uuid.UUID]) -> dict[uuid.UUID, SealedSummary]:
    """The envelopes for lists of these submissions, without those that are erased."""
    found = connection.execute(_SUMMARIES, {"wanted": wanted})
    return {row.submission_id: SealedSummary(binding=_binding(row), envelope=row.summary) for row in found}


_ATTACHMENTS = sa.select(sa.func.count()).where(attachments.c.submission_id == cases.c.submission_id).scalar_subquery()
_ADDITIONS = (
    sa.select(sa.func.count())
    .where(follow_ups.c.follows == cases.c.submission_id, follow_ups.c.kind == FollowUpKind.ADDITION)
    .scalar_subquery()
)
_relatives = cases.alias("relatives")
_FAMILY_SIZE = (
    sa.select(sa.func.count()).where(_relatives.c.family == cases.c.family).correlate(cases).scalar_subquery()
)
_BINDING = (
    submissions.c.reference,
    submissions.c.id.label("submission_id"),
    submissions.c.form,
    submissions.c.form_version,
    # That of the case, by which the list is chosen: where the submission says another, its summary is refused.
    cases.c.municipality,
    submissions.c.language,
    submissions.c.accepted_at,
)
_TOLD = (
    *_BINDING,
    cases.c.status,
    cases.c.is_late,
    cases.c.is_unconfirmed,
    cases.c.is_unscanned,
    cases.c.opened_at,
    cases.c.handed_over_at,
    cases.c.withdrawn_at,
    cases.c.revoked_at,
    cases.c.news_at,
    cases.c.assignee,
    cases.c.family,
    _FAMILY_SIZE.label("family_size"),
    cases.c.source,
    cases.c.received_on,
    submissions.c.target_group,
    _ATTACHMENTS.label("attachments"),
    _ADDITIONS.label("additions"),
    sa.func.coalesce(STUCK.c.hand_overs, 0).label("deliveries_given_up"),
    sa.func.coalesce(STUCK.c.mails, 0).label("mails_given_up"),
    submissions.c.summary,
)
_OF_PAGE = ("case_id", "ordered_at", "ordered_id")
_IDS = (
    sa.select(cases.c.submission_id)
    .join_from(cases, submissions)
    .where(cases.c.municipality == sa.bindparam("municipality"), submissions.c.erased_at.is_(None))
)
_SUMMARIES = (
    sa.select(*_BINDING, submissions.c.summary)
    .join_from(cases, submissions)
    .where(submissions.c.id.in_(sa.bindparam("wanted", expanding=True)), submissions.c.summary.is_not(None))
)


def _binding(row: Any) -> Binding:
    return Binding(
        submission_id=str(row.submission_id),
        reference=row.reference,
        municipality=row.municipality,
        form=row.form,
        form_version=row.form_version,
        language=Language(row.language),
        accepted_at=row.accepted_at,
    )


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _inbox_row(row: sa.Row[*tuple[Any, ...]]) -> InboxRow:
    facts = {name: value for name, value in row._mapping.items() if name not in _OF_PAGE}
    position = InboxPosition(
        rank=facts.pop("rank"),
        due_on=facts.pop("ordered_on"),
        accepted_at=row.accepted_at,
        submission_id=row.submission_id,
    )
    typed = {
        "status": CaseStatus(row.status),
        "source": Source(row.source),
        "mail_given_up": facts.pop("mails_given_up") > 0,
        "position": position,
    }
    return InboxRow(**facts | typed)
