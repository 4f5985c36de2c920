"""What is handed to a channel: named files, and a manifest to check them by and to know a repeat."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from forms_app.documents.filenames import numbered_name
from forms_app.sealing.attached import SealedFile, SentFile

FORM = "form"
MANIFEST = "manifest.json"
ATTACHMENTS = "attachments"
CLEANED = "cleaned"
"""The copies to open first, each under the name of its attachment."""


@dataclass(frozen=True, kw_only=True)
class ParcelFile:
    """One file; `name` is its path inside the parcel, `original_name` the citizen's word for it.

    `copy_of` is the path of the attachment that this is the cleaned copy of.
    """

    name: str
    content: bytes
    original_name: str | None = None
    copy_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Label:
    """The facts that stand on every parcel; `key` is the delivery's and the same at every repeat.

    `kind` is FORM or that of what was sent later; then `follows` is the reference of what was sent first. `title` is
    what the municipality calls it, and `due_on` the next date the law gives.
    """

    key: str
    submission_id: uuid.UUID
    reference: str
    municipality: str
    form: str
    form_version: int
    language: str
    accepted_at: datetime
    kind: str = FORM
    follows: str | None = None
    title: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A label and its files, the same for every kind of channel."""

    label: Label
    is_sealed: bool
    files: tuple[ParcelFile, ...]

    def manifest(self) -> bytes:
        """The label and every file's name, size in bytes and SHA-256 as JSON; the same for equal parcels."""
        return self._manifest

    @cached_property
    def _manifest(self) -> bytes:
        """Every byte of every file is hashed, so once is enough."""
        return json.dumps(self._described(), ensure_ascii=False, indent=2).encode() + b"\n"

    @property
    def manifest_sha256(self) -> str:
        """In hex: what a receiver acknowledges."""
        return hashlib.sha256(self.manifest()).hexdigest()

    def _described(self) -> dict[str, Any]:
        return {
            "delivery_key": self.label.key,
            "submission_id": str(self.label.submission_id),
            "reference": self.label.reference,
            "kind": self.label.kind,
            "follows": self.label.follows,
            "municipality": self.label.municipality,
            "form": self.label.form,
            "form_version": self.label.form_version,
            "language": self.label.language,
            "accepted_at": self.label.accepted_at.isoformat(),
            "sealed": self.is_sealed,
            "files": [_line(file) for file in self.files],
        }


def sealed_parcel(label: Label, *, answers: bytes, attachments: Iterable[SealedFile]) -> Parcel:
    """The envelopes as they are stored, attachments in order; nothing tells what the files were called."""
    files = [ParcelFile(name="answers.age", content=answers)]
    for position, sealed in enumerate(attachments, start=1):
        original = ParcelFile(name=f"{ATTACHMENTS}/{position:02}.age", content=sealed.original)
        files += [original, *_copy(original, sealed.cleaned)]
    return Parcel(label=label, is_sealed=True, files=tuple(files))


def opened_parcel(
    label: Label, *, answers: bytes, summary: str, attachments: Iterable[SentFile], pdf: bytes | None = None
) -> Parcel:
    """The opened answers as JSON, a page to read as HTML and PDF/A, and each attachment as it was sent."""
    files = [
        ParcelFile(name="answers.json", content=answers),
        ParcelFile(name="summary.html", content=summary.encode()),
        *([] if pdf is None else [ParcelFile(name="summary.pdf", content=pdf)]),
    ]
    for position, sent in enumerate(attachments, start=1):
        name = f"{ATTACHMENTS}/{numbered_name(position, sent.facts.name)}"
        original = ParcelFile(name=name, content=sent.content, original_name=sent.facts.name)
        files += [original, *_copy(original, sent.cleaned)]
    return Parcel(label=label, is_sealed=False, files=tuple(files))


def _copy(original: ParcelFile, cleaned: bytes | None) -> list[ParcelFile]:
    name = original.name.replace(ATTACHMENTS, CLEANED, 1)
    return [] if cleaned is None else [ParcelFile(name=name, content=cleaned, copy_of=original.name)]


def _line(file: ParcelFile) -> dict[str, Any]:
    described = {
        "name": file.name,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "original_name": file.original_name,
        "copy_of": file.copy_of,
    }
    return {key: value for key, value in described.items() if value is not None}
