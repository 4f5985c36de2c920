"""Binds what was sent together, so that no envelope can stand in another's place.

The answers envelope holds canonical JSON that names the submission, the answers, and every attachment by
name, size and hash; opening compares it with the row it came from. The summary envelope names the submission in the
same way: a name must not stand beside another's reference, or in another municipality's list. An attachment's envelope
holds the raw bytes of the file, known by their hash, and so does that of its cleaned copy.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from pyrage.x25519 import Identity

from forms_app.language import Language
from forms_app.sealing.attached import BindingMismatch, FileFacts, SealedFile, SentFile, open_file, seal_file
from forms_app.sealing.canonical import canonical_json, moment_text, read_moment
from forms_app.sealing.envelope import Recipients, open_envelope, seal

__all__ = [
    "Binding",
    "BindingMismatch",
    "FileFacts",
    "OpenedSubmission",
    "SealedFile",
    "SealedSubmission",
    "SentFile",
    "content_hash",
    "open_everything",
    "open_submission",
    "open_summary",
    "seal_submission",
]

_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What answers and summary belong to; the same values stand unsealed in the submission's row."""

    submission_id: str
    reference: str
    municipality: str
    form: str
    form_version: int
    language: Language
    accepted_at: datetime
    """Aware; to the microsecond."""


@dataclass(frozen=True, kw_only=True)
class SealedSubmission:
    """What is stored of a submission."""

    summary: bytes
    answers: bytes
    attachments: tuple[SealedFile, ...]
    sealed_hash: str
    """SHA-256 in hex of the answers envelope."""
    content_hash: str
    salt: str
    """32 hex digits. For the receipt and the citizen's own copy; never stored unsealed."""


@dataclass(frozen=True, kw_only=True)
class OpenedSubmission:
    """What the municipality reads, checked against the row."""

    binding: Binding
    answers: Mapping[str, Any]
    salt: str
    content_hash: str
    files: tuple[FileFacts, ...]


def content_hash(salt: str, answers: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the 16 bytes of the salt (given in hex) and the canonical JSON of the answers.

    The salt keeps anyone who sees the hash from guessing short answers.
    """
    return sha256(bytes.fromhex(salt) + canonical_json(answers)).hexdigest()


def seal_submission(
    *,
    binding: Binding,
    answers: Mapping[str, Any],
    summary: Mapping[str, Any],
    files: Sequence[SentFile],
    recipients: Recipients,
) -> SealedSubmission:
    """Seals everything of a submission. Raises `BindingMismatch` if a file is not what its facts say."""
    attachments = tuple(seal_file(file, recipients) for file in files)
    salt = secrets.token_hex(16)
    digest = content_hash(salt, answers)
    document = {
        "format": _FORMAT,
        "what": "answers",
        "binding": _binding_json(binding),
        "answers": answers,
        "salt": salt,
        "content_hash": digest,
        "files": [asdict(file.facts) for file in files],
    }
    summary_document = {
        "format": _FORMAT,
        "what": "summary",
        "binding": _binding_json(binding),
        "summary": summary,
    }
    sealed_answers = seal(canonical_json(document), recipients)
    return SealedSubmission(
        summary=seal(canonical_json(summary_document), recipients),
        answers=sealed_answers,
        attachments=attachments,
        sealed_hash=sha256(sealed_answers).hexdigest(),
        content_hash=digest,
        salt=salt,
    )


def open_submission(answers_envelope: bytes, identities: Sequence[Identity], *, expected: Binding) -> OpenedSubmission:
    """The answers, if every value of the binding is the row's. Raises `CannotOpen` and `BindingMismatch`."""
    document = _read(answers_envelope, identities, what="answers")
    try:
        opened = OpenedSubmission(
            binding=_binding(document["binding"]),
            answers=dict(document["answers"]),
            salt=document["salt"],
            content_hash=document["content_hash"],
            files=tuple(FileFacts.from_json(entry) for entry in document["files"]),
        )
        intact = content_hash(opened.salt, opened.answers) == opened.content_hash
    except (KeyError, TypeError, ValueError):
        raise BindingMismatch("not the answers of a submission") from None
    _demand_same(opened.binding, expected)
    if not intact:
        raise BindingMismatch(f"{expected.submission_id}: content_hash")
    return opened


def open_summary(summary_envelope: bytes, identities: Sequence[Identity], *, expected: Binding) -> Mapping[str, Any]:
    """The summary, if every value of the binding is the row's. Raises `CannotOpen` and `BindingMismatch`."""
    document = _read(summary_envelope, identities, what="summary")
    try:
        binding, summary = _binding(document["binding"]), dict(document["summary"])
    except (KeyError, TypeError, ValueError):
        raise BindingMismatch("not the summary of a submission") from None
    _demand_same(binding, expected)
    return summary


def open_everything(
    answers_envelope: bytes,
    attachments: Sequence[SealedFile],
    identities: Sequence[Identity],
    *,
    expected: Binding,
) -> tuple[OpenedSubmission, list[SentFile]]:
    """The answers and every file, all of it checked. Raises `CannotOpen` and `BindingMismatch`."""
    opened = open_submission(answers_envelope, identities, expected=expected)
    if len(attachments) != len(opened.files):
        raise BindingMismatch(f"{expected.submission_id}: {len(opened.files)} files were sent")
    return opened, [
        open_file(sealed, identities, expected=facts) for sealed, facts in zip(attachments, opened.files, strict=True)
    ]


def _read(envelope: bytes, identities: Sequence[Identity], *, what: str) -> dict[str, Any]:
    """The JSON of an envelope that says itself to be `what`."""
    try:
        document = json.loads(open_envelope(envelope, identities))
    except (ValueError, RecursionError):
        raise BindingMismatch(f"not JSON, but should be {what}") from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT or document.get("what") != what:
        raise BindingMismatch(f"not {what} in format {_FORMAT}")
    return document


def _demand_same(found: Binding, expected: Binding) -> None:
    different = [field.name for field in fields(Binding) if getattr(found, field.name) != getattr(expected, field.name)]
    if different:
        raise BindingMismatch(f"{expected.submission_id}: {', '.join(different)}")


def _binding_json(binding: Binding) -> dict[str, Any]:
    return {**asdict(binding), "accepted_at": moment_text(binding.accepted_at)}


def _binding(entry: Mapping[str, Any]) -> Binding:
    typed = {"language": Language(entry["language"]), "accepted_at": read_moment(entry["accepted_at"])}
    return Binding(**{**entry, **typed})
