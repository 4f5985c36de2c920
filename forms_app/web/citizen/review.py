"""Looking over and sending."""

from flask import Response, g, make_response, redirect
from wtforms import HiddenField

from forms_app.documents.blocks import sections
from forms_app.documents.submission import answered
from forms_app.forms.authority import is_invited
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.intake.canaries import NotConfirmed
from forms_app.intake.submit import NotComplete, NotWhatWasReviewed, review_hash, submit
from forms_app.language import gettext as _
from forms_app.storage.limits import Counted
from forms_app.web.addresses import CODE, RECEIPT, REVIEW, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.keeping import keeping
from forms_app.web.citizen.once_more import ask_once_more
from forms_app.web.citizen.step_page import links_to_new
from forms_app.web.citizen.visit import Sent, Visit, note, page, to_start, visit
from forms_app.web.closed import is_closed
from forms_app.web.limits import refused
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm
from forms_app.web.spam import looks_automatic, shown_now

_PAGE = "review"


class SendForm(PostForm):
    """Carries the hash of what the page shows."""

    reviewed = HiddenField()


def view(definition: FormDefinition) -> Response:
    """Show all answers; sending them accepts exactly what was shown."""
    found = visit(definition)
    if isinstance(found, Sent):
        return make_response(redirect(address(definition, RECEIPT, g.language), 303))
    if found is None:
        return to_start(definition)
    if found.filled.first_gap:
        return found.go(found.filled.first_gap.step.slugs)
    form = SendForm()
    if not form.is_submitted():
        return _show(found, form)
    return _receive(found, form) if form.validate() else _show(found, form, status=422)


def _receive(found: Visit, form: SendForm) -> Response:
    """Send, unless something must be looked at first; whatever that is, the draft is as it was."""
    definition = found.definition
    if looks_automatic(_PAGE):
        button = say(definition.send_label, found.filled.context)
        return found.answer(ask_once_more(form, in_all_languages(definition, REVIEW), button=button))
    if refused(Counted.SUBMISSION) or (is_invited(found.filled.answers) and refused(Counted.INVITATION)):
        return _show(found, form)
    try:
        return _send(found, form.reviewed.data or "")
    except NotWhatWasReviewed:
        renewed = visit(definition)
        if not isinstance(renewed, Visit) or renewed.filled.first_gap:
            return to_start(definition)
        return _show(renewed, form, status=409, was_changed_elsewhere=True)
    except NotConfirmed:
        return _show(found, form, status=503)
    except NotComplete:
        return to_start(definition)


def _send(found: Visit, reviewed: str) -> Response:
    """Accept the draft, and lead to the receipt by a cookie of its own, whatever another window does to the draft's."""
    services = portal()
    municipality = found.filled.context.municipality
    assert municipality  # A complete form names one.
    with services.places.one():
        receipt = submit(
            services.desk,
            found.draft,
            found.filled,
            reviewed=reviewed,
            municipality=municipality,
            recipients=services.recipients[municipality.key],
            language=g.language,
        )
    note(receipt)
    response = make_response(redirect(address(found.definition, RECEIPT, g.language), 303))
    cookie.write(response, Kept.RECEIPT, found.definition.key, found.code, is_shared=found.is_shared)
    return response


def _show(found: Visit, form: SendForm, *, status: int = 200, was_changed_elsewhere: bool = False) -> Response:
    definition, context = found.definition, found.filled.context
    form.reviewed.data = review_hash(found.filled, [file.facts for file in found.draft.files], g.language)
    change_urls = {
        one.step.key: address(definition, one.step.slugs, g.language) + "?back_to_review" for one in found.filled.steps
    }
    response = page(
        "review.html",
        in_all_languages(definition, REVIEW),
        title=_("Check your answers"),
        status=status,
        form_title=say(definition.title, context),
        can_send=not is_closed(context.municipality),
        send_label=say(definition.send_label, context),
        form=form,
        csrf_failed="csrf_token" in form.errors,
        shown_at=shown_now(_PAGE),
        sections=sections(answered(definition, context, found.filled.answers, found.draft.files)),
        change_urls=change_urls,
        municipality=context.municipality,
        back_url=address(definition, found.filled.steps[-1].step.slugs, g.language),
        was_changed_elsewhere=was_changed_elsewhere,
        new_questions=links_to_new(found),
        gone=found.changes.gone,
        keeping=keeping(found),
        code_url=address(definition, CODE, g.language),
    )
    return found.answer(response)
