"""Attachments in clear on a case worker's own disk."""

import os
from collections.abc import Iterable
from pathlib import Path

from forms_app.documents.filenames import numbered_name
from forms_app.errors import PortalError
from forms_app.sealing.submission import FileFacts


class NotWritten(PortalError):
    """An attachment was not written: the folder cannot be used, or a file of that name is there and was left alone."""


def write_files(folder: Path, contents: Iterable[tuple[FileFacts, bytes]]) -> list[Path]:
    """Write each file under its number and harmless name, for this user only, and say where. Raises NotWritten."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [
            _written(folder / numbered_name(position, facts.name), content)
            for position, (facts, content) in enumerate(contents, start=1)
        ]
    except OSError as error:
        raise NotWritten(f"{error.filename or folder}: {error.strerror}") from error


def _written(path: Path, content: bytes) -> Path:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path
