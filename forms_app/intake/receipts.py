"""What was sent, read back from the store with the citizen's code: the receipt says what is stored, never what is
hoped.

The citizen has two envelopes: the receipt, which stays, and the own copy, which is the same with the answers in it and
goes when they delete it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from forms_app.documents.signed_receipt import SignedReceipt
from forms_app.forms.answers import Answers
from forms_app.sealing.canonical import canonical_json, moment_text
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import open_envelope, seal_to_one
from forms_app.sealing.signature import ReceiptFacts, ReceiptSigner
from forms_app.sealing.submission import Binding, BindingMismatch, FileFacts, SealedSubmission, SentFile
from forms_app.storage import deliveries, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import DeliveryStatus

_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A sent form as its sender may see it. `signature` is base64 over the facts, `key_id` names the key that
    made it. Without an own copy there are neither answers nor salt.
    """

    binding: Binding
    answers: Answers | None
    files: tuple[FileFacts, ...]
    salt: str | None
    content_hash: str
    sealed_hash: str
    key_id: str
    signature: str
    mail: DeliveryStatus | None
    """Where the confirmation by mail stands; None where none is sent."""

    @property
    def signed(self) -> SignedReceipt:
        """The receipt as a file of its own."""
        facts = _facts(self.binding, self.files, self.content_hash, self.key_id)
        return SignedReceipt(facts=facts, signature=self.signature, salt=self.salt, answers=self.answers)


@dataclass(frozen=True, kw_only=True)
class OwnCopy:
    """What the sender keeps, sealed so that only their code opens it; `copy` is None where none is kept."""

    receipt: bytes
    copy: bytes | None = None
    files: tuple[bytes, ...] = ()


def own_copy(
    binding: Binding,
    answers: Answers,
    files: Sequence[SentFile],
    sealed: SealedSubmission,
    signer: ReceiptSigner,
    *,
    public_half: str,
    is_kept: bool,
) -> OwnCopy:
    """The signed receipt, and a copy of all that was sent if it `is_kept`."""
    facts = _facts(binding, tuple(file.facts for file in files), sealed.content_hash, signer.key_id)
    receipt = {
        "format": _FORMAT,
        "submission_id": binding.submission_id,
        "reference": binding.reference,
        "accepted_at": moment_text(binding.accepted_at),
        "files": [file.facts.as_sent for file in files],
        "content_hash": sealed.content_hash,
        "key_id": signer.key_id,
        "signature": signer.sign(facts),
    }
    envelope = seal_to_one(canonical_json(receipt), public_half)
    if not is_kept:
        return OwnCopy(receipt=envelope)
    whole = {**receipt, "answers": answers, "salt": sealed.salt}
    return OwnCopy(
        receipt=envelope,
        copy=seal_to_one(canonical_json(whole), public_half),
        files=tuple(seal_to_one(file.content, public_half) for file in files),
    )


def is_sent(engine: sa.Engine, code: Code) -> bool:
    """Whether anything was sent with this code, even if nothing is left of it to show."""
    with reading(engine) as connection:
        return submissions.by_draft(connection, code.draft_id) is not None


def find(engine: sa.Engine, code: Code) -> Receipt | None:
    """The receipt of what this code has sent; None when nothing was sent, or nothing is left of it.

    Raises BindingMismatch when it belongs to another row.
    """
    with reading(engine) as connection:
        row = submissions.by_draft(connection, code.draft_id)
        mail = deliveries.state_of(connection, row.id, deliveries.CONFIRMATION_MAIL) if row else None
    return read(row, code, mail=mail) if row else None


def read(row: submissions.Submission, code: Code, *, mail: DeliveryStatus | None = None) -> Receipt | None:
    """The receipt of this row, with the answers where the sender still has them. Raises as `find`."""
    envelope = row.own_copy or row.own_receipt
    if envelope is None:
        return None
    document = json.loads(open_envelope(envelope, [code.age_identity]))
    _demand_own_row(document, row)
    return Receipt(
        binding=row.binding,
        answers=document.get("answers"),
        files=tuple(FileFacts(**one) for one in document["files"]),
        salt=document.get("salt"),
        content_hash=document["content_hash"],
        sealed_hash=row.sealed_hash,
        key_id=document["key_id"],
        signature=document["signature"],
        mail=mail,
    )


def _facts(binding: Binding, files: tuple[FileFacts, ...], content_hash: str, key_id: str) -> ReceiptFacts:
    return ReceiptFacts(
        key_id=key_id,
        reference=binding.reference,
        municipality=binding.municipality,
        form=binding.form,
        form_version=binding.form_version,
        language=binding.language,
        accepted_at=binding.accepted_at,
        files=files,
        content_hash=content_hash,
    )


def _demand_own_row(document: Mapping[str, Any], row: submissions.Submission) -> None:
    stored = (str(row.id), row.reference, moment_text(row.accepted_at))
    if (document["submission_id"], document["reference"], document["accepted_at"]) != stored:
        raise BindingMismatch(f"{row.id}: own copy")
