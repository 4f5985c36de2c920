"""A receipt as the portal signs it, for a form that is filled in."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sample_answers import NOW, filled

from forms_app.countries import Country
from forms_app.documents.signed_receipt import SignedReceipt
from forms_app.forms.definition import FormKey
from forms_app.language import Language, use
from forms_app.sealing.signature import ReceiptFacts, ReceiptSigner
from forms_app.sealing.submission import FileFacts, content_hash

SIGNER = ReceiptSigner(Ed25519PrivateKey.from_private_bytes(b"1" * 32))
STRANGER = ReceiptSigner(Ed25519PrivateKey.from_private_bytes(b"2" * 32))
FILES = (
    FileFacts.of(b"letter", name="Vedtak frå <kommunen>.pdf", kind="application/pdf"),
    FileFacts.of(b"photo", name="王.jpg", kind="image/jpeg"),
)
_SALT = "ab" * 16


def signed_receipt(
    form: FormKey = FormKey.APPLICATION,
    country: Country = Country.NORWAY,
    language: Language = Language.NB,
    signer: ReceiptSigner = SIGNER,
) -> SignedReceipt:
    """Everything is answered; two files came along."""
    with use(language):
        walked = filled(form, country, role="child")
    facts = ReceiptFacts(
        key_id=signer.key_id,
        reference="K7M2-9QXA",
        municipality=str(walked.context.answers["municipality"]),
        form=form,
        form_version=walked.definition.version,
        language=language,
        accepted_at=NOW,
        files=FILES,
        content_hash=content_hash(_SALT, walked.answers),
    )
    return SignedReceipt(facts=facts, signature=signer.sign(facts), salt=_SALT, answers=walked.answers)
