"""Made-up citizens who fill in every form, as their browsers would send it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from forms_app.countries import Country, rules_for
from forms_app.forms.answers import FilledForm, fill, new_context
from forms_app.forms.asked_once import NationalId, PowerReference
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, StepForm, Typed
from forms_app.forms.questions import AnyOf, Day, Email, OneOf, Phone, Question, Tick, Upload
from forms_app.forms.registry import FORMS
from forms_app.forms.rows import Rows
from forms_app.municipality import Deployment, load_deployment

DEPLOYMENT: Deployment = load_deployment(Path(__file__).parents[2] / "portal.toml")
PLACES: Mapping[Country, str] = {Country.NORWAY: "bjornafjorden", Country.DENMARK: "rudersdal"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)

CITIZENS: Mapping[str, Mapping[str, str]] = {
    "myself": {"role": "myself"},
    "a child who is born": {"role": "child", "child_is_born": "born"},
    "a child who is expected": {"role": "child", "child_is_born": "expected"},
    "another person": {"role": "other"},
    "as a guardian": {"role": "guardian"},
    "as a professional": {"role": "professional"},
}
"""Whom a form is filled in for, with the choices that make it so."""


def start() -> Context:
    """What is known before the first page, by someone who most likely lives in Norway."""
    return new_context(DEPLOYMENT.municipalities, Country.NORWAY, NOW)


def context(country: Country = Country.NORWAY, *, today: date = TODAY, **answers: Any) -> Context:
    """What is known when `answers` have been given."""
    return Context(rules=rules_for(country), municipalities=DEPLOYMENT.municipalities, today=today, answers=answers)


def everything(form: FormKey, country: Country, **choices: str) -> dict[str, Typed]:
    """Something in every field of every page, also of pages that this citizen does not meet."""
    choices = {"municipality": PLACES[country], **choices}
    return {
        step.key: dict(
            pair
            for question in step.form(None, context=context(country)).questions()
            for pair in _typed(question, choices.get(question.name), only_required=False)
        )
        for step in FORMS[form].steps
    }


def as_little_as_possible(form: FormKey, country: Country, **choices: str) -> dict[str, Typed]:
    """What a form cannot do without: the required questions and one way of contact."""
    choices = {"municipality": PLACES[country], **choices}
    typed: dict[str, Typed] = {
        step.key: dict(
            pair
            for question in step.form(None, context=context(country)).questions()
            for pair in _typed(question, choices.get(question.name), only_required=True)
        )
        for step in FORMS[form].steps
    }
    return typed | {"reach": {"phone": ["+47 22 22 22 22"]}}


def filled(form: FormKey, country: Country, **choices: str) -> FilledForm:
    """A form with something in every field."""
    return fill(FORMS[form], everything(form, country, **choices), start())


def page(form_class: type[StepForm], typed: Mapping[str, str] | None, known: Context | None = None) -> Any:
    """One page with one value in each of the fields named."""
    fields = None if typed is None else {name: [value] for name, value in typed.items()}
    return form_class(fields, context=known or context())


def step_form(definition: FormDefinition, key: str) -> type[StepForm]:
    """The questions of one page."""
    return next(step.form for step in definition.steps if step.key == key)


_WORDS: Mapping[type[Question], tuple[str, ...]] = {
    Phone: ("+45 32 12 34 56",),
    Email: ("kari@example.org",),
    Upload: (),
}
_FIELDS: Mapping[type[Question], Mapping[str, str]] = {
    Day: {"-day": "3", "-month": "11", "-year": "2016"},
    NationalId: {"": "not known", "-asked": "not known"},
    PowerReference: {"": "not known", "-asked": "not known"},
    Tick: {"": "y"},
}


def _typed(question: Question, chosen: str | None, *, only_required: bool) -> Iterator[tuple[str, list[str]]]:
    if only_required and not question.is_required and chosen is None:
        return
    if isinstance(question, Rows):
        for row_question in question.rows[0]:
            yield from _typed(row_question, None, only_required=False)
    elif isinstance(question, OneOf):
        yield question.name, [chosen or question.options[0].value]
    elif isinstance(question, AnyOf):
        yield question.name, [one.value for one in question.options]
    elif type(question) in _FIELDS:
        for part, text in _FIELDS[type(question)].items():
            yield question.name + part, [text]
    else:
        yield question.name, list(_WORDS.get(type(question), (f"Answer to {question.name}",)))
