"""Writes a secret to a file once: readable by its owner only, never over another file. A ring of keys can grow."""

import errno
import os
from pathlib import Path

from forms_app.durable import sync
from forms_app.errors import PortalError


class KeyFileExists(PortalError):
    """A key would have been written over an existing file; nothing was changed."""


class KeyFileUnreadable(PortalError):
    """A key file is missing, may not be read, or holds no key of the expected kind."""


def write_secret(path: Path, text: str) -> None:
    """Creates `path` with mode 0600 and waits until it is on disk.

    Raises `KeyFileExists`, or OSError and leaves nothing.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileExists(str(path)) from None
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        sync(path.parent)
    except OSError:
        path.unlink()
        raise


def read_secret(path: Path) -> str:
    """The text of a key file. Raises `KeyFileUnreadable`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileUnreadable(f"{path}: {type(error).__name__}") from None


def append_secret(path: Path, text: str) -> None:
    """Adds lines to a file, which keeps its owner and mode, and waits until they are on disk. Raises OSError.

    What fits only in part is taken back: half a key would make the whole ring unreadable.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    try:
        size = os.fstat(descriptor).st_size
        starts_a_line = size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
        whole = (text if starts_a_line else f"\n{text}").encode("ascii")
        if os.write(descriptor, whole) != len(whole):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
