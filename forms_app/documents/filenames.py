"""Turns a citizen's file name into one that is harmless on every system and still recognisable."""

import re
import unicodedata

MAX_BYTES = 120
"""The longest name in UTF-8, well inside what file systems, archives and mail gateways take."""

_MAX_EXTENSION_BYTES = 16
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
_NAMELESS = "file"


def safe_name(original: str, *, max_bytes: int = MAX_BYTES) -> str:
    """The last part of `original`, in NFC, with nothing a file system or shell takes as more than a name.

    Never empty, never longer than `max_bytes` of UTF-8, and the same when applied again.
    """
    parts = [part for part in _SEPARATORS.split(original) if _trimmed(part)]
    # One byte is kept for the mark before a device's name, which cutting can bring about.
    name = _shortened(_trimmed(parts[-1]), max_bytes - 1) if parts else _NAMELESS
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def numbered_name(position: int, original: str) -> str:
    """The safe name behind its position ("03-letter.pdf"): two files of one name stay two files."""
    prefix = f"{position:02}-"
    return prefix + safe_name(original, max_bytes=MAX_BYTES - len(prefix))


def _trimmed(part: str) -> str:
    spaced = "".join(" " if c.isspace() else c for c in part)
    # Category C: controls, marks that turn the writing direction, half, private and unassigned characters.
    visible = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    harmless = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible))
    return " ".join(harmless.split()).strip(". ")


def _shortened(name: str, max_bytes: int) -> str:
    if len(name.encode()) <= max_bytes:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _MAX_EXTENSION_BYTES:
        stem, dot, extension = name, "", ""
    room = max_bytes - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + extension
