"""What the drawn journeys have come to, against all that a form has."""

from collections.abc import Iterator

from drawn_ways import Plan, Planned, Way, first_context, questions, ways

from forms_app.countries import Country
from forms_app.forms.definition import FormKey
from forms_app.forms.questions import AnyOf, OneOf
from forms_app.forms.rows import Rows
from forms_app.language import Language

Place = str
"""Such as "application norway needs wanted unsure": a page, a question that was answered or left, or an option."""


def everything() -> set[Place]:
    """All there is in any form under either law, as far as anybody can come to it."""
    found: set[Place] = set()
    for form in FormKey:
        for country in Country:
            for way in ways(form, Language.NB, country):
                found |= set(_offered(way))
    return found


def combinations() -> list[str]:
    """Every form, country and language."""
    return [f"{form} {country} {language}" for form in FormKey for country in Country for language in Language]


def combination(way: Way) -> str:
    """Which of them a way belongs to."""
    return f"{way.form} {way.country} {way.language}"


def path(way: Way) -> str:
    """The answers that chose the way; "-" where the form asks no such question."""
    return " ".join(way.path.values()) or "-"


def reached(plan: Plan) -> set[Place]:
    """What a citizen with this plan comes to."""
    here = f"{plan.way.form} {plan.way.country}"
    found: set[Place] = set()
    for page in plan.pages:
        found.add(f"{here} {page.step.key}")
        for name, one in page.answers.items():
            found |= set(_answered(f"{here} {page.step.key} {name}", one))
    if plan.files:
        found.add(f"{here} files")
    return found


def _offered(way: Way) -> Iterator[Place]:
    here, context = f"{way.form} {way.country}", first_context(way.country)
    yield f"{here} files"
    for step in way.steps:
        yield f"{here} {step.key}"
        for question in questions(step, context):
            name = f"{here} {step.key} {question.name}"
            yield from _of_question(name, question)
            for inner in question.rows[0] if isinstance(question, Rows) else ():
                yield from _of_question(f"{name} {inner.short_name}", inner)


def _of_question(name: Place, question: object) -> Iterator[Place]:
    yield f"{name} answered"
    if not getattr(question, "is_required", False):
        yield f"{name} left"
    for option in getattr(question, "options", ()):
        yield f"{name} = {option.value}"


def _answered(name: Place, one: Planned) -> Iterator[Place]:
    yield f"{name} answered" if one.json else f"{name} left"
    for row in one.rows:
        for short, inner in row.items():
            yield from _answered(f"{name} {short}", inner)
    if issubclass(one.kind, OneOf | AnyOf):
        yield from (f"{name} = {value}" for value in one.words)
