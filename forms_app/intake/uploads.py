"""Files that citizens add: taken whole and unchanged with what was found out about them, or refused with the reason."""

import re
import unicodedata
import uuid
from datetime import datetime

import sqlalchemy as sa

from forms_app.files.apart import inspect_apart
from forms_app.files.facts import FileFlag
from forms_app.files.refusals import EmptyFile, HasVirus, UploadRefused
from forms_app.files.virus import Verdict, VirusScanner
from forms_app.intake.drafts import add_file, demand_unsent
from forms_app.sealing.attached import FileFacts, SentFile
from forms_app.sealing.codes import Code
from forms_app.storage import drafts
from forms_app.storage.engine import reading

MOST_FILES = 10
MOST_BYTES_EACH = 25_000_000
MOST_BYTES_IN_ALL = 60_000_000
"""Of what was sent; cleaned copies are ours to make room for."""


class FileTooLarge(UploadRefused):
    """A file is larger than MOST_BYTES_EACH."""


class TooManyFiles(UploadRefused):
    """The draft has MOST_FILES files already."""


class TooMuchInAll(UploadRefused):
    """The files of the draft would together be larger than MOST_BYTES_IN_ALL."""


def keep(
    engine: sa.Engine, code: Code, *, name: str, content: bytes, now: datetime, scanner: VirusScanner | None = None
) -> None:
    """Look into a file, encrypt it, and store it. Raises a kind of UploadRefused, UnknownDraft, or AlreadySubmitted."""
    if not content:
        raise EmptyFile
    if len(content) > MOST_BYTES_EACH:
        raise FileTooLarge
    with reading(engine) as connection:
        _demand_room(connection, code, len(content))
    # Between the two questions lies what takes time, and must not keep others from writing.
    file = _looked_at(_last_part(name), content, scanner)
    with engine.begin() as connection:
        drafts.hold(connection, code.draft_id)
        _demand_room(connection, code, len(content))
        add_file(connection, code, file, now)


def remove(engine: sa.Engine, code: Code, file_id: uuid.UUID) -> None:
    """Take a file out of the draft; one that is gone already is no fault."""
    with engine.begin() as connection:
        drafts.hold(connection, code.draft_id)
        drafts.remove_file(connection, code.draft_id, file_id)


def _demand_room(connection: sa.Connection, code: Code, size: int) -> None:
    demand_unsent(connection, code)
    present = drafts.files(connection, code.draft_id)
    if len(present) >= MOST_FILES:
        raise TooManyFiles
    if sum(file.size for file in present) + size > MOST_BYTES_IN_ALL:
        raise TooMuchInAll


def _looked_at(name: str, content: bytes, scanner: VirusScanner | None) -> SentFile:
    found = inspect_apart(name, content)
    flags = found.flags | _scanned(content, scanner)
    facts = FileFacts.of(
        content, name=found.name, kind=found.media_type, flags=tuple(sorted(flags)), cleaned=found.cleaned
    )
    return SentFile(facts=facts, content=content, cleaned=found.cleaned)


def _scanned(content: bytes, scanner: VirusScanner | None) -> frozenset[FileFlag]:
    verdict = scanner.scan(content).verdict if scanner else Verdict.UNSCANNED
    if verdict is Verdict.FOUND:
        raise HasVirus
    return frozenset({FileFlag.UNSCANNED} if verdict is Verdict.UNSCANNED else ())


def _last_part(name: str) -> str:
    """Some browsers send a whole path; what a folder was called is nobody's business."""
    printable = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one)[0] != "C")
    return re.split(r"[\\/]", printable)[-1].strip()[-200:] or "?"
