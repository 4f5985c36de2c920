"""Before the first question: what happens to what is written, other ways than this one, and whose computer it is."""

from flask import Response, g, make_response, redirect, request
from wtforms import BooleanField

from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.outline import estimated_minutes
from forms_app.forms.text import say
from forms_app.intake import drafts
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.storage.limits import Counted
from forms_app.web.addresses import CODE, DELETE, PAPER, RECEIPT, START, STATUS, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.keeping import how_long, keeping, nothing_found
from forms_app.web.citizen.once_more import ask_once_more
from forms_app.web.citizen.visit import Sent, Visit, note, page, present_context, visit
from forms_app.web.closed import closed_of
from forms_app.web.limits import refused
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm
from forms_app.web.spam import looks_automatic, shown_now

_PAGE = "start"


class StartForm(PostForm):
    """Begins a draft."""

    shared_computer = BooleanField()


def view(definition: FormDefinition) -> Response:
    """The first page of a form; sending it begins a new draft."""
    form = StartForm()
    places = portal().deployment.municipalities
    can_send = len(closed_of(places)) < len(places)
    if form.validate_on_submit() and can_send:
        if looks_automatic(_PAGE):
            return ask_once_more(form, in_all_languages(definition, START), button=_("Start"))
        if not refused(Counted.DRAFT):
            return _begin(definition, is_shared=form.shared_computer.data)
    found = visit(definition)
    if isinstance(found, Sent):
        note(found.receipt)
    draft = found if isinstance(found, Visit) else None
    context = draft.filled.context if draft else present_context()
    return page(
        "start.html",
        in_all_languages(definition, START),
        title=say(definition.title, context),
        status=503 if not can_send else 422 if form.errors else 200,
        can_send=can_send,
        form=form,
        csrf_failed=bool(form.errors),
        shown_at=shown_now(_PAGE),
        definition=definition,
        context=context,
        minutes=estimated_minutes(definition, context),
        self_check_url=form_url(g.language, "self_check") if definition.key is FormKey.APPLICATION else None,
        municipalities=places,
        draft_url=address(definition, draft.left_at.slugs, g.language) if draft else None,
        keeping=keeping(draft) if draft else None,
        how_long=how_long(),
        file_count=len(draft.draft.files) if draft else 0,
        is_begun_anew="begun_anew" in request.args,
        lost=_lost(definition, found),
        sent=found if isinstance(found, Sent) else None,
        receipt_url=address(definition, RECEIPT, g.language),
        status_url=address(definition, STATUS, g.language),
        code_url=address(definition, CODE, g.language),
        delete_url=address(definition, DELETE, g.language),
        paper_url=address(definition, PAPER, g.language),
    )


def _lost(definition: FormDefinition, found: Visit | Sent | None) -> str:
    """Told to whom this computer has the code of a draft that is there no more."""
    kept = cookie.read(Kept.DRAFT, definition.key)
    if kept is None or (found and found.code == kept[0]):
        return ""
    return f"{nothing_found()} {how_long()}"


def _begin(definition: FormDefinition, *, is_shared: bool) -> Response:
    desk = portal().desk
    code = drafts.begin(desk.engine, definition, desk.clock())
    first = address(definition, definition.steps[0].slugs, g.language)
    response = make_response(redirect(first, 303))
    cookie.write(response, Kept.DRAFT, definition.key, code, is_shared=is_shared)
    return response
