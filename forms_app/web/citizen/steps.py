"""One page of questions: shown, kept, and never lost."""

import uuid
from typing import Any

from flask import Response, g, request

from forms_app.forms.answers import FilledForm, FilledStep
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, Step, StepForm, Typed
from forms_app.forms.rows import Rows
from forms_app.forms.text import say
from forms_app.intake import drafts, uploads
from forms_app.intake.drafts import AlreadySubmitted, Draft, RevisionConflict
from forms_app.language import gettext as _
from forms_app.sealing.codes import Code
from forms_app.web.addresses import CODE, REVIEW, START, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import Sent, Visit, page, present_context, to_start, visit
from forms_app.web.errors import sentence
from forms_app.web.portal import portal


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
    if step.key in found.draft.typed and not filled_step.is_complete:
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
    if found is None:
        return _rescue(definition, step)
    if isinstance(found, Sent):
        return _not_kept(definition, step, _already_sent())
    if request.form.get("draft") != found.mark:
        return _not_kept(definition, step, _other_draft(), found)
    filled_step = _within_reach(found, step)
    if filled_step is None:
        return _not_kept(definition, step, _out_of_reach(), found)
    try:
        return _act(found, filled_step)
    except AlreadySubmitted:
        return _not_kept(definition, step, _already_sent())


def _already_sent() -> str:
    return _("This form has been sent already, perhaps from another window. What you wrote here is not part of it.")


def _other_draft() -> str:
    return _(
        "Another form has been begun on this computer since you opened this page. What you wrote here is not saved. "
        "If it belongs to the form that is open now, continue."
    )


def _out_of_reach() -> str:
    return _("Other answers have changed, so this page is not asked for now. What you wrote here is not saved.")


def _not_kept(definition: FormDefinition, step: Step, notice: str, found: Visit | None = None) -> Response:
    """The page on its own with what was typed, so that no word is lost."""
    context = found.filled.context if found else present_context()
    form = step.form(_posted(), context=context, csrf=True)
    alone = _alone(definition, step, form, context)
    return _page(alone, alone.filled.steps[0], form, status=409, notice=notice, mark=found.mark if found else "")


def _rescue(definition: FormDefinition, step: Step) -> Response:
    """The draft's cookie ran out while its owner wrote: what this page holds becomes the beginning of a new draft.

    A post without our token must not set a cookie, for another site may have made it; its words are shown again.
    """
    context = present_context()
    form = step.form(_posted(), context=context, csrf=True)
    form.validate()
    if "csrf_token" in form.errors:
        alone = _alone(definition, step, form, context)
        return _page(alone, alone.filled.steps[0], form, status=422)
    desk = portal().desk
    code = drafts.begin(desk.engine, definition, desk.clock())
    if step.takes_files:
        _change_files(code, form, "", "")
    else:
        drafts.save_step(desk.engine, code, step.key, _typed(form), read_revision=0, now=desk.clock())
    response = to_start(definition)
    cookie.write(response, Kept.DRAFT, definition.key, code, is_shared=True)
    return response


def _alone(definition: FormDefinition, step: Step, form: StepForm, context: Context) -> Visit:
    """A visit that holds this page and nothing else."""
    filled_step = FilledStep(step=step, form=form, context=context, is_complete=False)
    draft = Draft.empty(Code.new(), definition, portal().desk.clock())
    filled = FilledForm(definition=definition, steps=(filled_step,), context=context)
    return Visit(definition=definition, code=draft.code, is_shared=True, draft=draft, filled=filled)


def _act(found: Visit, filled_step: FilledStep) -> Response:
    """Do what the pressed button says."""
    form = _with_csrf(filled_step, _posted())
    action, unused_colon, target = request.form.get("action", "").partition(":")
    if action in ("add-row", "remove-row"):
        return _change_rows(found, filled_step, form, action, target)
    is_valid = form.validate()
    if filled_step.step.takes_files and not form.errors.get("csrf_token"):
        is_valid = _change_files(found.code, form, action, target) and is_valid
    if not is_valid:
        return _show(_again(found), filled_step, form, status=422)
    if action in ("upload", "remove-file"):
        return found.go(filled_step.step.slugs)
    return _keep(found, filled_step, form)


