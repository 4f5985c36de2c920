"""A citizen's draft: what they typed, encrypted under keys that only their code yields."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Self

import sqlalchemy as sa

from forms_app.clock import local_date
from forms_app.errors import PortalError
from forms_app.forms.definition import FormDefinition, FormKey, Typed
from forms_app.intake.saved_step import SavedStep, Told
from forms_app.sealing.attached import FileFacts, SentFile
from forms_app.sealing.codes import Code
from forms_app.sealing.drafts import decrypt, encrypt
from forms_app.storage import drafts, submissions
from forms_app.storage.drafts import RevisionConflict, UnknownDraft
from forms_app.storage.engine import reading
from forms_app.storage.submissions import AlreadySubmitted

__all__ = [
    "AlreadySubmitted",
    "Draft",
    "Removed",
    "RevisionConflict",
    "StoredFile",
    "UnknownDraft",
    "begin",
    "delete",
    "kept_until",
    "read",
    "save_step",
]


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """An upload that is safely kept."""

    id: uuid.UUID
    facts: FileFacts

    @property
    def name(self) -> str:
        """As the citizen named it."""
        return self.facts.name

    @property
    def size(self) -> int:
        """In bytes."""
        return self.facts.size


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft in clear, for as long as one request takes. `revisions` says which version of each step was read."""

    code: Code
    form: FormKey
    form_version: int
    saved_at: datetime
    steps: Mapping[str, SavedStep]
    revisions: Mapping[str, int]
    files: tuple[StoredFile, ...]

    @property
    def typed(self) -> dict[str, Typed]:
        """What stood in the fields of each saved step."""
        return {key: saved.typed for key, saved in self.steps.items()}

    @property
    def unfinished(self) -> frozenset[str]:
        """The steps that were kept as they stood."""
        return frozenset(key for key, saved in self.steps.items() if not saved.is_finished)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been saved yet."""
        return not self.steps and not self.files

    @classmethod
    def empty(cls, code: Code, definition: FormDefinition, now: datetime) -> Self:
        """A draft with nothing in it, and nothing stored of it."""
        return cls(
            code=code,
            form=definition.key,
            form_version=definition.version,
            saved_at=now,
            steps={},
            revisions={},
            files=(),
        )


class FilesAreMissing(PortalError):
    """A draft lists a file whose content is gone; most likely it was sent or deleted from another tab."""


def begin(engine: sa.Engine, definition: FormDefinition, now: datetime, *, code: Code | None = None) -> Code:
    """A new, empty draft; the code that comes back is the only key to it. With a `code` that was drawn before, it is
    made once, however often it is begun.
    """
    code = code or Code.new()
    with engine.begin() as connection:
        create(connection, code, definition.key, definition.version, now)
    return code


def create(connection: sa.Connection, code: Code, form: str, form_version: int, now: datetime) -> None:
    """Make room for what is typed and chosen under this code; where there is room already, nothing happens."""
    new = drafts.Draft(
        id=code.draft_id,
        form=form,
        form_version=form_version,
        public_half=code.public_half,
        created_at=now,
        saved_at=now,
    )
    drafts.create(connection, new)


def read(engine: sa.Engine, code: Code) -> Draft | None:
    """The draft of this code, or None where there is none."""
    with reading(engine) as connection:
        row = drafts.find(connection, code.draft_id)
        if row is None:
            return None
        steps = drafts.steps(connection, code.draft_id)
        files = drafts.files(connection, code.draft_id)
    return Draft(
        code=code,
        form=FormKey(row.form),
        form_version=row.form_version,
        saved_at=row.saved_at,
        steps={key: SavedStep.from_json(_plain(code, step.ciphertext, key)) for key, step in steps.items()},
        revisions={key: step.revision for key, step in steps.items()},
        files=tuple(StoredFile(id=file.id, facts=_file_facts(code, file)) for file in files),
    )


def save_step(
    engine: sa.Engine,
    code: Code,
    step: str,
    typed: Typed,
    *,
    told: Mapping[str, Told] | None = None,
    is_finished: bool = True,
    read_revision: int,
    now: datetime,
) -> None:
    """Keep what was typed.

    Raises RevisionConflict when another tab saved the step since it was read, AlreadySubmitted when one sent it, and
    UnknownDraft when one deleted it.
    """
    saved = SavedStep(typed=typed, told=told or {}, is_finished=is_finished)
    ciphertext = _secret(code, saved.to_json(), step)
    with engine.begin() as connection:
        drafts.hold(connection, code.draft_id)
        demand_unsent(connection, code)
        drafts.save_step(
            connection,
            draft_id=code.draft_id,
            step=step,
            ciphertext=ciphertext,
            read_revision=read_revision,
            now=now,
        )


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What a deleted draft held: pages with answers, and files."""

    pages: int
    files: int


