"""The committed JSON Schema of each form is today's, takes real answers and refuses what is missing."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from sample_answers import CITIZENS, as_little_as_possible, context, filled, start

from forms_app.countries import Country
from forms_app.forms.answers import fill
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.rows import MOST_ROWS
from forms_app.forms.schema import COMMITTED, as_text, json_schema, main, schema_file

EVERY_FORM = pytest.mark.parametrize("definition", list(FORMS.values()), ids=list(FORMS))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_CITIZEN = pytest.mark.parametrize("citizen", list(CITIZENS.values()), ids=list(CITIZENS))


def validator(definition: FormDefinition, country: Country) -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_file(definition, country).read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@EVERY_COUNTRY
@EVERY_FORM
def test_a_changed_question_needs_a_new_version(definition: FormDefinition, country: Country) -> None:
    committed = schema_file(definition, country).read_text("utf-8")
    assert committed == as_text(json_schema(definition, country)), (
        "Raise the form's version and run `python -m forms_app.forms.schema`; "
        "the schema of a version that was never in use may be written anew."
    )


def test_every_committed_schema_is_a_schema() -> None:
    files = sorted(COMMITTED.iterdir())
    assert len(files) >= len(FORMS) * len(Country)
    for path in files:
        assert path.suffix == ".json"
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


@EVERY_CITIZEN
@EVERY_COUNTRY
@EVERY_FORM
def test_what_citizens_send_is_accepted(
    definition: FormDefinition, country: Country, citizen: Mapping[str, str]
) -> None:
    check = validator(definition, country)
    check.validate(filled(definition.key, country, **citizen).answers)
    check.validate(fill(definition, as_little_as_possible(definition.key, country, **citizen), start()).answers)


def without(answers: Mapping[str, Any], step: str, question: str, value: Any = None) -> dict[str, Any]:
    """The answers with one of them emptied, or taken away where `value` is ...."""
    changed = {name: one for name, one in answers[step].items() if name != question}
    return {**answers, step: changed if value is ... else {**changed, question: value}}


@EVERY_COUNTRY
@EVERY_FORM
@pytest.mark.parametrize("role", ["myself", "child", "other"])
def test_each_required_answer_that_is_missing_is_refused(
    definition: FormDefinition, country: Country, role: str
) -> None:
    check = validator(definition, country)
    answers = filled(definition.key, country, role=role).answers
    required = 0
    for step in definition.steps:
        for question in step.form(None, context=context(country)).questions():
            if step.key not in answers:
                continue
            assert not check.is_valid(without(answers, step.key, question.name, ...))
            if question.is_required:
                required += 1
                empty = question.to_json()
                assert not check.is_valid(without(answers, step.key, question.name, empty)), question.name
    assert required >= 4


@EVERY_COUNTRY
@EVERY_FORM
def test_a_page_that_everyone_meets_cannot_be_left_out(definition: FormDefinition, country: Country) -> None:
    check = validator(definition, country)
    answers = filled(definition.key, country, role="myself").answers
    for step in definition.steps:
        rest = {key: value for key, value in answers.items() if key != step.key}
        if step.key in answers:
            assert check.is_valid(rest) is (step.only_if is not None)


@EVERY_FORM
def test_what_was_never_asked_is_refused(definition: FormDefinition) -> None:
    check = validator(definition, Country.NORWAY)
    answers = filled(definition.key, Country.NORWAY, role="myself").answers
    assert not check.is_valid({**answers, "secret": {}})
    assert not check.is_valid({**answers, "reach": {**answers["reach"], "shoe_size": "44"}})


def test_a_date_that_does_not_exist_is_refused() -> None:
    check = validator(FORMS[FormKey.APPLICATION], Country.NORWAY)
    answers = filled(FormKey.APPLICATION, Country.NORWAY, role="myself").answers
    assert not check.is_valid(without(answers, "myself", "birth_date", "2026-02-31"))


def test_more_rows_than_the_page_takes_are_refused() -> None:
    check = validator(FORMS[FormKey.APPLICATION], Country.NORWAY)
    answers = filled(FormKey.APPLICATION, Country.NORWAY, role="myself").answers
    (row,) = answers["bodies"]["bodies"]
    assert check.is_valid(without(answers, "bodies", "bodies", [row] * MOST_ROWS))
    assert not check.is_valid(without(answers, "bodies", "bodies", [row] * (MOST_ROWS + 1)))


def test_the_command_writes_every_schema(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms_app.forms.schema.COMMITTED", tmp_path / "schemas")
    main()
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "schemas").iterdir()}
    assert written.keys() <= {path.name for path in COMMITTED.iterdir()}
    assert len(written) == len(FORMS) * len(Country)
