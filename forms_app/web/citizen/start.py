"""Before the first question: what happens to what is written, other ways than this one, and whose computer it is."""

from flask import Response, g, make_response, redirect
from wtforms import BooleanField

from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.outline import estimated_minutes
from forms_app.forms.text import say
from forms_app.intake import drafts
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.web.addresses import CODE, FORGET, RECEIPT, START, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import PostForm, Sent, Visit, note, page, present_context, to_start, visit
from forms_app.web.portal import portal


class StartForm(PostForm):
    """Begins a draft."""

    shared_computer = BooleanField()


def view(definition: FormDefinition) -> Response:
    """The first page of a form; sending it begins a new draft."""
    form = StartForm()
    if form.validate_on_submit():
        return _begin(definition, is_shared=form.shared_computer.data)
    found = visit(definition)
    if isinstance(found, Sent):
        note(found.receipt)
    context = found.filled.context if isinstance(found, Visit) else present_context()
    return page(
        "start.html",
        in_all_languages(definition, START),
        title=say(definition.title, context),
        status=422 if form.errors else 200,
        form=form,
        csrf_failed=bool(form.errors),
        definition=definition,
        context=context,
        minutes=estimated_minutes(definition, context),
        self_check_url=form_url(g.language, "self_check") if definition.key is FormKey.APPLICATION else None,
        municipalities=portal().deployment.municipalities,
        draft_url=address(definition, found.left_at.slugs, g.language) if isinstance(found, Visit) else None,
        sent=found if isinstance(found, Sent) else None,
        receipt_url=address(definition, RECEIPT, g.language),
        code_url=address(definition, CODE, g.language),
    )


def _begin(definition: FormDefinition, *, is_shared: bool) -> Response:
    desk = portal().desk
    code = drafts.begin(desk.engine, definition, desk.clock())
    first = address(definition, definition.steps[0].slugs, g.language)
    response = make_response(redirect(first, 303))
    cookie.write(response, Kept.DRAFT, definition.key, code, is_shared=is_shared)
    return response


def code(definition: FormDefinition) -> Response:
    """Shows the code on request, never otherwise before sending."""
    found = visit(definition)
    if found is None:
        return to_start(definition)
    back = address(definition, found.left_at.slugs if isinstance(found, Visit) else RECEIPT, g.language)
    return page(
        "code.html",
        in_all_languages(definition, CODE),
        title=_("Your code"),
        code=found.code.shown,
        back_url=back,
        form=PostForm(),
        forget_url=address(definition, FORGET, g.language),
    )


def forget(definition: FormDefinition) -> Response:
    """Take the codes off this computer; whoever wrote them down can go on elsewhere."""
    response = to_start(definition)
    if PostForm().validate():
        cookie.forget(response, definition.key)
    return response