def delete(engine: sa.Engine, code: Code) -> Removed:
    """Remove the draft with all it holds, for good. Raises AlreadySubmitted, and UnknownDraft where it is gone."""
    with engine.begin() as connection:
        drafts.hold(connection, code.draft_id)
        demand_unsent(connection, code)
        if drafts.find(connection, code.draft_id) is None:
            raise UnknownDraft
        held = Removed(
            pages=len(drafts.steps(connection, code.draft_id)), files=len(drafts.files(connection, code.draft_id))
        )
        drafts.delete(connection, code.draft_id)
    return held


def kept_until(saved_at: datetime, *, days: int, zone: str) -> date:
    """The last day, in the citizen's zone, on which an unsent draft is kept; the worker deletes it after that day."""
    return local_date(saved_at, zone) + timedelta(days=days)


def demand_unsent(connection: sa.Connection, code: Code) -> None:
    """Raise AlreadySubmitted for a draft that was sent: what is added afterwards would reach nobody."""
    if submissions.by_draft(connection, code.draft_id):
        raise AlreadySubmitted


def add_file(connection: sa.Connection, code: Code, file: SentFile, now: datetime) -> None:
    """Keep an upload and its cleaned copy in the caller's transaction."""
    file_id = uuid.uuid4()
    cleaned = None if file.cleaned is None else _secret(code, file.cleaned, f"cleaned copy of {file_id}")
    drafts.add_file(
        connection,
        id=file_id,
        draft_id=code.draft_id,
        details=_secret(code, json.dumps(asdict(file.facts)).encode(), f"details of {file_id}"),
        ciphertext=_secret(code, file.content, f"content of {file_id}"),
        cleaned=cleaned,
        size=file.facts.size,
        now=now,
    )


def contents(engine: sa.Engine, draft: Draft) -> list[SentFile]:
    """Every file of the draft in clear. Raises FilesAreMissing."""
    found = []
    with reading(engine) as connection:
        for file in draft.files:
            stored = drafts.file_content(connection, draft.code.draft_id, file.id)
            if stored is None:
                raise FilesAreMissing(file.id)
            found.append(_sent_file(draft.code, file, stored))
    return found


def _sent_file(code: Code, file: StoredFile, stored: drafts.FileContent) -> SentFile:
    cleaned = None if stored.cleaned is None else _plain(code, stored.cleaned, f"cleaned copy of {file.id}")
    content = _plain(code, stored.ciphertext, f"content of {file.id}")
    return SentFile(facts=file.facts, content=content, cleaned=cleaned)


def _file_facts(code: Code, file: drafts.DraftFile) -> FileFacts:
    return FileFacts.from_json(json.loads(_plain(code, file.details, f"details of {file.id}")))


def _secret(code: Code, plaintext: bytes, place: str) -> bytes:
    return encrypt(code.draft_key, plaintext, draft_id=code.draft_id, step=place)


def _plain(code: Code, ciphertext: bytes, place: str) -> bytes:
    return decrypt(code.draft_key, ciphertext, draft_id=code.draft_id, step=place)
