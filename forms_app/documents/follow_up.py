"""What was sent later about a submission, as blocks: more documents, word that the sender takes it back, or the answer
of someone who was invited to confirm it."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.documents.submission import about_files
from forms_app.errors import PortalError
from forms_app.forms.answers import context_of
from forms_app.forms.confirmation import Confirmation
from forms_app.forms.context import Context
from forms_app.forms.follow_up import FollowUpKind, kind_of
from forms_app.language import format_moment, format_size
from forms_app.language import gettext as _
from forms_app.municipality import Deployment
from forms_app.references.reference import whole_of
from forms_app.sealing.submission import OpenedSubmission


class NotAFollowUp(PortalError):
    """What should have been sent later about a case holds something else."""


def title_of(kind: FollowUpKind, number: int) -> str:
    """What it is called, in the current language."""
    return {
        FollowUpKind.ADDITION: _("Addition %(number)s", number=number),
        FollowUpKind.WITHDRAWAL: _("Withdrawn by the sender"),
        FollowUpKind.REVOCATION: _("Power of attorney revoked"),
        FollowUpKind.CONFIRMATION: _("The invitation was answered"),
    }[kind]


def follow_up_file(opened: OpenedSubmission, deployment: Deployment) -> list[Block]:
    """The whole of it for a case worker, in the current language. Raises NotAFollowUp."""
    binding = opened.binding
    kind = kind_of(opened.answers)
    if kind is None:
        raise NotAFollowUp(binding.reference)
    context = context_of(deployment, binding.municipality, binding.language, binding.accepted_at, {})
    return [
        Heading(title_of(kind, opened.answers[kind]["number"])),
        Answered(_("Reference"), (binding.reference,)),
        Answered(_("Belongs to"), (whole_of(binding.reference),)),
        Answered(_("Municipality"), (deployment.name_of(binding.municipality),)),
        Answered(_("Received"), (format_moment(binding.accepted_at, context.rules.time_zone),)),
        Answered(_("Written in"), (binding.language.own_name,)),
        *_content(kind, opened, context),
    ]


def _content(kind: FollowUpKind, opened: OpenedSubmission, context: Context) -> Iterator[Block]:
    if kind is FollowUpKind.CONFIRMATION:
        yield from _confirmation(opened.answers[kind], context)
        return
    yield Paragraph(_("The sender's identity has not been checked."))
    if kind is FollowUpKind.ADDITION:
        yield Answered(_("Files"), tuple(f"{file.name} ({format_size(file.size)})" for file in opened.files))
        yield from about_files(opened.files)
    elif kind is FollowUpKind.WITHDRAWAL:
        yield Paragraph(_("The sender withdraws what was sent with this reference. Nothing of it is erased here."))
    else:
        yield Paragraph(_("The power of attorney with this reference is revoked. Nothing of it is erased here."))


def _confirmation(said: Mapping[str, Any], context: Context) -> Iterator[Block]:
    if said.get("confirmation") == "agree":
        yield Paragraph(_("Confirmed by whoever held the code, identity not checked."))
    else:
        yield Paragraph(_("Declined by whoever held the code, identity not checked. This is a note, not a decision."))
    for question in Confirmation(None, context=context).questions():
        yield Answered(question.label.text, question.display(said.get(question.name)))  # type: ignore[attr-defined]
