"""Binds what was sent together, so that no envelope can stand in another's place.

The answers envelope holds canonical JSON that names the submission, the answers, and every attachment by
name, size and hash; opening compares it with the row it came from. The summary envelope names the
submission id. An attachment's envelope holds the raw bytes of the file, known by their hash.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from pyrage.x25519 import Identity

from forms_app.errors import PortalError
from forms_app.language import Language
from forms_app.sealing.canonical import canonical_json, moment_text, read_moment
from forms_app.sealing.envelope import Recipients, open_envelope, seal

_FORMAT = 1


class BindingMismatch(PortalError):
    """An envelope does not belong to the row it was found in, or a file is not the one that was sent."""


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

    @classmethod
    def of(cls, content: bytes, *, name: str, kind: str) -> Self:
        """The facts of this content."""
        return cls(name=name, size=len(content), sha256=sha256(content).hexdigest(), kind=kind)

    def fits(self, content: bytes) -> bool:
        """Whether this is the file, by size and hash."""
        return len(content) == self.size and sha256(content).hexdigest() == self.sha256


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What the answers belong to; the same values stand unsealed in the submission's row."""

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
    attachments: tuple[bytes, ...]
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
    files: Sequence[tuple[FileFacts, bytes]],
    recipients: Recipients,
) -> SealedSubmission:
    """Seals everything of a submission. Raises `BindingMismatch` if a file is not what its facts say."""
    for facts, content in files:
        _demand_file(facts, content)
    salt = secrets.token_hex(16)
    digest = content_hash(salt, answers)
    document = {
        "format": _FORMAT,
        "what": "answers",
        "binding": _binding_json(binding),
        "answers": answers,
        "salt": salt,
        "content_hash": digest,
        "files": [asdict(facts) for facts, unused_content in files],
    }
    summary_document = {
        "format": _FORMAT,
        "what": "summary",
        "submission_id": binding.submission_id,
        "summary": summary,
    }
    sealed_answers = seal(canonical_json(document), recipients)
    return SealedSubmission(
        summary=seal(canonical_json(summary_document), recipients),
        answers=sealed_answers,
        attachments=tuple(seal(content, recipients) for unused_facts, content in files),
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
            files=tuple(_file_facts(entry) for entry in document["files"]),
        )
        intact = content_hash(opened.salt, opened.answers) == opened.content_hash
    except (KeyError, TypeError, ValueError):
        raise BindingMismatch("not the answers of a submission") from None
    different = [
        field.name for field in fields(Binding) if getattr(opened.binding, field.name) != getattr(expected, field.name)
    ]
    if different:
        raise BindingMismatch(f"{expected.submission_id}: {', '.join(different)}")
    if not intact:
        raise BindingMismatch(f"{expected.submission_id}: content_hash")
    return opened


def open_summary(summary_envelope: bytes, identities: Sequence[Identity], *, submission_id: str) -> Mapping[str, Any]:
    """The summary, if it is this submission's. Raises `CannotOpen` and `BindingMismatch`."""
    document = _read(summary_envelope, identities, what="summary")
    summary = document.get("summary")
    if document.get("submission_id") != submission_id or not isinstance(summary, dict):
        raise BindingMismatch(f"{submission_id}: summary")
    return summary


def open_attachment(envelope: bytes, identities: Sequence[Identity], *, expected: FileFacts) -> bytes:
    """The file, if it is the one named in the answers. Raises `CannotOpen` and `BindingMismatch`."""
    content = open_envelope(envelope, identities)
    _demand_file(expected, content)
    return content


def open_everything(
    answers_envelope: bytes,
    attachment_envelopes: Sequence[bytes],
    identities: Sequence[Identity],
    *,
    expected: Binding,
) -> tuple[OpenedSubmission, list[tuple[FileFacts, bytes]]]:
    """The answers and every file, all of it checked. Raises `CannotOpen` and `BindingMismatch`."""
    opened = open_submission(answers_envelope, identities, expected=expected)
    if len(attachment_envelopes) != len(opened.files):
        raise BindingMismatch(f"{expected.submission_id}: {len(opened.files)} files were sent")
    contents = [
        (facts, open_attachment(envelope, identities, expected=facts))
        for facts, envelope in zip(opened.files, attachment_envelopes, strict=True)
    ]
    return opened, contents


def _demand_file(facts: FileFacts, content: bytes) -> None:
    # File names are the citizen's words and stay out of messages.
    if not facts.fits(content):
        raise BindingMismatch(f"a file of {facts.size} bytes")


def _read(envelope: bytes, identities: Sequence[Identity], *, what: str) -> dict[str, Any]:
    """The JSON of an envelope that says itself to be `what`."""
    try:
        document = json.loads(open_envelope(envelope, identities))
    except (ValueError, RecursionError):
        raise BindingMismatch(f"not JSON, but should be {what}") from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT or document.get("what") != what:
        raise BindingMismatch(f"not {what} in format {_FORMAT}")
    return document


def _binding_json(binding: Binding) -> dict[str, Any]:
    return {**asdict(binding), "accepted_at": moment_text(binding.accepted_at)}


def _binding(entry: Mapping[str, Any]) -> Binding:
    typed = {"language": Language(entry["language"]), "accepted_at": read_moment(entry["accepted_at"])}
    return Binding(**{**entry, **typed})


def _file_facts(entry: Mapping[str, Any]) -> FileFacts:
    """Raises `TypeError`: whoever knows the public keys can seal an envelope with anything in it."""
    facts = FileFacts(**entry)
    if not isinstance(facts.size, int) or not all(
        isinstance(text, str) for text in (facts.name, facts.sha256, facts.kind)
    ):
        raise TypeError
    return facts
