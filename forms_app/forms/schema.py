"""The JSON Schema of a form's answers, so that a receiver can check them and a changed question demands a new
version."""

from typing import Any

from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition


def json_schema(definition: FormDefinition, context: Context) -> dict[str, Any]:
    """Draft 2020-12 schema of the answers under the country of `context`.

    Steps that only some citizens meet are optional; inside a step every question has a value, null where it was not
    answered.
    """
    steps = [step for step in definition.steps if step.only_in in (None, context.country) and not step.takes_files]
    properties = {step.key: _of_step(step.form(None, context=context)) for step in steps}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{definition.key} {definition.version} {context.country}",
        "type": "object",
        "properties": properties,
        "required": sorted(step.key for step in steps if step.only_if is None),
        "additionalProperties": False,
    }


def _of_step(form: Any) -> dict[str, Any]:
    questions = {question.name: question.json_schema() for question in form.questions()}
    return {
        "type": "object",
        "properties": questions,
        "required": sorted(questions),
        "additionalProperties": False,
    }
