"""The receipt: what is stored of what was sent, as a page and as a PDF."""

from flask import Response, g, make_response

from forms_app.documents.blocks import sections
from forms_app.documents.pdf import PdfFailed
from forms_app.documents.receipt import receipt_pdf
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.intake import invitations
from forms_app.intake.follow_ups import invitation_of
from forms_app.sealing.codes import Code
from forms_app.web.addresses import CODE, FORGET, INVITATION, RECEIPT, RECEIPT_PDF, STATUS, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import last_sent, note, page, to_start
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


def view(definition: FormDefinition, *, pdf_failed: bool = False) -> Response:
    """Read back from the store; the journal knows of it before it is shown."""
    found = last_sent(definition)
    if found is None:
        return to_start(definition)
    note(found.receipt)
    deployment = portal().deployment
    binding, answers, files = found.receipt.binding, found.receipt.answers, found.receipt.files
    context = context_of(deployment, binding.municipality, binding.language, binding.accepted_at, answers or {})
    response = page(
        "receipt.html",
        in_all_languages(definition, RECEIPT),
        title=say(definition.sent_title, context),
        status=503 if pdf_failed else 200,
        pdf_failed=pdf_failed,
        definition=definition,
        context=context,
        municipality=deployment.name_of(binding.municipality),
        receipt=found.receipt,
        code=found.code.shown,
        code_url=address(definition, CODE, g.language),
        pdf_url=address(definition, RECEIPT_PDF, g.language),
        status_url=address(definition, STATUS, g.language),
        invitation_url=address(definition, INVITATION, g.language) if _waits_for_answer(found.code) else None,
        form=PostForm(),
        forget_url=address(definition, FORGET, g.language),
        sections=[] if answers is None else sections(answered(definition, context, answers, files)),
    )
    cookie.write(response, Kept.RECEIPT, definition.key, found.code, is_shared=found.is_shared)
    return response


def _waits_for_answer(code: Code) -> bool:
    found = invitations.find(portal().desk.engine, invitation_of(code))
    return found is not None and found.is_open


def pdf(definition: FormDefinition) -> Response:
    """The same as a PDF; if that cannot be made, the page can be printed instead."""
    found = last_sent(definition)
    if found is None:
        return to_start(definition)
    note(found.receipt)
    try:
        content = receipt_pdf(found.receipt.signed, portal().deployment, g.language)
    except PdfFailed:
        return view(definition, pdf_failed=True)
    response = make_response(content)
    response.mimetype = "application/pdf"
    name = f"{RECEIPT[g.language]}-{found.receipt.binding.reference}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
