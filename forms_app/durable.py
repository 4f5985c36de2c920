"""What is still there after the power was cut: a content that was synced, and a name whose folder was."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return when the content of a file, or the names in a folder, are on disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, text: str) -> None:
    """Give a file this text; whenever the power is cut, it has the old one or the new one. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, "utf-8")
    sync(new)
    new.replace(path)
    sync(path.parent)
