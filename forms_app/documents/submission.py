"""A filled-in form as blocks: the review, the receipt, the case worker's view and the handed-over summary all show
this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.forms.answers import Answers
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.language import Language, format_moment, format_size
from forms_app.language import gettext as _


class File(Protocol):
    """What is shown of an attachment."""

    @property
    def name(self) -> str:
        """As the citizen named it."""

    @property
    def size(self) -> int:
        """In bytes."""


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts:
    """What stands around the answers; `language` is the one it was written in."""

    reference: str
    municipality: str
    accepted_at: datetime
    language: Language


def answered(definition: FormDefinition, context: Context, answers: Answers, files: Sequence[File]) -> Iterator[Block]:
    """Every question the citizen met with its answer, in the current language."""
    for step in definition.steps:
        if step.takes_files:
            yield Heading(say(step.title, context), step.key)
            yield Answered(_("Files"), tuple(f"{file.name} ({format_size(file.size)})" for file in files))
        elif step.key in answers:
            yield Heading(say(step.title, context), step.key)
            for question in step.form(None, context=context).questions():
                value = answers[step.key].get(question.name)
                yield Answered(question.label.text, question.display(value))  # type: ignore[attr-defined]


def case_file(
    definition: FormDefinition,
    context: Context,
    facts: SubmissionFacts,
    answers: Answers,
    files: Sequence[File],
) -> list[Block]:
    """The whole submission for a case worker."""
    return [
        Heading(say(definition.title, context)),
        Answered(_("Reference"), (facts.reference,)),
        Answered(_("Municipality"), (facts.municipality,)),
        Answered(_("Received"), (format_moment(facts.accepted_at, context.rules.time_zone),)),
        Answered(_("Written in"), (facts.language.own_name,)),
        Paragraph(_("The sender's identity has not been checked.")),
        *answered(definition, context, answers, files),
    ]
