"""Cases that have ended, and the erasing of their envelopes: the row stays as a tombstone that says when."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage import families
from forms_app.storage.casework_tables import acknowledgements, case_notes, sign_offs
from forms_app.storage.families import Relative
from forms_app.storage.tables import (
    CaseStatus,
    attachments,
    case_events,
    cases,
    deliveries,
    follow_ups,
    invitations,
    submissions,
)


@dataclass(frozen=True, kw_only=True)
class EndedCase:
    """A case that was answered, closed or taken back, and what speaks for or against erasing it.

    `unfinished` counts the deliveries that are still owed or were given up; `unproven` the sendings that are not known
    to be kept elsewhere: no receiver has acknowledged them, and they had not come when somebody last signed for it.
    """

    reference: str
    case_id: uuid.UUID
    submission_id: uuid.UUID
    form: str
    municipality: str
    status: CaseStatus
    is_taken_back: bool
    ended_at: datetime
    opened_at: datetime | None
    news_at: datetime | None
    unfinished: int
    unproven: int


_LATER = sa.select(follow_ups.c.submission_id).where(follow_ups.c.follows == cases.c.submission_id).correlate(cases)
_LAST_EVENT = sa.select(sa.func.max(case_events.c.at)).where(case_events.c.case_id == cases.c.id).scalar_subquery()
_SIGNED_OFF = (
    sa.select(sa.func.max(sign_offs.c.at)).where(sign_offs.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
)
_sending = submissions.alias("sending")
_ACKNOWLEDGED = sa.select(deliveries.c.submission_id).join_from(deliveries, acknowledgements)
_UNPROVEN = (
    sa.select(sa.func.count())
    .where(
        sa.or_(_sending.c.id == cases.c.submission_id, _sending.c.id.in_(_LATER)),
        _sending.c.id.not_in(_ACKNOWLEDGED),
        sa.or_(_SIGNED_OFF.is_(None), _sending.c.accepted_at > _SIGNED_OFF),
    )
    .scalar_subquery()
)
_UNFINISHED = (
    sa.select(sa.func.count())
    .where(
        sa.or_(deliveries.c.submission_id == cases.c.submission_id, deliveries.c.submission_id.in_(_LATER)),
        deliveries.c.state.not_in(("succeeded", "cancelled")),
    )
    .scalar_subquery()
)
_TAKEN_BACK_AT = sa.func.coalesce(cases.c.withdrawn_at, cases.c.revoked_at)
_ENDED = (
    sa.select(
        submissions.c.reference,
        cases.c.id.label("case_id"),
        cases.c.submission_id,
        submissions.c.form,
        cases.c.municipality,
        cases.c.status,
        _TAKEN_BACK_AT.is_not(None).label("is_taken_back"),
        sa.func.coalesce(_TAKEN_BACK_AT, _LAST_EVENT, submissions.c.accepted_at, type_=cases.c.news_at.type).label(
            "ended_at"
        ),
        cases.c.opened_at,
        cases.c.news_at,
        _UNFINISHED.label("unfinished"),
        _UNPROVEN.label("unproven"),
    )
    .join_from(cases, submissions)
    .where(
        cases.c.municipality == sa.bindparam("place"),
        submissions.c.erased_at.is_(None),
        sa.or_(cases.c.status.in_(("answered", "closed")), _TAKEN_BACK_AT.is_not(None)),
    )
    .order_by("ended_at", submissions.c.id)
)
_HOLD = sa.select(cases.c.id).join_from(cases, submissions).order_by(cases.c.id).with_for_update(of=cases)
_OF_CASE = sa.or_(
    submissions.c.id == sa.bindparam("first"),
    submissions.c.id.in_(sa.select(follow_ups.c.submission_id).where(follow_ups.c.follows == sa.bindparam("first"))),
)
_SUBMISSIONS = sa.select(submissions.c.id).where(_OF_CASE)
_ERASE = sa.update(submissions).where(_OF_CASE).values(summary=None, answers=None, erased_at=sa.bindparam("moment"))
_ERASE_FILES = (
    sa.update(attachments).where(attachments.c.submission_id.in_(_SUBMISSIONS)).values(sealed=None, cleaned=None)
)
_ERASE_INVITATION = (
    sa.update(invitations).where(invitations.c.submission_id == sa.bindparam("first")).values(sealed=None)
)
_ERASE_NOTES = sa.update(case_notes).where(case_notes.c.case_id == sa.bindparam("case")).values(sealed=None)


def ended(connection: sa.Connection, municipality: str) -> list[EndedCase]:
    """Every case of a municipality that has ended and is not erased, the one that ended first comes first."""
    return [
        EndedCase(**dict(row._mapping) | {"status": CaseStatus(row.status), "is_taken_back": bool(row.is_taken_back)})
        for row in connection.execute(_ENDED, {"place": municipality})
    ]


def hold(connection: sa.Connection, references: Collection[str]) -> None:
    """Let nobody add to these cases or change them until the transaction ends."""
    connection.execute(_HOLD.where(submissions.c.reference.in_(references)))


def sign_off(connection: sa.Connection, case_id: uuid.UUID, *, at: datetime, actor: str, sha256: str) -> None:
    """Somebody says that the export with this hash is kept elsewhere."""
    connection.execute(sa.insert(sign_offs), {"case_id": case_id, "at": at, "actor": actor, "sha256": sha256})


def erase(connection: sa.Connection, case: EndedCase, *, now: datetime) -> list[Relative]:
    """Take the municipality's envelopes of the case and of all that was sent later away, and the notes, and take the
    case out of its family; who is left behind there.

    What the sender keeps for themselves is theirs and stays until they delete it or its time is up.
    """
    of_case = {"first": case.submission_id}
    connection.execute(_ERASE_FILES, of_case)
    connection.execute(_ERASE, of_case | {"moment": now})
    connection.execute(_ERASE_INVITATION, of_case)
    connection.execute(_ERASE_NOTES, {"case": case.case_id})
    return families.leave(connection, case.case_id)
