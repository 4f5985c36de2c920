"""From what was typed to what is sent: walks a form the way its citizen does."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from forms_app.clock import local_date
from forms_app.countries import Country, rules_for
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, Step, StepForm, Typed
from forms_app.language import Language
from forms_app.municipality import Deployment, Municipality

Answers = Mapping[str, Mapping[str, Any]]
"""Step key to question name to JSON value: what is sealed and sent."""


def flat(answers: Answers) -> dict[str, Any]:
    """Question name to JSON value; question names are unique within a form (a test holds them to it)."""
    return {name: value for step in answers.values() for name, value in step.items()}


def new_context(
    municipalities: tuple[Municipality, ...],
    country: Country,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> Context:
    """A context under one country's rules, on that country's present day."""
    rules = rules_for(country)
    today = local_date(now, rules.time_zone)
    return Context(rules=rules, municipalities=municipalities, today=today, answers=answers or {})


def context_of(
    deployment: Deployment, municipality: str, language: Language, accepted_at: datetime, answers: Answers
) -> Context:
    """The context in which sent answers are read; `municipality` is its key.

    What was sent stays readable when the municipality has left the deployment: then the sender's language tells whose
    rules most likely applied.
    """
    receiver = deployment.find(municipality)
    country = receiver.country if receiver else deployment.usual_country(language)
    return new_context(deployment.municipalities, country, accepted_at, flat(answers))


@dataclass(frozen=True, kw_only=True)
class FilledStep:
    """A step this citizen meets, with what they typed; `context` is what was known on reaching it."""

    step: Step
    form: StepForm
    context: Context
    is_complete: bool


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """A form as far as it is filled in. `context` knows all complete answers."""

    definition: FormDefinition
    steps: tuple[FilledStep, ...]
    context: Context

    def at(self, step: Step) -> FilledStep | None:
        """The step if this citizen meets it."""
        return next((filled for filled in self.steps if filled.step is step), None)

    @property
    def first_gap(self) -> FilledStep | None:
        """The first step that still needs something; None when the form can be sent."""
        return next((filled for filled in self.steps if not filled.is_complete), None)

    def after(self, step: Step) -> Step | None:
        """The next step, or None when the review comes next."""
        steps = [filled.step for filled in self.steps]
        place = steps.index(step) + 1
        return steps[place] if place < len(steps) else None

    def before(self, step: Step) -> Step | None:
        """The step before, or None at the first."""
        steps = [filled.step for filled in self.steps]
        place = steps.index(step)
        return steps[place - 1] if place else None

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """What is sent: the answers of every step this citizen meets, and of no other."""
        return {filled.step.key: filled.form.to_json() for filled in self.steps if not filled.step.takes_files}


def fill(
    definition: FormDefinition, typed: Mapping[str, Typed], context: Context, *, unfinished: Container[str] = ()
) -> FilledForm:
    """Walk the form with what was typed, step key to fields; an `unfinished` step is a gap even if nothing is missing.

    Each step is judged by the answers before it, so an answer that changes the way also changes which steps count; the
    municipality decides whose rules apply from there on.
    """
    steps = tuple(_walk(definition, typed, context, unfinished))
    known = _learn(steps[-1].context, steps[-1].form) if steps[-1].is_complete else steps[-1].context
    return FilledForm(definition=definition, steps=steps, context=known)


def _walk(
    definition: FormDefinition, typed: Mapping[str, Typed], context: Context, unfinished: Container[str]
) -> Iterator[FilledStep]:
    for step in definition.steps:
        if not step.is_met(context):
            continue
        form = step.form(typed.get(step.key), context=context)
        is_complete = step.key in typed and step.key not in unfinished and bool(form.validate())
        yield FilledStep(step=step, form=form, context=context, is_complete=is_complete)
        if is_complete:
            context = _learn(context, form)


def _learn(context: Context, form: StepForm) -> Context:
    known = replace(context, answers={**context.answers, **form.to_json()})
    municipality = known.municipality
    return known if municipality is None else replace(known, rules=rules_for(municipality.country))
