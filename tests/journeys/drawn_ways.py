"""The ways through a form, and what one citizen answers on one of them, with what must come of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from drawn_files import DrawnFile
from movable_clock import SUNDAY_NOON

from forms_app.countries import Country
from forms_app.forms.answers import new_context
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, Step
from forms_app.forms.questions import Question
from forms_app.forms.registry import FORMS
from forms_app.language import Language
from forms_app.municipality import load_deployment
from forms_app.settings import REPOSITORY

Path = Mapping[str, str]
"""The answers that decide which steps a citizen meets: question to option."""
Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One answer: what is written or chosen, field by field, and the JSON that must come of it.

    `words` is what must be read afterwards, line by line; of choices it has the values, which the walk looks up among
    the labels that stood on the page. A list of `rows` has no words of its own.
    """

    kind: type[Question]
    fields: Fields = field(default_factory=dict)
    json: Any = None
    words: tuple[str, ...] = ()
    rows: tuple[Mapping[str, "Planned"], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedPage:
    """One page: what is answered to each question that stands there, in its order."""

    step: Step
    answers: Mapping[str, Planned]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of all the ways through one form; short, for it stands in what is printed of an example that failed."""

    form: FormKey
    language: Language
    country: Country
    path: Path

    @property
    def definition(self) -> FormDefinition:
        """The form."""
        return FORMS[self.form]

    @property
    def steps(self) -> list[Step]:
        """The pages that must be met."""
        return [step for step in self.definition.steps if met(step, self.country, self.path)]


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan:
    """A whole form. `looks_again_at` is the number of a page that is opened and continued from once more."""

    way: Way
    pages: tuple[PlannedPage, ...]
    files: tuple[DrawnFile, ...]
    looks_again_at: int

    def __repr__(self) -> str:
        typed = {page.step.key: {name: dict(one.fields) for name, one in page.answers.items()} for page in self.pages}
        return f"{self.way} {typed} {[file.name for file in self.files]} {self.looks_again_at}"

    def _repr_pretty_(self, printer: Any, unused_cycle: bool) -> None:
        """What was typed, and nothing of how it was drawn, when hypothesis tells of an example that failed."""
        printer.text(repr(self))

    @cached_property
    def answers(self) -> dict[str, dict[str, Any]]:
        """What must be sent: every question of every page that is met, and nothing else."""
        return {
            page.step.key: {name: planned.json for name, planned in page.answers.items()}
            for page in self.pages
            if not page.step.takes_files
        }


@cache
def first_context(country: Country) -> Context:
    """What is known before the first answer, with the municipalities of one country."""
    everywhere = load_deployment(REPOSITORY / "portal.toml").municipalities
    return new_context(tuple(one for one in everywhere if one.country is country), country, SUNDAY_NOON)


def met(step: Step, country: Country, answers: Mapping[str, Any]) -> bool:
    """Whether a citizen who gave these answers must come to the step."""
    condition = step.only_if
    return step.only_in in (None, country) and (
        condition is None or answers.get(condition.question) in condition.answers
    )


def questions(step: Step, context: Context) -> list[Any]:
    """The questions of the page, in order; files are no question with an answer."""
    return [] if step.takes_files else list(step.form(None, context=context).questions())


def ways(form: FormKey, language: Language, country: Country) -> list[Way]:
    """Every way through the form: all answers to the questions that decide what comes next."""
    steps = FORMS[form].steps
    deciding = {step.only_if.question for step in steps if step.only_if}
    branches = _branches(steps, deciding, first_context(country), {})
    return [Way(form=form, language=language, country=country, path=path) for path in branches]


def _branches(steps: tuple[Step, ...], deciding: set[str], context: Context, path: Path) -> Iterator[Path]:
    if not steps:
        yield path
        return
    first, rest = steps[0], steps[1:]
    here = [one for one in questions(first, context) if one.name in deciding and met(first, context.country, path)]
    assert len(here) < 2, f"{first.key}: two questions of one page decide"
    for question in here:
        for option in question.options:
            yield from _branches(rest, deciding, context, {**path, question.name: option.value})
    if not here:
        yield from _branches(rest, deciding, context, path)
