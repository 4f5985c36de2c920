"""The files sent with a submission, one sealed envelope each."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from forms_app.sealing.attached import SealedFile
from forms_app.storage.tables import attachments


@dataclass(frozen=True, kw_only=True)
class NewAttachment:
    """A sealed file; `size` counts the bytes of the plain file, `sealed_hash` is the SHA-256 of `sealed`.

    `cleaned` is the envelope of the copy to open first, where the file needs one, and `cleaned_hash` its SHA-256.
    """

    id: uuid.UUID
    position: int
    size: int
    sealed: bytes
    sealed_hash: str
    cleaned: bytes | None = None
    cleaned_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A stored file; `sealed` and `cleaned` are None once the submission has been erased."""

    id: uuid.UUID
    position: int
    size: int
    sealed: bytes | None
    sealed_hash: str
    cleaned: bytes | None
    cleaned_hash: str | None


@dataclass(frozen=True, kw_only=True)
class ListedAttachment:
    """A stored file without its envelope."""

    id: uuid.UUID
    position: int
    size: int
    sealed_hash: str


_COLUMNS = (attachments.c.id, attachments.c.position, attachments.c.size, attachments.c.sealed_hash)
_INSERT = sa.insert(attachments)
_LISTED = (
    sa.select(*_COLUMNS)
    .where(attachments.c.submission_id == sa.bindparam("submission"))
    .order_by(attachments.c.position)
)
_WHOLE = _LISTED.add_columns(attachments.c.sealed, attachments.c.cleaned, attachments.c.cleaned_hash)


def insert_all(connection: sa.Connection, submission_id: uuid.UUID, new: Iterable[NewAttachment]) -> None:
    """Store every file of a submission."""
    rows = [asdict(attachment) | {"submission_id": submission_id} for attachment in new]
    if rows:
        connection.execute(_INSERT, rows)


def of(connection: sa.Connection, submission_id: uuid.UUID) -> list[Attachment]:
    """A submission's files with their envelopes, in order: all of them are held in memory."""
    return [Attachment(**row._mapping) for row in connection.execute(_WHOLE, {"submission": submission_id})]


def sealed(connection: sa.Connection, submission_id: uuid.UUID) -> list[SealedFile] | None:
    """The envelopes of a submission's files, in order; None once any has been erased."""
    return envelopes(of(connection, submission_id))


def envelopes(files: Sequence[Attachment]) -> list[SealedFile] | None:
    """Those of these files; None where any has been erased."""
    found = [SealedFile(original=one.sealed, cleaned=one.cleaned) for one in files if one.sealed is not None]
    return found if len(found) == len(files) else None


def listed(connection: sa.Connection, submission_id: uuid.UUID) -> list[ListedAttachment]:
    """A submission's files without their envelopes, in order."""
    rows = connection.execute(_LISTED, {"submission": submission_id})
    return [ListedAttachment(**row._mapping) for row in rows]
