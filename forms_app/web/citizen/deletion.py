"""Deleting a draft for good, after having been told what goes with it."""

from flask import Response, g, make_response, redirect

from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.intake import drafts
from forms_app.intake.drafts import AlreadySubmitted, Removed, UnknownDraft
from forms_app.language import gettext as _
from forms_app.web.addresses import CODE, DELETE, RECEIPT, START, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import Visit, is_posted_from, page, to_start, visit
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


def view(definition: FormDefinition) -> Response:
    """Ask whether the draft shall be deleted; sending the page deletes it."""
    found = visit(definition)
    if not isinstance(found, Visit):
        return to_start(definition)
    form = PostForm()
    if not form.is_submitted():
        return _ask(found, form)
    if not form.validate():
        return _ask(found, form, status=422)
    if not is_posted_from(found.code):
        # The page was opened for another draft than the one that is open now.
        return found.go(DELETE)
    try:
        return _done(found, drafts.delete(portal().desk.engine, found.code))
    except AlreadySubmitted:
        return make_response(redirect(address(definition, RECEIPT, g.language), 303))
    except UnknownDraft:
        return to_start(definition)


def _ask(found: Visit, form: PostForm, *, status: int = 200) -> Response:
    definition = found.definition
    response = page(
        "delete.html",
        in_all_languages(definition, DELETE),
        title=_("Delete the draft?"),
        status=status,
        form=form,
        form_title=say(definition.title, found.filled.context),
        csrf_failed=bool(form.errors),
        mark=found.mark,
        pages=[say(one.step.title, one.context) for one in found.filled.steps if one.step.key in found.draft.steps],
        files=found.draft.files,
        back_url=address(definition, found.left_at.slugs, g.language),
        code_url=address(definition, CODE, g.language),
    )
    return found.answer(response)


def _done(found: Visit, removed: Removed) -> Response:
    response = page(
        "deleted.html",
        in_all_languages(found.definition, START),
        title=_("The draft is deleted"),
        removed=removed,
        start_url=address(found.definition, START, g.language),
    )
    cookie.forget(response, found.definition.key, [Kept.DRAFT])
    return response
