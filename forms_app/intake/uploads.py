"""Files that citizens add: taken whole and unchanged, or refused with the reason."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.intake.drafts import add_file, demand_unsent
from forms_app.sealing.codes import Code
from forms_app.sealing.submission import FileFacts
from forms_app.storage import drafts

MOST_FILES = 10
MOST_BYTES_EACH = 25_000_000
MOST_BYTES_IN_ALL = 60_000_000


class UploadRefused(PortalError):
    """A file was not taken; nothing else of the draft changed."""


class EmptyFile(UploadRefused):
    """A file has no content."""


class FileTooLarge(UploadRefused):
    """A file is larger than MOST_BYTES_EACH."""


class TooManyFiles(UploadRefused):
    """The draft has MOST_FILES files already."""


class TooMuchInAll(UploadRefused):
    """The files of the draft would together be larger than MOST_BYTES_IN_ALL."""


class UnknownKind(UploadRefused):
    """A file is none of the kinds that case workers can open."""


@dataclass(frozen=True)
class _Kind:
    media_type: str
    begins_with: re.Pattern[bytes]


_ZIP = rb"PK\x03\x04"
_KINDS = {
    ".pdf": _Kind("application/pdf", re.compile(rb"%PDF-")),
    ".jpg": _Kind("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ".jpeg": _Kind("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ".png": _Kind("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ".heic": _Kind("image/heic", re.compile(rb".{4}ftyp(heic|heix|hevc|mif1|msf1)", re.DOTALL)),
    ".docx": _Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", re.compile(_ZIP)),
    ".odt": _Kind("application/vnd.oasis.opendocument.text", re.compile(_ZIP)),
    ".txt": _Kind("text/plain", re.compile(rb"[^\x00]")),
}
"""File name ending to media type and the bytes such a file begins with: a renamed program is neither."""


def keep(engine: sa.Engine, code: Code, *, name: str, content: bytes, now: datetime) -> None:
    """Encrypt and store a file. Raises a kind of UploadRefused, UnknownDraft, or AlreadySubmitted."""
    facts = _facts(name, content)
    with engine.begin() as connection:
        demand_unsent(connection, code)
        present = drafts.files(connection, code.draft_id)
        if len(present) >= MOST_FILES:
            raise TooManyFiles
        if sum(file.size for file in present) + facts.size > MOST_BYTES_IN_ALL:
            raise TooMuchInAll
        add_file(connection, code, facts, content, now)


def remove(engine: sa.Engine, code: Code, file_id: uuid.UUID) -> None:
    """Take a file out of the draft; one that is gone already is no fault."""
    with engine.begin() as connection:
        drafts.remove_file(connection, code.draft_id, file_id)


def _facts(name: str, content: bytes) -> FileFacts:
    if not content:
        raise EmptyFile
    if len(content) > MOST_BYTES_EACH:
        raise FileTooLarge
    name = _last_part(name)
    ending = f".{name.rpartition('.')[2].lower()}"
    kind = _KINDS.get(ending)
    if kind is None or not kind.begins_with.match(content):
        raise UnknownKind
    return FileFacts.of(content, name=name, kind=kind.media_type)


def _last_part(name: str) -> str:
    """Some browsers send a whole path; what a folder was called is nobody's business."""
    printable = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one)[0] != "C")
    return re.split(r"[\\/]", printable)[-1].strip()[-200:] or "?"
