"""Internal notes of a case. Each is sealed to the municipality and names its case, what was sent, author and time, so
that none can stand in another's place.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.sealing.canonical import canonical_json, moment_text
from forms_app.sealing.envelope import CannotOpen, Recipients, open_envelope, seal
from forms_app.storage import audit, case_notes
from forms_app.storage.case_notes import StoredNote
from forms_app.storage.cases import Case
from forms_app.storage.engine import reading

LONGEST = 10_000
_FORMAT = 1


class EmptyNote(PortalError):
    """A note without a word was to be kept."""


class NoteTooLong(PortalError):
    """A note is longer than anybody reads; what it holds belongs in a file."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note in clear; `text` is None where it cannot be opened or belongs elsewhere."""

    at: datetime
    author: str
    text: str | None


def add(engine: sa.Engine, clock: Clock, recipients: Recipients, case: Case, text: str, *, actor: str) -> None:
    """Keep what `actor` wrote. Raises EmptyNote and NoteTooLong."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise EmptyNote
    if len(text) > LONGEST:
        raise NoteTooLong
    now = clock()
    sealed = seal(canonical_json({**_binding(case, actor, now), "text": text}), recipients)
    with engine.begin() as connection:
        case_notes.insert(connection, case.id, at=now, author=actor, sealed=sealed)
        audit.record(connection, at=now, actor=actor, action="wrote a note", subject=str(case.submission_id))


def read(engine: sa.Engine, identities: Sequence[Identity], case: Case) -> list[Note]:
    """Every note of a case whose opening has been written down, the oldest first, without those that are erased."""
    with reading(engine) as connection:
        stored = case_notes.of(connection, case.id)
    return [
        Note(at=one.at, author=one.author, text=_text(one, one.sealed, identities, case))
        for one in stored
        if one.sealed is not None
    ]


def _text(note: StoredNote, sealed: bytes, identities: Sequence[Identity], case: Case) -> str | None:
    try:
        document = json.loads(open_envelope(sealed, identities))
    except (CannotOpen, ValueError, RecursionError):
        return None
    binding = _binding(case, note.author, note.at)
    is_this = isinstance(document, dict) and {name: document.get(name) for name in binding} == binding
    text = document.get("text") if is_this else None
    return text if isinstance(text, str) else None


def _binding(case: Case, author: str, at: datetime) -> dict[str, str | int]:
    return {
        "format": _FORMAT,
        "what": "note",
        "case_id": str(case.id),
        "submission_id": str(case.submission_id),
        "author": author,
        "at": moment_text(at),
    }
