"""What was sent, read back from the store with the citizen's code: the receipt says what is stored, never what is
hoped."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from forms_app.documents.signed_receipt import SignedReceipt
from forms_app.forms.answers import Answers
from forms_app.sealing.canonical import canonical_json, moment_text
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import open_envelope, seal_to_one
from forms_app.sealing.signature import ReceiptFacts, ReceiptSigner
from forms_app.sealing.submission import Binding, BindingMismatch, FileFacts, SealedSubmission
from forms_app.storage import submissions
from forms_app.storage.engine import reading

_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A sent form as its sender may see it. `signature` is base64 over the facts, `key_id` names the key that
    made it.
    """

    binding: Binding
    answers: Answers
    files: tuple[FileFacts, ...]
    salt: str
    content_hash: str
    sealed_hash: str
    key_id: str
    signature: str

    @property
    def signed(self) -> SignedReceipt:
        """The receipt as a file of its own."""
        facts = _facts(self.binding, self.files, self.content_hash, self.key_id)
        return SignedReceipt(facts=facts, signature=self.signature, salt=self.salt, answers=self.answers)


def own_copy(
    binding: Binding,
    answers: Answers,
    files: tuple[FileFacts, ...],
    sealed: SealedSubmission,
    signer: ReceiptSigner,
    public_half: str,
) -> bytes:
    """The citizen's copy with the signed receipt, sealed so that only their code opens it."""
    facts = _facts(binding, files, sealed.content_hash, signer.key_id)
    document = {
        "format": _FORMAT,
        "submission_id": binding.submission_id,
        "reference": binding.reference,
        "accepted_at": moment_text(binding.accepted_at),
        "answers": answers,
        "files": [asdict(one) for one in files],
        "salt": sealed.salt,
        "content_hash": sealed.content_hash,
        "key_id": signer.key_id,
        "signature": signer.sign(facts),
    }
    return seal_to_one(canonical_json(document), public_half)


def find(engine: sa.Engine, code: Code) -> Receipt | None:
    """The receipt of what this code has sent; None when nothing was sent or the copy has been erased.

    Raises BindingMismatch when the copy belongs to another row.
    """
    with reading(engine) as connection:
        row = submissions.by_draft(connection, code.draft_id)
    if row is None or row.own_copy is None:
        return None
    document = json.loads(open_envelope(row.own_copy, [code.age_identity]))
    _demand_own_row(document, row)
    return Receipt(
        binding=row.binding,
        answers=document["answers"],
        files=tuple(FileFacts(**one) for one in document["files"]),
        salt=document["salt"],
        content_hash=document["content_hash"],
        sealed_hash=row.sealed_hash,
        key_id=document["key_id"],
        signature=document["signature"],
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
