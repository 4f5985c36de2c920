"""One page of questions: shown, kept, and never lost."""

from typing import Any

from flask import Response, request

from forms_app.forms.answers import FilledStep
from forms_app.forms.definition import FormDefinition, Step, StepForm, Typed
from forms_app.forms.rows import Rows
from forms_app.intake import drafts
from forms_app.intake.changes import told_again
from forms_app.intake.drafts import AlreadySubmitted, RevisionConflict, UnknownDraft
from forms_app.language import gettext as _
from forms_app.storage.engine import DatabaseBusy
from forms_app.web.addresses import CODE, REVIEW
from forms_app.web.citizen import stranded
from forms_app.web.citizen.attachments import change_files
from forms_app.web.citizen.step_page import not_asked, place, posted, posted_revision, render, typed_into
from forms_app.web.citizen.visit import Sent, Visit, is_posted_from, to_start, visit
from forms_app.web.errors import not_saved
from forms_app.web.portal import portal

AS_IT_STANDS = "as-it-stands"
"""Keep the page as it stands, right or wrong, and show it again in the language of the address."""
PAUSE = "pause"
"""Keep the page as it stands, and show the code."""


def view(definition: FormDefinition, step: Step) -> Response:
    """Show or keep a step; whoever has no draft, has sent it, or is ahead of themselves is led to the right page."""
    found = visit(definition)
    if request.method == "POST":
        return _receive(definition, step, found)
    if not isinstance(found, Visit):
        return to_start(definition)
    filled_step = _within_reach(found, step)
    if filled_step is None:
        gap = found.filled.first_gap
        return found.go(gap.step.slugs if gap else REVIEW)
    form = _with_csrf(filled_step, found.draft.typed.get(step.key))
    saved = found.draft.steps.get(step.key)
    if saved and saved.is_finished and not filled_step.is_complete:
        # Another answer, such as the municipality, has changed what is asked here: say at once what is missing.
        form.validate()
        form.csrf_token.errors = []
    return _show(found, filled_step, form, revision=found.draft.revisions.get(step.key, 0))


def _within_reach(found: Visit, step: Step) -> FilledStep | None:
    """The step, if this citizen meets it and every step before it is complete."""
    for filled_step in found.filled.steps:
        if filled_step.step is step:
            return filled_step
        if not filled_step.is_complete:
            return None
    return None


def _with_csrf(filled_step: FilledStep, typed: Typed | None) -> StepForm:
    return filled_step.step.form(typed, context=filled_step.context, csrf=True)


def _receive(definition: FormDefinition, step: Step, found: Visit | Sent | None) -> Response:
    """Keep what was typed, or, whatever has happened meanwhile, show it again and say why it was not kept."""
    if not isinstance(found, Visit) or not is_posted_from(found.code):
        return stranded.receive(definition, step, found)
    try:
        filled_step = _within_reach(found, step)
        return _act(found, filled_step) if filled_step else stranded.out_of_reach(found, step)
    except DatabaseBusy as error:
        return _not_saved(found, step, error)
    except AlreadySubmitted:
        return stranded.already_sent(definition, step)
    except UnknownDraft:
        return stranded.receive(definition, step, None)


def _not_saved(found: Visit, step: Step, error: DatabaseBusy) -> Response:
    """With every word, but what was chosen as a file: a browser cannot be given that back."""
    filled_step = _within_reach(found, step)
    if filled_step is None:
        raise error
    form = _with_csrf(filled_step, posted())
    stranded.refuse_files(form)
    return _show(_again(found), filled_step, form, status=503, notice=not_saved(error))


def _act(found: Visit, filled_step: FilledStep) -> Response:
    """Do what the pressed button says."""
    form = _with_csrf(filled_step, posted())
    action, unused_colon, target = request.form.get("action", "").partition(":")
    if action in ("add-row", "remove-row"):
        return _change_rows(found, filled_step, form, action, target)
    is_valid = form.validate()
    is_ours = "csrf_token" not in form.errors
    are_files_kept = True
    if filled_step.step.takes_files:
        # Files cannot be shown again to be sent once more. A page that names the draft came from whoever holds its
        # code, for nobody else can know that name: what it brings is kept without a token too, but nothing removed.
        are_files_kept = change_files(found.code, form, action if is_ours else "", target)
    if is_ours and are_files_kept and action in (AS_IT_STANDS, PAUSE):
        return _keep_as_it_stands(found, filled_step, form, is_valid=is_valid, pauses=action == PAUSE)
    if not (is_valid and are_files_kept):
        return _show(_again(found), filled_step, form, status=422)
    if action in ("upload", "remove-file"):
        return found.go(filled_step.step.slugs)
    return _keep(found, filled_step, form) or _next(_again(found), filled_step.step)


def _change_rows(found: Visit, filled_step: FilledStep, form: StepForm, action: str, target: str) -> Response:
    for question in form.questions():
        if isinstance(question, Rows) and action == "add-row":
            question.add_row()
        elif isinstance(question, Rows):
            question.remove_row(target)
    return _show(found, filled_step, form)


def _again(found: Visit) -> Visit:
    """The visit with the files and revisions as they are now."""
    renewed = visit(found.definition)
    return renewed if isinstance(renewed, Visit) else found


def _keep_as_it_stands(
    found: Visit, filled_step: FilledStep, form: StepForm, *, is_valid: bool, pauses: bool
) -> Response:
    """A page that was never continued from is not finished by this, whatever stands in it."""
    step = filled_step.step
    saved = found.draft.steps.get(step.key)
    is_unchanged = _said(saved.typed if saved else {}) == _said(typed_into(form))
    if not is_unchanged or not_asked(filled_step, form):
        is_finished = is_valid and saved is not None and saved.is_finished
        refused = _keep(found, filled_step, form, is_finished=is_finished)
        if refused:
            return refused
    return found.go(CODE) if pauses else found.go(step.slugs, more=place())


def _said(typed: Typed) -> dict[str, list[str]]:
    """Without the fields that are empty: a page that nothing was written on is as if it had never been seen."""
    return {name: values for name, values in typed.items() if any(map(str.strip, values))}


def _keep(found: Visit, filled_step: FilledStep, form: StepForm, *, is_finished: bool = True) -> Response | None:
    """Save the page; a page is returned where there is something to look at first."""
    if not_asked(filled_step, form):
        notice = _(
            "What is asked on this page has changed since you opened it. What you wrote below is kept. Look it over, "
            "and continue to let it count."
        )
        return _show(_again(found), filled_step, form, status=409, notice=notice)
    desk, step = portal().desk, filled_step.step
    try:
        drafts.save_step(
            desk.engine,
            found.code,
            step.key,
            typed_into(form),
            told=told_again(found.definition, form, found.draft.steps.get(step.key)),
            is_finished=is_finished,
            read_revision=posted_revision(),
            now=desk.clock(),
        )
    except RevisionConflict as conflict:
        notice = _(
            "This page was saved from another window after you opened it here. What you wrote here is kept below. "
            "Look it over, and continue to let it count."
        )
        return _show(_again(found), filled_step, form, status=409, notice=notice, revision=conflict.current)
    return None


def _next(found: Visit, step: Step) -> Response:
    if "back_to_review" in request.form and found.filled.first_gap is None:
        return found.go(REVIEW)
    following = found.filled.after(step)
    return found.go(following.slugs if following else REVIEW)


def _show(found: Visit, filled_step: FilledStep, form: StepForm, **how: Any) -> Response:
    return found.answer(render(found, filled_step, form, **how))
