"""A citizen's unsent answers: a row per step and per file, encrypted under the citizen's own code."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage.functions import inserting
from forms_app.storage.tables import draft_files, draft_steps, drafts, submissions


class UnknownDraft(PortalError):
    """There is no draft with this id; it may have been deleted meanwhile."""


class RevisionConflict(PortalError):
    """Another tab saved the step after it was read here; `current` is its revision, 0 if it is gone."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft's unencrypted facts."""

    id: bytes
    form: str
    form_version: int
    public_half: str
    created_at: datetime
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class DraftStep:
    """One step's encrypted answers and the revision a later save must name."""

    step: str
    revision: int
    ciphertext: bytes


@dataclass(frozen=True, kw_only=True)
class DraftFile:
    """An upload without its content; `details` is encrypted, `size` counts the bytes of the plain file."""

    id: uuid.UUID
    details: bytes
    size: int


@dataclass(frozen=True, kw_only=True)
class FileContent:
    """What an upload holds, encrypted; `cleaned` is the copy that case workers open first, if it needs one."""

    ciphertext: bytes
    cleaned: bytes | None


_CREATE = inserting(drafts, lambda insert: insert.on_conflict_do_nothing())
_FIND = sa.select(drafts).where(drafts.c.id == sa.bindparam("wanted"))
_TOUCH = sa.update(drafts).where(drafts.c.id == sa.bindparam("wanted")).values(saved_at=sa.bindparam("moment"))

_IS_STEP = sa.and_(draft_steps.c.draft_id == sa.bindparam("draft"), draft_steps.c.step == sa.bindparam("name"))
_STEPS = sa.select(draft_steps.c.step, draft_steps.c.revision, draft_steps.c.ciphertext).where(
    draft_steps.c.draft_id == sa.bindparam("draft")
)
_HOLD = sa.select(drafts.c.id).where(drafts.c.id == sa.bindparam("wanted")).with_for_update()
_REVISIONS = sa.select(draft_steps.c.step, draft_steps.c.revision).where(
    draft_steps.c.draft_id == sa.bindparam("draft")
)
_REVISION = sa.select(draft_steps.c.revision).where(_IS_STEP)
_ADD_STEP = sa.insert(draft_steps)
_CHANGE_STEP = (
    sa.update(draft_steps)
    .where(_IS_STEP)
    .values({name: sa.bindparam(f"new_{name}") for name in ("revision", "ciphertext", "saved_at")})
)

_ADD_FILE = sa.insert(draft_files)
_LAST_POSITION = sa.select(sa.func.coalesce(sa.func.max(draft_files.c.position), 0)).where(
    draft_files.c.draft_id == sa.bindparam("draft")
)
_FILES = (
    sa.select(draft_files.c.id, draft_files.c.details, draft_files.c.size)
    .where(draft_files.c.draft_id == sa.bindparam("draft"))
    .order_by(draft_files.c.position)
)
_IS_FILE = sa.and_(draft_files.c.draft_id == sa.bindparam("draft"), draft_files.c.id == sa.bindparam("file"))
_CONTENT = sa.select(draft_files.c.ciphertext, draft_files.c.cleaned).where(_IS_FILE)
_REMOVE_FILE = sa.delete(draft_files).where(_IS_FILE)

# The row of a draft that was sent stays: it is empty, and its code leads to the receipt.
_IS_EXPIRED = sa.and_(
    drafts.c.saved_at < sa.bindparam("moment"),
    ~sa.exists().where(submissions.c.draft_id == drafts.c.id),
)
_ANY_EXPIRED = sa.select(drafts.c.id).where(_IS_EXPIRED).limit(1)
_DELETE_EXPIRED = sa.delete(drafts).where(_IS_EXPIRED)


def create(connection: sa.Connection, new: Draft) -> None:
    """Begin a draft; one that is there already stays as it is."""
    connection.execute(_CREATE[connection.dialect.name], asdict(new))


def find(connection: sa.Connection, id: bytes) -> Draft | None:
    """The draft with this id."""
    row = connection.execute(_FIND, {"wanted": id}).one_or_none()
    return Draft(**row._mapping) if row else None


def steps(connection: sa.Connection, id: bytes) -> dict[str, DraftStep]:
    """Every saved step of a draft, by the step's name."""
    rows = connection.execute(_STEPS, {"draft": id})
    return {row.step: DraftStep(**row._mapping) for row in rows}


