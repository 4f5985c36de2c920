"""The places that help a family, as the table that shows who must work together."""

from forms_app.documents.blocks import Table
from forms_app.forms.answers import Answers
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition
from forms_app.forms.rows import Rows


def bodies_of(definition: FormDefinition, context: Context, answers: Answers) -> Table | None:
    """Every place with all that was said of it, in the current language; None where none was named."""
    for step in definition.steps:
        for question in step.form(None, context=context).questions():
            found = answers.get(step.key, {}).get(question.name) if isinstance(question, Rows) else None
            if found:
                asked = list(question.rows[0])  # type: ignore[attr-defined]  # only Rows gets here
                return Table(
                    tuple(one.label.text for one in asked),
                    tuple(tuple(", ".join(one.display(row.get(one.short_name))) for one in asked) for row in found),
                )
    return None
