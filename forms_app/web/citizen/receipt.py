"""The receipt: what is stored of what was sent."""

from flask import Response, g

from forms_app.documents.blocks import sections
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.web.addresses import CODE, FORGET, RECEIPT, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import PostForm, last_sent, note, page, to_start
from forms_app.web.portal import portal


def view(definition: FormDefinition) -> Response:
    """Read back from the store; the journal knows of it before it is shown."""
    found = last_sent(definition)
    if found is None:
        return to_start(definition)
    note(found.receipt)
    deployment = portal().deployment
    binding, answers, files = found.receipt.binding, found.receipt.answers, found.receipt.files
    context = context_of(deployment, binding.municipality, binding.language, binding.accepted_at, answers)
    response = page(
        "receipt.html",
        in_all_languages(definition, RECEIPT),
        title=say(definition.sent_title, context),
        definition=definition,
        context=context,
        municipality=deployment.name_of(binding.municipality),
        receipt=found.receipt,
        code=found.code.shown,
        code_url=address(definition, CODE, g.language),
        form=PostForm(),
        forget_url=address(definition, FORGET, g.language),
        sections=sections(answered(definition, context, answers, files)),
    )
    cookie.write(response, Kept.RECEIPT, definition.key, found.code, is_shared=found.is_shared)
    return response
