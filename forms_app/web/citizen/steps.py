"""One page of questions: shown, kept, and never lost."""

import uuid
from typing import Any

from flask import Response, g, request

from forms_app.forms.answers import FilledForm, FilledStep
from forms_app.forms.definition import FormDefinition, Step, StepForm, Typed
from forms_app.forms.rows import Rows
from forms_app.forms.text import say
from forms_app.intake import drafts, uploads
from forms_app.intake.drafts import AlreadySubmitted, Draft, RevisionConflict
from forms_app.sealing.codes import Code
from forms_app.web.addresses import CODE, REVIEW, START, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.visit import Sent, Visit, page, present_context, to_start, visit
from forms_app.web.errors import sentence
from forms_app.web.portal import portal

_OUR_OWN_FIELDS = {"csrf_token", "action", "revision", "back_to_review"}


def view(definition: FormDefinition, step: Step) -> Response:
    """Show or keep a step; whoever has no draft, has sent it, or is ahead of themselves is led to the right page."""
    found = visit(definition)
    if isinstance(found, Sent):
        return to_start(definition)
    if found is None:
        return _rescue(definition, step) if request.method == "POST" else to_start(definition)
    filled_step = found.filled.at(step)
    gap = found.filled.first_gap
    if filled_step is None or (gap and _comes_after(found, step, gap.step)):
        return found.go(gap.step.slugs if gap else REVIEW)
    if request.method == "POST":
        try:
            return _receive(found, filled_step)
        except AlreadySubmitted:
            return to_start(definition)
    return _show(found, filled_step, _with_csrf(filled_step, found.draft.typed.get(step.key)))


def _rescue(definition: FormDefinition, step: Step) -> Response:
    """The draft's cookie ran out while its owner wrote: what this page holds becomes the beginning of a new draft.

    A post without our token must not set a cookie, for another site may have made it; its words are shown again.
    """
    context = present_context()
    form = step.form(_posted(), context=context, csrf=True)
    form.validate()
    desk = portal().desk
    if "csrf_token" not in form.errors:
        code = drafts.begin(desk.engine, definition, desk.clock())
        drafts.save_step(desk.engine, code, step.key, _typed(), read_revision=0, now=desk.clock())
        response = to_start(definition)
        cookie.write(response, definition.key, code, is_shared=True)
        return response
    alone = FilledStep(step=step, form=form, context=context, is_complete=False)
    draft = Draft.empty(Code.new(), definition, desk.clock())
    filled = FilledForm(definition=definition, steps=(alone,), context=context)
    nobody = Visit(definition=definition, code=draft.code, is_shared=True, draft=draft, filled=filled)
    return _page(nobody, alone, form, status=422)


def _comes_after(found: Visit, step: Step, other: Step) -> bool:
    order = [filled.step for filled in found.filled.steps]
    return order.index(step) > order.index(other)


def _with_csrf(filled_step: FilledStep, typed: Typed | None) -> StepForm:
    return filled_step.step.form(typed, context=filled_step.context, csrf=True)


def _receive(found: Visit, filled_step: FilledStep) -> Response:
    form = _with_csrf(filled_step, _posted())
    action, unused_colon, target = request.form.get("action", "").partition(":")
    if action in ("add-row", "remove-row"):
        return _change_rows(found, filled_step, form, action, target)
    is_valid = form.validate()
    if filled_step.step.takes_files and not form.errors.get("csrf_token"):
        is_valid = _change_files(found, form, action, target) and is_valid
    if not is_valid:
        return _show(_again(found), filled_step, form, status=422)
    if action in ("upload", "remove-file"):
        return found.go(filled_step.step.slugs)
    return _keep(found, filled_step, form, _typed())


def _posted() -> Typed:
    return {name: request.form.getlist(name) for name in request.form}


def _typed() -> Typed:
    return {name: values for name, values in _posted().items() if name not in _OUR_OWN_FIELDS}


def _change_rows(found: Visit, filled_step: FilledStep, form: StepForm, action: str, target: str) -> Response:
    for question in form.questions():
        if isinstance(question, Rows):
            if action == "add-row":
                question.add_row()
            else:
                question.remove_row(target)
    return _show(found, filled_step, form)


def _change_files(found: Visit, form: Any, action: str, target: str) -> bool:
    """Keep each file at once; what is refused is said beside the field, and the others are kept all the same."""
    desk = portal().desk
    if action == "remove-file" and (file_id := _file_id(target)):
        uploads.remove(desk.engine, found.code, file_id)
    refused = []
    for upload in request.files.getlist("files"):
        if not upload.filename:
            continue
        try:
            uploads.keep(desk.engine, found.code, name=upload.filename, content=upload.stream.read(), now=desk.clock())
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
    """The visit with the files as they are now."""
    renewed = visit(found.definition)
    return renewed if isinstance(renewed, Visit) else found


def _keep(found: Visit, filled_step: FilledStep, form: StepForm, typed: Typed) -> Response:
    desk = portal().desk
    revision = request.form.get("revision", "0")
    try:
        drafts.save_step(
            desk.engine,
            found.code,
            filled_step.step.key,
            typed,
            read_revision=int(revision) if revision.isdecimal() else 0,
            now=desk.clock(),
        )
    except RevisionConflict:
        return _show(_again(found), filled_step, form, status=409, was_changed_elsewhere=True)
    return _next(_again(found), filled_step.step)


def _next(found: Visit, step: Step) -> Response:
    gap = found.filled.first_gap
    if "back_to_review" in request.form and gap is None:
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
    was_changed_elsewhere: bool = False,
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
        has_faults=bool(form.errors) or any(question.is_faulty for question in form.questions()),
        files=found.draft.files,
        revision=found.draft.revisions.get(step.key, 0),
        number=steps.index(step) + 1,
        count=len(steps),
        back_url=address(definition, before.slugs if before else START, g.language),
        back_to_review="back_to_review" in request.values,
        code_url=address(definition, CODE, g.language),
        was_changed_elsewhere=was_changed_elsewhere,
        most_files=uploads.MOST_FILES,
    )
