"""Pages that cannot be saved where they belong: another draft is open, theirs was sent, or it is not here any more.

Each is shown again with every word, says why it was not saved, and what can be done.
"""

from dataclasses import replace
from typing import Any

from flask import Response, request

from forms_app.forms.answers import FilledForm, FilledStep
from forms_app.forms.definition import FormDefinition, Step, StepForm
from forms_app.intake import drafts
from forms_app.intake.drafts import Draft
from forms_app.intake.saved_step import told_of
from forms_app.language import gettext as _
from forms_app.sealing.codes import Code
from forms_app.storage.engine import DatabaseBusy
from forms_app.storage.limits import Counted
from forms_app.web import limits
from forms_app.web.citizen import cookie
from forms_app.web.citizen.attachments import change_files
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.step_page import posted, render, typed_into
from forms_app.web.citizen.visit import Sent, Visit, is_posted_from, mark_of, present_context, to_start
from forms_app.web.errors import not_saved
from forms_app.web.portal import portal

BEGIN = "begin"
"""Begin a new draft with what stands on the page."""


def receive(definition: FormDefinition, step: Step, found: Visit | Sent | None) -> Response:
    """A page that does not belong to an unsent draft that is open here."""
    if isinstance(found, Visit):
        return _another_is_open(found, step)
    if found and is_posted_from(found.code):
        return already_sent(definition, step)
    try:
        return _not_here(definition, step)
    except DatabaseBusy as error:
        alone = _alone(definition, step)
        refuse_files(alone.form)
        mark = request.form.get("draft", "")
        return alone.show(status=503, notice=not_saved(error), mark=mark, may_begin=True)


def already_sent(definition: FormDefinition, step: Step) -> Response:
    """The draft was sent, perhaps by another click a moment ago."""
    notice = _("This form has been sent already, perhaps from another window. What you wrote here is not part of it.")
    return _not_saved(_alone(definition, step), notice)


def out_of_reach(found: Visit, step: Step) -> Response:
    """The page is the draft's, but not asked for now. Its files are kept all the same: they belong to no question."""
    alone = _alone(found.definition, step, found)
    notice = _("Other answers have changed, so this page is not asked for now. What you wrote here is not saved.")
    if step.takes_files:
        notice = _(
            "Other answers have changed. The files you chose are kept, and you find them when you come here again."
        )
        change_files(found.code, alone.form, "", "")
    return alone.show(status=409, notice=notice, mark=found.mark)


def _another_is_open(found: Visit, step: Step) -> Response:
    notice = _(
        "Another form has been begun on this computer since you opened this page. What you wrote here is not saved. "
        "If it belongs to the form that is open now, continue."
    )
    return _not_saved(_alone(found.definition, step, found), notice, mark=found.mark)


def _not_here(definition: FormDefinition, step: Step) -> Response:
    """The draft was deleted or has expired, or only its cookie ran out: without the code nobody can tell.

    A post without our token must not begin anything, for another site may have made it; its words are shown again. A
    page's mark stays with it, so that it can still be saved once the draft is found with its code in another window.
    """
    alone = _alone(definition, step)
    is_valid = alone.form.validate()
    mark = request.form.get("draft", "")
    if "csrf_token" in alone.form.errors:
        refuse_files(alone.form)
        return alone.show(status=422, mark=mark, may_begin=True)
    # What is missing is told when it matters; now it would hide what has happened.
    fresh = _alone(definition, step)
    if request.form.get("action") == BEGIN or _chosen_files():
        if not limits.refused(Counted.DRAFT):
            return _begin(alone, is_valid=is_valid)
        refuse_files(fresh.form)
        return fresh.show(mark=mark, may_begin=True)
    notice = _(
        "The draft that this page belongs to is not open here any more: it has been deleted or has expired, or this "
        "computer has forgotten it. What you wrote stands below, but it is not saved."
    )
    return fresh.show(status=409, notice=notice, mark=mark, may_begin=True)


def _not_saved(alone: "_Alone", notice: str, *, mark: str = "") -> Response:
    refuse_files(alone.form)
    return alone.show(status=409, notice=notice, mark=mark)


class _Alone:
    """A page of no draft that is known here, as it was posted."""

    def __init__(self, visit: Visit, form: StepForm) -> None:
        self.visit = visit
        self.form = form

    def show(self, **how: Any) -> Response:
        return render(self.visit, self.visit.filled.steps[0], self.form, is_alone=True, **how)


def _alone(definition: FormDefinition, step: Step, found: Visit | None = None) -> _Alone:
    context = found.filled.context if found else present_context()
    form = step.form(posted(), context=context, csrf=True)
    filled_step = FilledStep(step=step, form=form, context=context, is_complete=False)
    draft = found.draft if found else Draft.empty(Code.new(), definition, portal().desk.clock())
    filled = FilledForm(definition=definition, steps=(filled_step,), context=context)
    return _Alone(Visit(definition=definition, code=draft.code, is_shared=True, draft=draft, filled=filled), form)


def _begin(alone: _Alone, *, is_valid: bool) -> Response:
    """A new draft with what the page holds. Files can only be kept at once, so they begin one without being asked."""
    desk, definition, form = portal().desk, alone.visit.definition, alone.form
    step = alone.visit.filled.steps[0].step
    code = drafts.begin(desk.engine, definition, desk.clock())
    response = to_start(definition, more="?begun_anew")
    if step.takes_files:
        if not change_files(code, form, "", ""):
            renewed = replace(alone.visit, draft=drafts.read(desk.engine, code) or alone.visit.draft)
            response = _Alone(renewed, form).show(status=422, mark=mark_of(code))
    else:
        drafts.save_step(
            desk.engine,
            code,
            step.key,
            typed_into(form),
            told=told_of(form),
            is_finished=is_valid,
            read_revision=0,
            now=desk.clock(),
        )
    cookie.write(response, Kept.DRAFT, definition.key, code, is_shared=True)
    return response


def _chosen_files() -> list[str]:
    return [one.filename for one in request.files.getlist("files") if one.filename]


def refuse_files(form: Any) -> None:
    """Say of each file that it must be chosen again: a browser cannot be given back what was chosen in it."""
    refused = [_("%(file)s: The file was not kept. Choose it again.", file=name) for name in _chosen_files()]
    if refused:
        form.files.errors = [*form.files.errors, *refused]
