"""What is known of a file once it has been looked at."""

from dataclasses import dataclass
from enum import StrEnum

from forms_app.files.kinds import Kind


class FileFlag(StrEnum):
    """What a case worker must know before opening a file. The values are sealed with it: never change them."""

    UNCHECKED = "unchecked"
    """No parser has opened it."""
    ACTIVE = "active"
    """It could do something by itself; the cleaned copy cannot."""
    UNSCANNED = "unscanned"
    """No virus scanner has looked at it."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a parser made of a file. `cleaned` is None where the file is as good as its cleaned copy would be."""

    kind: Kind
    cleaned: bytes | None = None
    flags: frozenset[FileFlag] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that is taken: `name` with an ending that fits, and the copy that case workers open first, if any."""

    name: str
    media_type: str
    cleaned: bytes | None
    flags: frozenset[FileFlag]
