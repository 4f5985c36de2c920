"""A filled-in form as blocks: the review, the receipt, the case worker's view and the handed-over summary all show
this."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.files.facts import FileFlag
from forms_app.forms.answers import Answers, context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.remarks import remarks
from forms_app.forms.text import say
from forms_app.language import format_moment, format_size
from forms_app.language import gettext as _
from forms_app.municipality import Deployment
from forms_app.sealing.submission import FileFacts, OpenedSubmission


class File(Protocol):
    """What is shown of an attachment."""

    @property
    def name(self) -> str:
        """As the citizen named it."""

    @property
    def size(self) -> int:
        """In bytes."""


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


def case_file(opened: OpenedSubmission, deployment: Deployment) -> list[Block]:
    """The whole submission for a case worker, in the current language.

    The answers are what was sent; the words around them are today's, so two writings of one submission may differ.
    """
    binding = opened.binding
    definition = FORMS[FormKey(binding.form)]
    context = context_of(deployment, binding.municipality, binding.language, binding.accepted_at, opened.answers)
    return [
        Heading(say(definition.title, context)),
        *_to_look_at_first(context, opened.files),
        Answered(_("Reference"), (binding.reference,)),
        Answered(_("Municipality"), (deployment.name_of(binding.municipality),)),
        Answered(_("Received"), (format_moment(binding.accepted_at, context.rules.time_zone),)),
        Answered(_("Written in"), (binding.language.own_name,)),
        Paragraph(_("The sender's identity has not been checked.")),
        *answered(definition, context, opened.answers, opened.files),
        *about_files(opened.files),
    ]


def _to_look_at_first(context: Context, files: Sequence[File]) -> Iterator[Block]:
    lines = tuple(remarks(context, has_files=bool(files)))
    if lines:
        yield Answered(_("Look at this first"), lines)


def about_files(files: Sequence[FileFacts]) -> Iterator[Block]:
    """What to know before opening one of them."""
    lines = tuple(f"{file.name}: {' '.join(notes)}" for file in files if (notes := list(notes_of(file))))
    if lines:
        yield Answered(_("Before you open the files"), lines)


def notes_of(file: FileFacts) -> Iterator[str]:
    """What to know before opening it."""
    if FileFlag.ACTIVE in file.flags:
        yield _("Something in the file could act by itself.")
    if file.cleaned:
        yield _("Open the cleaned copy.")
    if FileFlag.UNCHECKED in file.flags:
        yield _("We could not check this kind of file.")
    if FileFlag.UNSCANNED in file.flags:
        yield _("No virus scanner has looked at the file.")