def _posted() -> Typed:
    return {name: request.form.getlist(name) for name in request.form}


def _typed(form: StepForm) -> Typed:
    """What belongs to the step's questions; anything else that was posted is not kept."""
    return {name: values for name, values in _posted().items() if form.knows(name)}


def _posted_revision() -> int:
    """The revision at which this page was first read: it stays so, however often the page is shown again."""
    posted = request.form.get("revision", "")
    return int(posted) if posted.isdecimal() and len(posted) < 10 else 0


def _change_rows(found: Visit, filled_step: FilledStep, form: StepForm, action: str, target: str) -> Response:
    for question in form.questions():
        if isinstance(question, Rows) and action == "add-row":
            question.add_row()
        elif isinstance(question, Rows):
            question.remove_row(target)
    return _show(found, filled_step, form)


def _change_files(code: Code, form: Any, action: str, target: str) -> bool:
    """Keep each file at once; what is refused is said beside the field, and the others are kept all the same."""
    desk = portal().desk
    if action == "remove-file" and (file_id := _file_id(target)):
        uploads.remove(desk.engine, code, file_id)
    refused = []
    for upload in request.files.getlist("files"):
        if not upload.filename:
            continue
        try:
            uploads.keep(desk.engine, code, name=upload.filename, content=upload.stream.read(), now=desk.clock())
        except uploads.UploadRefused as error:
            refused.append(f"{upload.filename}: {sentence(error)}")
    form.files.errors = [*form.files.errors, *refused]
    return not refused


def _file_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _again(found: Visit) -> Visit:
    """The visit with the files and revisions as they are now."""
    renewed = visit(found.definition)
    return renewed if isinstance(renewed, Visit) else found


def _keep(found: Visit, filled_step: FilledStep, form: StepForm) -> Response:
    desk = portal().desk
    step = filled_step.step
    try:
        drafts.save_step(
            desk.engine, found.code, step.key, _typed(form), read_revision=_posted_revision(), now=desk.clock()
        )
    except RevisionConflict as conflict:
        notice = _(
            "This page was saved from another window after you opened it here. What you wrote here is kept below. "
            "Look it over, and continue to let it count."
        )
        return _show(_again(found), filled_step, form, status=409, notice=notice, revision=conflict.current)
    return _next(_again(found), step)


def _next(found: Visit, step: Step) -> Response:
    if "back_to_review" in request.form and found.filled.first_gap is None:
        return found.go(REVIEW)
    following = found.filled.after(step)
    return found.go(following.slugs if following else REVIEW)


def _show(found: Visit, filled_step: FilledStep, form: StepForm, **how: Any) -> Response:
    return found.answer(_page(found, filled_step, form, **how))


def _page(
    found: Visit,
    filled_step: FilledStep,
    form: StepForm,
    *,
    status: int = 200,
    notice: str = "",
    mark: str | None = None,
    revision: int | None = None,
) -> Response:
    definition, step, context = found.definition, filled_step.step, filled_step.context
    before = found.filled.before(step)
    steps = [one.step for one in found.filled.steps]
    return page(
        "step.html",
        in_all_languages(definition, step.slugs),
        title=say(step.title, context),
        status=status,
        form_title=say(definition.title, context),
        step=step,
        intro=say(step.intro, context),
        help=step.help(context) if step.help else [],
        form=form,
        csrf_failed="csrf_token" in form.errors,
        has_faults=bool(form.errors or notice) or any(question.is_faulty for question in form.questions()),
        files=found.draft.files,
        mark=found.mark if mark is None else mark,
        revision=_posted_revision() if revision is None else revision,
        number=steps.index(step) + 1,
        count=len(steps),
        back_url=address(definition, before.slugs if before else START, g.language),
        back_to_review="back_to_review" in request.values,
        code_url=address(definition, CODE, g.language),
        notice=notice,
        most_files=uploads.MOST_FILES,
    )
