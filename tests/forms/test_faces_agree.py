"""What a question takes, what it sends and what its schema allows are the same, whatever is typed."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import CITIZENS, context, page
from test_question_types import Demanding, Every

from forms_app.countries import Country
from forms_app.forms.definition import FormKey, StepForm
from forms_app.forms.registry import FORMS

WORDS = st.one_of(
    st.sampled_from(["", " ", "x", "2026", "12", "kari@example.org", "22 22 22 22"]), st.text(max_size=30)
)
DIGITS = st.one_of(st.integers(-1, 40).map(str), st.sampled_from(["", "2026", "1849", "26", "٣", "x"]))
CHOICES = st.lists(st.sampled_from(["red", "blue", "green", "purple", ""]), max_size=4)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        **{name: WORDS.map(lambda text: [text]) for name in ("name_of_person", "story", "phone", "email", "number")},
        **{f"day-{part}": DIGITS.map(lambda text: [text]) for part in ("day", "month", "year")},
        "colour": CHOICES,
        "other_colour": CHOICES,
        "colours": CHOICES,
        "agreed": st.sampled_from([["y"], [""], ["false"], []]),
        "places-0-place": WORDS.map(lambda text: [text]),
        "places-3-phone": WORDS.map(lambda text: [text]),
    },
)


def schema_of(form: StepForm) -> dict[str, Any]:
    questions = {question.name: question.json_schema() for question in form.questions()}
    return {"type": "object", "properties": questions, "required": list(questions), "additionalProperties": False}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return bool(validator.is_valid(value))


@pytest.mark.parametrize("form_class", [Every, Demanding])
@pytest.mark.parametrize("country", list(Country))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(typed=FIELDS)
def test_what_the_page_takes_fits_the_schema_and_can_be_shown(
    form_class: type[StepForm], country: Country, typed: dict[str, list[str]]
) -> None:
    form = form_class(typed, context=context(country))
    if not form.validate():
        assert any(question.is_faulty for question in form.questions())
        return
    answers = form.to_json()
    assert fits(answers, schema_of(form))
    for question in form.questions():
        lines = question.display(answers[question.name])
        assert all(isinstance(line, str) for line in lines)
        assert bool(lines) == bool(answers[question.name]) or question.kind == "tick"


@pytest.mark.parametrize("country", list(Country))
@pytest.mark.parametrize(("form", "step"), [(form, step) for form in FORMS.values() for step in form.steps])
def test_a_required_answer_that_is_missing_is_refused_by_page_and_schema(
    form: Any, step: Any, country: Country
) -> None:
    empty = page(step.form, {}, context(country))
    required = {question.name: question for question in empty.questions() if question.is_required}
    is_valid = empty.validate()
    assert is_valid is not bool(empty.errors)
    for name, question in required.items():
        assert len(question.errors) == 1
        assert question.errors[0] != ""
        assert not fits(question.to_json(), question.json_schema()), name
    optional = [question for question in empty.questions() if not question.is_required]
    assert all(fits(question.to_json(), question.json_schema()) for question in optional)


def test_the_sample_citizens_use_choices_that_exist() -> None:
    roles = {one["role"] for one in CITIZENS.values()}
    question = page(next(s.form for s in FORMS[FormKey.APPLICATION].steps if s.key == "role"), None).role
    assert roles == {option.value for option in question.options}
