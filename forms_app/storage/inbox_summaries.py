"""The envelopes for lists: what a case is known by, for whoever holds the opening key."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from forms_app.language import Language
from forms_app.sealing.submission import Binding
from forms_app.storage.tables import cases, submissions


@dataclass(frozen=True, kw_only=True)
class SealedSummary:
    """The envelope for lists of a case, and what the rows of the case say that it belongs to."""

    binding: Binding
    envelope: bytes


@dataclass(frozen=True, kw_only=True)
class Latest:
    """When anything was accepted and erased last, by the time that stands in its row."""

    accepted_at: datetime
    erased_at: datetime


def ids(connection: sa.Connection, municipality: str) -> set[uuid.UUID]:
    """The submissions behind all cases of a municipality that are not erased."""
    return set(connection.execute(_IDS, {"municipality": municipality}).scalars())


def latest(connection: sa.Connection) -> Latest:
    """Of all municipalities."""
    accepted_at, erased_at = (connection.execute(query).scalar() for query in (_LAST_ACCEPTED, _LAST_ERASED))
    return Latest(accepted_at=accepted_at or _BEGINNING, erased_at=erased_at or _BEGINNING)


def changed_since(
    connection: sa.Connection, municipality: str, latest: Latest
) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The submissions that came in since then, and those that were erased; some of them were known by then."""
    came = set(connection.execute(_CAME, {"since": latest.accepted_at - _MARGIN}).scalars())
    erased = set(connection.execute(_ERASED, {"since": latest.erased_at - _MARGIN}).scalars())
    places = connection.execute(_PLACES, {"wanted": list(came | erased)})
    here = {row.submission_id for row in places if row.municipality == municipality}
    return (came & here) - erased, erased & here


def summaries(connection: sa.Connection, wanted: list[uuid.UUID]) -> dict[uuid.UUID, SealedSummary]:
    """The envelopes for lists of these submissions, without those that are erased."""
    found = connection.execute(_SUMMARIES, {"wanted": wanted})
    return {row.submission_id: SealedSummary(binding=binding_of(row), envelope=row.summary) for row in found}


def binding_of(row: Any) -> Binding:
    """What the rows of a case say that its summary must say too; `row` has the columns BINDING."""
    return Binding(
        submission_id=str(row.submission_id),
        reference=row.reference,
        municipality=row.municipality,
        form=row.form,
        form_version=row.form_version,
        language=Language(row.language),
        accepted_at=row.accepted_at,
    )


BINDING = (
    submissions.c.reference,
    submissions.c.id.label("submission_id"),
    submissions.c.form,
    submissions.c.form_version,
    # That of the case, by which the list is chosen: where the submission says another, its summary is refused.
    cases.c.municipality,
    submissions.c.language,
    submissions.c.accepted_at,
)
_IDS = (
    sa.select(cases.c.submission_id)
    .join_from(cases, submissions)
    .where(cases.c.municipality == sa.bindparam("municipality"), submissions.c.erased_at.is_(None))
)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(hours=1)
"""What is committed now may name an earlier time, on a host whose clock is behind."""
_LAST_ACCEPTED = sa.select(sa.func.max(submissions.c.accepted_at))
_LAST_ERASED = sa.select(sa.func.max(submissions.c.erased_at)).where(submissions.c.erased_at.is_not(None))
"""Asked apart, each is the end of an index; together, every row would be read."""
# Never joined: asked for both, a database may well begin with all cases of the municipality.
_CAME = sa.select(submissions.c.id).where(submissions.c.accepted_at >= sa.bindparam("since"))
_ERASED = sa.select(submissions.c.id).where(submissions.c.erased_at >= sa.bindparam("since"))
_PLACES = sa.select(cases.c.submission_id, cases.c.municipality).where(
    cases.c.submission_id.in_(sa.bindparam("wanted", expanding=True))
)
_SUMMARIES = (
    sa.select(*BINDING, submissions.c.summary)
    .join_from(cases, submissions)
    .where(submissions.c.id.in_(sa.bindparam("wanted", expanding=True)), submissions.c.summary.is_not(None))
)
