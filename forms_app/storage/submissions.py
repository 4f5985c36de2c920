"""What citizens have sent: sealed envelopes and the few facts that stay readable."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.language import Language
from forms_app.sealing.submission import Binding
from forms_app.storage.tables import submissions


class AlreadySubmitted(PortalError):
    """This draft has become a submission before; a double click or a reload is answered with that one."""


class ReferenceTaken(PortalError):
    """Another submission has this reference; a new one must be drawn."""


@dataclass(frozen=True, kw_only=True)
class NewSubmission:
    """A sealed submission to be stored; `sealed_hash` is the hexadecimal SHA-256 of the sealed answers."""

    id: uuid.UUID
    reference: str
    draft_id: bytes
    form: str
    form_version: int
    municipality: str
    language: str
    accepted_at: datetime
    recipients_fingerprint: str
    public_half: str
    target_group: str | None
    summary: bytes
    answers: bytes
    own_copy: bytes | None
    own_receipt: bytes | None = None
    sealed_hash: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A stored submission; the envelopes are None once it is erased, and the rest stays as its tombstone."""

    id: uuid.UUID
    reference: str
    draft_id: bytes
    form: str
    form_version: int
    municipality: str
    language: str
    accepted_at: datetime
    recipients_fingerprint: str
    public_half: str
    target_group: str | None
    summary: bytes | None
    answers: bytes | None
    own_copy: bytes | None
    """The citizen's, with the answers; None where there is none, or none any more."""
    own_receipt: bytes | None
    """The citizen's, without the answers; None for what was sent before there were such receipts."""
    sealed_hash: str
    erased_at: datetime | None

    @property
    def binding(self) -> Binding:
        """What the row says that its envelopes must say too."""
        return Binding(
            submission_id=str(self.id),
            reference=self.reference,
            municipality=self.municipality,
            form=self.form,
            form_version=self.form_version,
            language=Language(self.language),
            accepted_at=self.accepted_at,
        )


_INSERT = sa.insert(submissions)
_DRAFT_IS_THERE = sa.select(submissions.c.id).where(submissions.c.draft_id == sa.bindparam("draft"))
_REFERENCE_IS_THERE = sa.select(submissions.c.id).where(submissions.c.reference == sa.bindparam("wanted"))
_BY_DRAFT = sa.select(submissions).where(submissions.c.draft_id == sa.bindparam("wanted"))
_BY_REFERENCE = sa.select(submissions).where(submissions.c.reference == sa.bindparam("wanted"))
_MUNICIPALITIES = sa.select(submissions.c.municipality).where(submissions.c.erased_at.is_(None)).distinct()
_BY_ID = sa.select(submissions).where(submissions.c.id == sa.bindparam("wanted"))


def insert(connection: sa.Connection, new: NewSubmission) -> None:
    """Store a submission; raises AlreadySubmitted or ReferenceTaken.

    The draft is asked about first: whoever repeats a submission must get the first one back, whatever
    reference they drew this time.
    """
    if connection.execute(_DRAFT_IS_THERE, {"draft": new.draft_id}).first():
        raise AlreadySubmitted
    if connection.execute(_REFERENCE_IS_THERE, {"wanted": new.reference}).first():
        raise ReferenceTaken
    try:
        connection.execute(_INSERT, asdict(new))
    except sa.exc.IntegrityError as error:
        # PostgreSQL lets a rival in between the question and the insert; both databases name the column.
        if "draft_id" in str(error.orig):
            raise AlreadySubmitted from error
        if "reference" in str(error.orig):
            raise ReferenceTaken from error
        raise


def by_draft(connection: sa.Connection, draft_id: bytes) -> Submission | None:
    """What this draft became."""
    return _one(connection, _BY_DRAFT, draft_id)


def by_reference(connection: sa.Connection, reference: str) -> Submission | None:
    """The submission with this reference, as it is written in the store."""
    return _one(connection, _BY_REFERENCE, reference)


def get(connection: sa.Connection, id: uuid.UUID) -> Submission | None:
    """The submission with this id."""
    return _one(connection, _BY_ID, id)


def municipalities(connection: sa.Connection) -> set[str]:
    """The keys of those to whom anything was sent that is not erased."""
    return set(connection.execute(_MUNICIPALITIES).scalars())


def _one(connection: sa.Connection, query: sa.Select[tuple[object, ...]], wanted: object) -> Submission | None:
    row = connection.execute(query, {"wanted": wanted}).one_or_none()
    return Submission(**row._mapping) if row else None
