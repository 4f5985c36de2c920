"""The list of all cases as staff meet it: what needs a human soonest comes first."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.sealing.submission import Binding
from forms_app.storage.casework_tables import complaints
from forms_app.storage.complaints import Complaint, complaint_of
from forms_app.storage.inbox_order import EVERYTHING, STUCK, InboxPosition, Wanted, ordered
from forms_app.storage.inbox_summaries import BINDING, binding_of
from forms_app.storage.tables import CaseStatus, Source, attachments, cases, deadlines, follow_ups, submissions


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A case in the inbox; `summary` is the sealed envelope for lists, None once erased.

    `additions` counts what was sent later, and `attachments` the files of the first sending only. `deliveries_given_up`
    counts what did not reach the municipality; that the citizen got no confirmation by mail, `mail_given_up`, is no
    failed hand-over. `received_on` is the day it came in where that is not the day it was stored. `family_size` counts
    the cases it was joined with and itself, 0 where it was joined with none. `next_kind` is what the next date is for,
    a fact of the law or COMPLAINT_TARGET; `complaint` is empty where nothing was done with one, or it is none.
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
    next_kind: str | None
    complaint: Complaint
    attachments: int
    additions: int
    deliveries_given_up: int
    mail_given_up: bool
    summary: bytes | None
    position: InboxPosition

    @property
    def binding(self) -> Binding:
        """What the row says that its summary must say too."""
        return binding_of(self)


def rows(
    connection: sa.Connection,
    wanted: Wanted = EVERYTHING,
    *,
    limit: int = 50,
    after: InboxPosition | None = None,
) -> list[InboxRow]:
    """At most `limit` cases, those that need a human soonest first, beginning after a row's `position`.

    What the citizen has taken back comes first, until somebody has seen that; then a delivery that was given up, then
    what nobody has opened or was added to since, all oldest first; then what has been opened, by its next date, a
    complaint without one by the day it came; closed cases last.
    """
    page = ordered(wanted, limit=limit, after=after)
    query = (
        sa.select(*_TOLD, page)
        .select_from(
            page.join(cases, cases.c.id == page.c.case_id)
            .join(submissions)
            .outerjoin(STUCK, STUCK.c.submission_id == cases.c.submission_id)
            .outerjoin(complaints, complaints.c.case_id == cases.c.id)
        )
        .order_by(page.c.rank, page.c.ordered_on, page.c.ordered_at, page.c.ordered_id)
    )
    return [_inbox_row(row) for row in connection.execute(query)]


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
_NEXT_KIND = (
    sa.select(deadlines.c.fact)
    .where(deadlines.c.case_id == cases.c.id, deadlines.c.done_on.is_(None))
    .order_by(deadlines.c.due_on, deadlines.c.kind)
    .limit(1)
    .scalar_subquery()
)
_TOLD = (
    *BINDING,
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
    _NEXT_KIND.label("next_kind"),
    *(complaints.c[name] for name in Complaint.__dataclass_fields__),
)
_OF_PAGE = ("case_id", "ordered_at", "ordered_id")


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
        "complaint": complaint_of({name: facts.pop(name) for name in Complaint.__dataclass_fields__}),
    }
    return InboxRow(**facts | typed)
