"""Looking over, sending, and the receipt."""

from flask import Response, g
from wtforms import HiddenField

from forms_app.documents.blocks import sections
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.intake.submit import NotComplete, NotWhatWasReviewed, review_hash, submit
from forms_app.language import gettext as _
from forms_app.web.addresses import CODE, RECEIPT, REVIEW, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.visit import PostForm, Sent, Visit, page, to_start, visit
from forms_app.web.portal import portal


class SendForm(PostForm):
    """Carries the hash of what the page shows."""

    reviewed = HiddenField()


def view(definition: FormDefinition) -> Response:
    """Show all answers; sending them accepts exactly what was shown."""
    found = visit(definition)
    if not isinstance(found, Visit):
        return _to_receipt(found) if found else to_start(definition)
    if found.filled.first_gap:
        return found.go(found.filled.first_gap.step.slugs)
    form = SendForm()
    if not form.is_submitted():
        return _show(found, form)
    if not form.validate():
        return _show(found, form, status=422)
    try:
        _submit(found, form.reviewed.data or "")
    except NotWhatWasReviewed:
        return _show(found, form, status=409, was_changed_elsewhere=True)
    except NotComplete:
        return to_start(definition)
    return found.go(RECEIPT)


def _submit(found: Visit, reviewed: str) -> None:
    services = portal()
    municipality = found.filled.context.municipality
    assert municipality  # A complete form names one.
    submit(
        services.desk,
        found.draft,
        found.filled,
        reviewed=reviewed,
        municipality=municipality,
        recipients=services.recipients[municipality.key],
        language=g.language,
    )


def _show(found: Visit, form: SendForm, *, status: int = 200, was_changed_elsewhere: bool = False) -> Response:
    definition, context = found.definition, found.filled.context
    form.reviewed.data = review_hash(found.filled, [file.facts for file in found.draft.files])
    change_urls = {
        one.step.key: address(definition, one.step.slugs, g.language) + "?back_to_review" for one in found.filled.steps
    }
    response = page(
        "review.html",
        in_all_languages(definition, REVIEW),
        title=_("Check your answers"),
        status=status,
        form_title=say(definition.title, context),
        send_label=say(definition.send_label, context),
        form=form,
        csrf_failed="csrf_token" in form.errors,
        sections=sections(answered(definition, context, found.filled.answers, found.draft.files)),
        change_urls=change_urls,
        municipality=context.municipality,
        back_url=address(definition, found.filled.steps[-1].step.slugs, g.language),
        was_changed_elsewhere=was_changed_elsewhere,
    )
    return found.answer(response)


def _to_receipt(found: Sent) -> Response:
    response = to_start(found.definition)
    response.location = address(found.definition, RECEIPT, g.language)
    return response


def receipt(definition: FormDefinition) -> Response:
    """What is stored, with the journal's line written before it is shown."""
    found = visit(definition)
    if not isinstance(found, Sent):
        return to_start(definition)
    services = portal()
    binding = found.receipt.binding
    services.journal.issue(binding.accepted_at, binding.reference, binding.municipality, found.receipt.sealed_hash)
    municipality = services.deployment.municipality(binding.municipality)
    context = context_of(services.deployment.municipalities, municipality, binding.accepted_at, found.receipt.answers)
    response = page(
        "receipt.html",
        in_all_languages(definition, RECEIPT),
        title=say(definition.sent_title, context),
        definition=definition,
        context=context,
        municipality=municipality,
        receipt=found.receipt,
        code=found.code.shown,
        code_url=address(definition, CODE, g.language),
        sections=sections(answered(definition, context, found.receipt.answers, found.receipt.files)),
    )
    cookie.write(response, definition.key, found.code, is_shared=found.is_shared)
    return response
