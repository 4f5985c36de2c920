"""The receipt as a page: what was received and when, what happens now, and what was sent."""

from collections.abc import Iterator

from forms_app.documents.blocks import Answered, Bullets, Heading, Paragraph, PrintedBlock, Table
from forms_app.documents.pdf import to_pdf
from forms_app.documents.signed_receipt import FILE_NAME, SignedReceipt
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, format_moment, format_size, use
from forms_app.language import gettext as _
from forms_app.municipality import Deployment


def receipt_pdf(receipt: SignedReceipt, deployment: Deployment, language: Language) -> bytes:
    """The page with the signed receipt and the answers attached as JSON. Raises PdfFailed."""
    with use(language):
        return to_pdf(
            receipt_page(receipt, deployment),
            language=language,
            title=_("Receipt %(reference)s", reference=receipt.facts.reference),
            made_at=receipt.facts.accepted_at,
            attachment=receipt.to_json(),
            attachment_name=FILE_NAME,
        )


def receipt_page(receipt: SignedReceipt, deployment: Deployment) -> list[PrintedBlock]:
    """The receipt in the current language. The code is not on it: whoever sees a receipt may not read on."""
    facts = receipt.facts
    definition = FORMS[FormKey(facts.form)]
    context = context_of(deployment, facts.municipality, facts.language, facts.accepted_at, receipt.answers or {})
    return [
        Heading(say(definition.sent_title, context)),
        Answered(_("Reference"), (facts.reference,)),
        Answered(_("Received"), (format_moment(facts.accepted_at, context.rules.time_zone),)),
        Answered(_("Municipality"), (deployment.name_of(facts.municipality),)),
        Answered(_("Written in"), (facts.language.own_name,)),
        *_told_by_the_answers(definition, context, receipt),
        *_proof(receipt),
    ]


def _told_by_the_answers(
    definition: FormDefinition, context: Context, receipt: SignedReceipt
) -> Iterator[PrintedBlock]:
    if receipt.answers is not None:
        yield from _next_steps(definition, context)
        yield from answered(definition, context, receipt.answers, receipt.facts.files)


def _next_steps(definition: FormDefinition, context: Context) -> Iterator[PrintedBlock]:
    yield Heading(_("What happens now"))
    yield Bullets(tuple(text for text in (say(one, context) for one in definition.next_steps) if text))


def _proof(receipt: SignedReceipt) -> Iterator[PrintedBlock]:
    facts = receipt.facts
    yield Heading(_("Proof of what was received"))
    yield Paragraph(
        _(
            "The municipality has signed this receipt. You and the municipality can later show exactly what was "
            "received and when."
        )
    )
    yield Paragraph(
        _("The signed receipt lies inside this PDF as the file %(name)s. Keep the PDF as it is.", name=FILE_NAME)
    )
    rows = [(_("The answers"), "", _spaced(facts.content_hash))]
    rows += [(file.name, format_size(file.size), _spaced(file.sha256)) for file in facts.files]
    yield Table((_("What was sent"), _("Size"), _("Fingerprint (SHA-256)")), tuple(rows))
    yield Answered(_("Key"), (facts.key_id,))


def _spaced(digits: str) -> str:
    """In groups of eight, so that two fingerprints can be compared by eye."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