def hold(connection: sa.Connection, id: bytes) -> None:
    """Let nobody else change or send the draft until the transaction ends."""
    connection.execute(_HOLD, {"wanted": id})


def state(connection: sa.Connection, id: bytes) -> tuple[dict[str, int], list[uuid.UUID]]:
    """The revision of each step of a draft, and its files in order."""
    revisions = {row.step: row.revision for row in connection.execute(_REVISIONS, {"draft": id})}
    return revisions, [file.id for file in files(connection, id)]


def save_step(
    connection: sa.Connection,
    *,
    draft_id: bytes,
    step: str,
    ciphertext: bytes,
    read_revision: int,
    now: datetime,
) -> int:
    """Save a step that was read at `read_revision` (0: it was not there) and return its new revision.

    Raises RevisionConflict where another tab has saved it meanwhile, and UnknownDraft.
    """
    _touch(connection, draft_id, now)
    of_step = {"draft": draft_id, "name": step}
    current = connection.execute(_REVISION, of_step).scalar() or 0
    if current != read_revision:
        raise RevisionConflict(current)
    new = {"revision": current + 1, "ciphertext": ciphertext, "saved_at": now}
    if current:
        connection.execute(_CHANGE_STEP, of_step | {f"new_{name}": value for name, value in new.items()})
    else:
        connection.execute(_ADD_STEP, {"draft_id": draft_id, "step": step} | new)
    return current + 1


def add_file(
    connection: sa.Connection,
    *,
    id: uuid.UUID,
    draft_id: bytes,
    details: bytes,
    ciphertext: bytes,
    cleaned: bytes | None = None,
    size: int,
    now: datetime,
) -> None:
    """Add an upload after those there; `size` counts the bytes of the plain file. Raises UnknownDraft."""
    _touch(connection, draft_id, now)
    last: int = connection.execute(_LAST_POSITION, {"draft": draft_id}).scalar_one()
    connection.execute(
        _ADD_FILE,
        {
            "id": id,
            "draft_id": draft_id,
            "position": last + 1,
            "details": details,
            "ciphertext": ciphertext,
            "cleaned": cleaned,
            "size": size,
            "added_at": now,
        },
    )


def files(connection: sa.Connection, id: bytes) -> list[DraftFile]:
    """A draft's uploads in the order they were added, without their content."""
    return [DraftFile(**row._mapping) for row in connection.execute(_FILES, {"draft": id})]


def file_content(connection: sa.Connection, draft_id: bytes, file_id: uuid.UUID) -> FileContent | None:
    """An upload's encrypted content, if this draft has it."""
    row = connection.execute(_CONTENT, {"draft": draft_id, "file": file_id}).one_or_none()
    return FileContent(**row._mapping) if row else None


def remove_file(connection: sa.Connection, draft_id: bytes, file_id: uuid.UUID) -> bool:
    """Remove an upload; False where this draft has no such file."""
    return connection.execute(_REMOVE_FILE, {"draft": draft_id, "file": file_id}).rowcount == 1


def empty(connection: sa.Connection, draft_id: bytes) -> None:
    """Delete every answer and file; the draft's own row stays, so that its code still leads somewhere."""
    connection.execute(sa.delete(draft_steps).where(draft_steps.c.draft_id == draft_id))
    connection.execute(sa.delete(draft_files).where(draft_files.c.draft_id == draft_id))


def delete(connection: sa.Connection, draft_id: bytes) -> None:
    """Delete a draft with all it holds; deleting one that is gone does nothing."""
    connection.execute(sa.delete(drafts).where(drafts.c.id == draft_id))


def any_unsent(connection: sa.Connection, *, saved_before: datetime) -> bool:
    """Whether `delete_unsent` would find anything: a cheap question, asked before taking the write lock."""
    return connection.execute(_ANY_EXPIRED, {"moment": saved_before}).first() is not None


def delete_unsent(connection: sa.Connection, *, saved_before: datetime) -> int:
    """Delete every draft that was last saved before that and never sent, with all it holds; returns how many."""
    return connection.execute(_DELETE_EXPIRED, {"moment": saved_before}).rowcount


def _touch(connection: sa.Connection, draft_id: bytes, now: datetime) -> None:
    # On PostgreSQL this also locks the draft's row, so two tabs save one after the other.
    if connection.execute(_TOUCH, {"wanted": draft_id, "moment": now}).rowcount == 0:
        raise UnknownDraft
