"""Sealed bytes beside the hashes that were kept when they were stored."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.tables import attachments, submissions

_KEPT = (
    sa.select(submissions.c.id, submissions.c.reference)
    .where(submissions.c.answers.is_not(None))
    .order_by(submissions.c.accepted_at, submissions.c.id)
)
_ANSWERS = sa.select(submissions.c.answers, submissions.c.sealed_hash).where(submissions.c.id == sa.bindparam("of"))
_FILES = sa.select(
    attachments.c.sealed, attachments.c.sealed_hash, attachments.c.cleaned, attachments.c.cleaned_hash
).where(attachments.c.submission_id == sa.bindparam("of"))


def kept(
    connection: sa.Connection, *, since: datetime | None = None, municipality: str | None = None
) -> list[tuple[uuid.UUID, str]]:
    """Id and reference of everything that is not erased, the oldest first."""
    query = _KEPT
    if since:
        query = query.where(submissions.c.accepted_at >= since)
    if municipality is not None:
        query = query.where(submissions.c.municipality == municipality)
    return [(row.id, row.reference) for row in connection.execute(query)]


def of(connection: sa.Connection, submission_id: uuid.UUID) -> Iterator[tuple[bytes, str]]:
    """What is sealed of a submission, each with the SHA-256 it should have; nothing of what was erased meanwhile."""
    for answers, sealed_hash in connection.execute(_ANSWERS, {"of": submission_id}):
        if answers is not None:
            yield answers, sealed_hash
    for sealed, sealed_hash, cleaned, cleaned_hash in connection.execute(_FILES, {"of": submission_id}):
        if sealed is not None:
            yield sealed, sealed_hash
        if cleaned is not None:
            yield cleaned, cleaned_hash
