"""A file that was sent and its cleaned copy, each in an envelope of its own, both known by their hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from pyrage.x25519 import Identity

from forms_app.errors import PortalError
from forms_app.sealing.envelope import Recipients, open_envelope, seal


class BindingMismatch(PortalError):
    """An envelope does not belong to the row it was found in, or a file is not the one that was sent."""


@dataclass(frozen=True, kw_only=True)
class CopyFacts:
    """What is known of a cleaned copy without opening it."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The facts of this content."""
        return cls(size=len(content), sha256=sha256(content).hexdigest())


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What is known of a file without opening it."""

    name: str
    size: int
    """In bytes."""
    sha256: str
    """Lower-case hex."""
    kind: str
    """Media type, such as "application/pdf"."""
    flags: tuple[str, ...] = ()
    """What a case worker must know before opening it, such as "unchecked"; in order of the alphabet."""
    cleaned: CopyFacts | None = None
    """The copy to open first; None where the file itself is as good."""

    @classmethod
    def of(
        cls, content: bytes, *, name: str, kind: str, flags: tuple[str, ...] = (), cleaned: bytes | None = None
    ) -> Self:
        """The facts of this content and its cleaned copy."""
        facts = CopyFacts.of(content)
        copy = None if cleaned is None else CopyFacts.of(cleaned)
        return cls(name=name, size=facts.size, sha256=facts.sha256, kind=kind, flags=flags, cleaned=copy)

    @classmethod
    def from_json(cls, entry: Any) -> Self:
        """The facts that `asdict` made JSON of. Raises `TypeError`: anyone can seal an envelope with anything in it."""
        copy, flags = (entry.get(key) for key in ("cleaned", "flags")) if isinstance(entry, dict) else (None, None)
        facts = cls(**{**entry, "flags": tuple(flags or ()), "cleaned": copy and CopyFacts(**copy)})
        sums = [one for one in (facts, facts.cleaned) if one]
        texts = [facts.name, facts.kind, *facts.flags, *(one.sha256 for one in sums)]
        if not all(isinstance(text, str) for text in texts) or not all(isinstance(one.size, int) for one in sums):
            raise TypeError
        return facts

    @property
    def as_sent(self) -> dict[str, str | int]:
        """The file as its sender knows it, and as the receipt is signed: nothing of what was found out about it."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256, "kind": self.kind}

    def fits(self, content: bytes) -> bool:
        """Whether this is the file, by size and hash."""
        return CopyFacts.of(content) == CopyFacts(size=self.size, sha256=self.sha256)


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file in clear: `content` is what was sent, byte by byte, `cleaned` the copy to open first, if any."""

    facts: FileFacts
    content: bytes
    cleaned: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class SealedFile:
    """The envelopes of a file and of its cleaned copy."""

    original: bytes
    cleaned: bytes | None = None


def seal_file(file: SentFile, recipients: Recipients) -> SealedFile:
    """Raises `BindingMismatch` if the file or the copy is not what its facts say."""
    _demand(file)
    cleaned = None if file.cleaned is None else seal(file.cleaned, recipients)
    return SealedFile(original=seal(file.content, recipients), cleaned=cleaned)


def open_file(sealed: SealedFile, identities: Sequence[Identity], *, expected: FileFacts) -> SentFile:
    """The file, if it and its copy are those named in the answers. Raises `CannotOpen` and `BindingMismatch`."""
    cleaned = None if sealed.cleaned is None else open_envelope(sealed.cleaned, identities)
    file = SentFile(facts=expected, content=open_envelope(sealed.original, identities), cleaned=cleaned)
    _demand(file)
    return file


def _demand(file: SentFile) -> None:
    # File names are the citizen's words and stay out of messages.
    if not file.facts.fits(file.content):
        raise BindingMismatch(f"a file of {file.facts.size} bytes")
    copy = None if file.cleaned is None else CopyFacts.of(file.cleaned)
    if copy != file.facts.cleaned:
        raise BindingMismatch(f"the cleaned copy of a file of {file.facts.size} bytes")
