"""What a form asks, told before anybody begins: the steps with their questions, what helps to have, and how long it
takes. Made from the definition alone, so that no page about a form can differ from the form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, Step
from forms_app.forms.questions import Question
from forms_app.forms.rows import Rows
from forms_app.forms.text import say

SECONDS: Mapping[str, int] = {
    "text": 15,
    "paragraphs": 60,
    "day": 15,
    "asked_once": 20,
    "one_of": 15,
    "any_of": 25,
    "menu": 10,
    "tick": 15,
    "upload": 60,
}
"""A reader's time for one question, by its kind: reading it, thinking, and answering on a phone. They are estimates of
ours, not measurements; a list of rows takes as long as the questions of one row.
"""
SECONDS_TO_TURN_A_PAGE = 10
SECONDS_TO_LOOK_OVER = 90
_ROUNDED_TO = 5


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question; `parts` are the questions of each row where it is a list."""

    label: str
    is_required: bool
    parts: tuple["Asked", ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutlinedStep:
    """A page of the form; `condition` says who meets it, "" where all do. What is said about attachments stands in
    the outline itself.
    """

    title: str
    intro: str
    condition: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A whole form in the current language. `attachments` says which papers help, "" where none can be added."""

    minutes: int
    at_hand: tuple[str, ...]
    attachments: str
    steps: tuple[OutlinedStep, ...]


def outline(definition: FormDefinition, context: Context) -> Outline:
    """The form under the rules of `context`, with every step that anyone can meet."""
    steps = _steps(definition, context)
    return Outline(
        minutes=estimated_minutes(definition, context),
        at_hand=tuple(say(text, context) for text in definition.at_hand),
        attachments=" ".join(say(step.intro, context) for step in steps if step.takes_files),
        steps=tuple(_outlined(step, context) for step in steps),
    )


def estimated_minutes(definition: FormDefinition, context: Context) -> int:
    """About how long it takes to answer everything on the longest way through the form, in whole five minutes.

    Most people answer less: nearly all is optional. An estimate that is too long lets nobody down.
    """
    longest = max(
        sum(_seconds(step, context) for step in definition.steps if step.is_met(citizen))
        for citizen in _citizens(definition, context)
    )
    return _ROUNDED_TO * ceil((longest + SECONDS_TO_LOOK_OVER) / 60 / _ROUNDED_TO)


def _citizens(definition: FormDefinition, context: Context) -> Iterator[Context]:
    """One for each way through the form: each answer that a step depends on."""
    conditions = [step.only_if for step in definition.steps if step.only_if]
    ways = {(one.question, answer) for one in conditions for answer in one.answers}
    yield replace(context, answers={})
    yield from (replace(context, answers={question: answer}) for question, answer in ways)


def _steps(definition: FormDefinition, context: Context) -> list[Step]:
    return [step for step in definition.steps if step.only_in in (None, context.country)]


def _questions(step: Step, context: Context) -> Iterator[Question]:
    return step.form(None, context=context).questions()


def _outlined(step: Step, context: Context) -> OutlinedStep:
    return OutlinedStep(
        title=say(step.title, context),
        intro="" if step.takes_files else say(step.intro, context),
        condition=say(step.only_if.words, context) if step.only_if else "",
        questions=tuple(_asked(question) for question in _questions(step, context)),
    )


def _asked(question: Question) -> Asked:
    parts = tuple(_asked(one) for one in question.rows[0]) if isinstance(question, Rows) else ()
    label: str = question.label.text  # type: ignore[attr-defined]  # the WTForms field in the bases has it
    return Asked(label=label, is_required=question.is_required, parts=parts)


def _seconds(step: Step, context: Context) -> int:
    return SECONDS_TO_TURN_A_PAGE + sum(_seconds_for(question) for question in _questions(step, context))


def _seconds_for(question: Question) -> int:
    if isinstance(question, Rows):
        return sum(_seconds_for(one) for one in question.rows[0])
    return SECONDS[question.kind]
