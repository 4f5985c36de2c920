"""What a form asks, told beforehand, is what it asks; and how long it takes follows from it."""

from dataclasses import replace

import pytest
from sample_answers import context

from forms_app.countries import Country
from forms_app.forms.application import APPLICATION
from forms_app.forms.definition import FormDefinition
from forms_app.forms.outline import SECONDS, Asked, estimated_minutes, outline
from forms_app.forms.questions import Question
from forms_app.forms.registry import FORMS
from forms_app.forms.rows import Rows
from forms_app.forms.text import say
from forms_app.language import Language, use

EVERY_FORM = pytest.mark.parametrize("definition", FORMS.values(), ids=list(FORMS))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))


def questions(definition: FormDefinition, country: Country) -> list[list[Question]]:
    known = context(country)
    return [list(step.form(None, context=known).questions()) for step in definition.steps]


@EVERY_FORM
@EVERY_COUNTRY
def test_an_outline_has_every_step_and_every_question_in_order(definition: FormDefinition, country: Country) -> None:
    told = outline(definition, context(country))
    assert [step.title for step in told.steps] == [say(step.title, context(country)) for step in definition.steps]
    for step, asked in zip(told.steps, questions(definition, country), strict=True):
        assert [one.label for one in step.questions] == [one.label.text for one in asked]  # type: ignore[attr-defined]
        assert [one.is_required for one in step.questions] == [one.is_required for one in asked]


def test_an_outline_tells_what_is_asked_in_each_row_of_a_list() -> None:
    (bodies,) = [step for step in outline(APPLICATION, context()).steps if any(q.parts for q in step.questions)]
    assert Asked(label="Navnet på stedet", is_required=False) in bodies.questions[0].parts


@EVERY_FORM
@pytest.mark.parametrize("language", list(Language))
def test_whoever_does_not_meet_a_step_is_told_so(definition: FormDefinition, language: Language) -> None:
    with use(language):
        told = outline(definition, context())
    for step, outlined in zip(definition.steps, told.steps, strict=True):
        assert bool(outlined.condition) == (step.only_if is not None)


@EVERY_FORM
@EVERY_COUNTRY
def test_every_kind_of_question_has_a_time(definition: FormDefinition, country: Country) -> None:
    asked = [one for page in questions(definition, country) for one in page]
    asked += [part for one in asked if isinstance(one, Rows) for part in one.rows[0]]
    assert {one.kind for one in asked} - {"rows"} <= set(SECONDS)


@EVERY_FORM
@EVERY_COUNTRY
def test_a_form_takes_some_whole_five_minutes(definition: FormDefinition, country: Country) -> None:
    minutes = estimated_minutes(definition, context(country))
    assert minutes % 5 == 0
    assert 5 <= minutes <= 30


def test_a_shorter_form_takes_less_time_and_the_answers_so_far_change_nothing() -> None:
    whole = APPLICATION
    short = replace(whole, steps=whole.steps[:2])
    assert estimated_minutes(short, context()) < estimated_minutes(whole, context())
    assert estimated_minutes(whole, context(role="myself")) == estimated_minutes(whole, context(role="child"))


def test_the_longest_way_through_counts() -> None:
    whole = APPLICATION
    for_myself = replace(whole, steps=tuple(step for step in whole.steps if step.is_met(context(role="myself"))))
    assert estimated_minutes(for_myself, context()) < estimated_minutes(whole, context())
