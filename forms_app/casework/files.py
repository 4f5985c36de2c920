"""Attachments in clear on a case worker's own disk."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from forms_app.documents.filenames import numbered_name
from forms_app.errors import PortalError
from forms_app.sealing.attached import SentFile


class NotWritten(PortalError):
    """An attachment was not written: the folder cannot be used, or a file of that name is there and was left alone."""


CLEANED = "cleaned"
"""The folder of the copies to open first, each under the name of its file."""


def write_files(folder: Path, files: Iterable[SentFile]) -> list[Path]:
    """Write each file under its number and harmless name, for this user only, and say where. Raises NotWritten.

    Where a file has a cleaned copy, the copy is told before it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [_written(path, content) for path, content in _places(folder, files)]
    except OSError as error:
        raise NotWritten(f"{error.filename or folder}: {error.strerror}") from error


def _places(folder: Path, files: Iterable[SentFile]) -> Iterator[tuple[Path, bytes]]:
    for position, file in enumerate(files, start=1):
        name = numbered_name(position, file.facts.name)
        if file.cleaned is not None:
            yield folder / CLEANED / name, file.cleaned
        yield folder / name, file.content


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path
