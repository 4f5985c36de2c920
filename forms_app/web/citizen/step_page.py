"""How a page of questions is shown, whatever has happened to it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from flask import Response, g, request

from forms_app.countries import Country, rules_for
from forms_app.forms.answers import FilledStep
from forms_app.forms.definition import StepForm, Typed
from forms_app.forms.text import say
from forms_app.intake.saved_step import told_of
from forms_app.web.addresses import START, address, in_all_languages
from forms_app.web.citizen.attachments import upload_limits
from forms_app.web.citizen.keeping import keeping
from forms_app.web.citizen.visit import Visit, page
from forms_app.web.closed import is_closed

FORM_ID = "questions"
_PAGE_FIELDS = frozenset({"csrf_token", "draft", "revision", "back_to_review", "focus", "action", "files"})
"""What a page carries beside its questions: never anybody's words."""
_PLACE = re.compile(r"[A-Za-z][\w-]{0,80}", re.ASCII)


def posted() -> Typed:
    """What stood in the fields, exactly as the browser sent it."""
    return {name: request.form.getlist(name) for name in request.form}


def typed_into(form: StepForm) -> Typed:
    """What belongs to the step's questions; anything else that was posted is not kept."""
    return {name: values for name, values in posted().items() if form.knows(name)}


def posted_revision() -> int:
    """The revision at which this page was first read: it stays so, however often the page is shown again."""
    revision = request.form.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else 0


def place() -> str:
    """What follows the path so that the page opens where it was: at the field in focus, if a script could tell."""
    back = "?back_to_review" if "back_to_review" in request.form else ""
    field = request.form.get("focus", "")
    return f"{back}#{field if _PLACE.fullmatch(field) else FORM_ID}"


def not_asked(filled_step: FilledStep, form: StepForm) -> list[tuple[str, tuple[str, ...]]]:
    """Question and answer of all that was posted to a question the page does not have, or no longer has.

    Most likely another window has chosen another country; then the question is known. If the form itself has changed
    while the page was open, nobody knows it any more.
    """
    unknown = {
        name: values
        for name, values in posted().items()
        if name not in _PAGE_FIELDS and not form.knows(name) and any(map(str.strip, values))
    }
    found = list(_of_other_countries(filled_step, unknown)) if unknown else []
    return found + [("", tuple(values)) for values in unknown.values()]


def _of_other_countries(
    filled_step: FilledStep, unknown: dict[str, list[str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Takes what it can explain out of `unknown`."""
    for country in Country:
        context = replace(filled_step.context, rules=rules_for(country))
        other = filled_step.step.form(posted(), context=context)
        told = told_of(other)
        for question in other.questions():
            fields = [name for name in unknown if question.takes(name)]
            for name in fields:
                del unknown[name]
            if fields:
                yield told[question.name].label, told[question.name].lines


def links_to_new(found: Visit) -> list[tuple[str, str]]:
    """Label and address of each question that the form did not ask when the draft was begun."""
    return [(one.label, address(found.definition, one.step.slugs, g.language)) for one in found.changes.new]


def render(
    found: Visit,
    filled_step: FilledStep,
    form: StepForm,
    *,
    status: int = 200,
    notice: str = "",
    mark: str | None = None,
    revision: int | None = None,
    is_alone: bool = False,
    may_begin: bool = False,
) -> Response:
    """The page. One that `is_alone` belongs to no draft that is known here; with `may_begin` it can become one."""
    definition, step, context = found.definition, filled_step.step, filled_step.context
    is_closed(found.filled.context.municipality)
    before = found.filled.before(step)
    steps = [one.step for one in found.filled.steps]
    return page(
        "step.html",
        in_all_languages(definition, step.slugs),
        title=say(step.title, context),
        status=status,
        languages_form=FORM_ID,
        form_title=say(definition.title, context),
        step=step,
        intro=say(step.intro, context),
        help=step.help(context) if step.help else [],
        form=form,
        form_id=FORM_ID,
        own_url=address(definition, step.slugs, g.language),
        csrf_failed="csrf_token" in form.errors,
        has_faults=bool(form.errors or notice) or any(question.is_faulty for question in form.questions()),
        files=found.draft.files,
        mark=found.mark if mark is None else mark,
        revision=posted_revision() if revision is None else revision,
        number=steps.index(step) + 1,
        count=len(steps),
        back_url=address(definition, before.slugs if before else START, g.language),
        back_to_review="back_to_review" in request.values,
        notice=notice,
        not_asked=not_asked(filled_step, form) if request.method == "POST" else [],
        new_questions=links_to_new(found),
        gone=found.changes.gone,
        keeping=None if is_alone else keeping(found),
        may_begin=may_begin,
        upload_limits=upload_limits(),
    )
