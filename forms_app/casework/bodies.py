"""The places that help a family, as the table that shows who must work together."""

from forms_app.casework.opening import OpenedCase
from forms_app.documents.blocks import Table
from forms_app.forms.answers import Answers, context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.rows import Rows
from forms_app.municipality import Deployment


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


def bodies_of_case(case: OpenedCase, deployment: Deployment) -> Table | None:
    """Those that an opened case names."""
    binding, answers = case.submission.binding, case.submission.answers
    context = context_of(deployment, binding.municipality, binding.language, binding.accepted_at, answers)
    return bodies_of(FORMS[FormKey(binding.form)], context, answers)
