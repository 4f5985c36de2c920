"""The JSON Schema of a form's answers, so that a receiver can check them and a changed question demands a new
version.

`python -m forms_app.forms.schema` writes the schemas of today's versions into `schemas/`, where those of earlier
versions stay.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from forms_app.countries import Country, rules_for
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition
from forms_app.forms.registry import FORMS

COMMITTED = Path(__file__).parent / "schemas"


def json_schema(definition: FormDefinition, country: Country) -> dict[str, Any]:
    """Draft 2020-12 schema of the answers under the country's rules, the same in every deployment and on every day.

    Steps that only some citizens meet are optional; inside a step every question has a value, null where it was not
    answered.
    """
    context = Context(rules=rules_for(country), municipalities=(), today=date.min)
    steps = [step for step in definition.steps if step.only_in in (None, country) and not step.takes_files]
    properties = {step.key: _of_step(step.form(None, context=context)) for step in steps}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{definition.key} {definition.version} {country}",
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


def schema_file(definition: FormDefinition, country: Country) -> Path:
    """Where the schema of the definition's version is committed."""
    return COMMITTED / f"{definition.key}-{definition.version}-{country}.json"


def as_text(schema: dict[str, Any]) -> str:
    """How a schema is written down, so that two versions compare line by line."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write the schema of every form under every country's rules."""
    COMMITTED.mkdir(exist_ok=True)
    for definition in FORMS.values():
        for country in Country:
            schema_file(definition, country).write_text(as_text(json_schema(definition, country)), "utf-8")


if __name__ == "__main__":
    main()
