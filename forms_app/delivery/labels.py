"""What is known of a submission without opening it: what stands on its parcel, and what it can be registered by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms_app.clock import local_date
from forms_app.countries import rules_for
from forms_app.delivery.metadata import About
from forms_app.delivery.parcel import FORM, Label
from forms_app.documents.follow_up import title_of
from forms_app.forms.answers import Answers, context_of, flat
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.roles import FOR_ANOTHER, FOR_MYSELF
from forms_app.forms.text import say
from forms_app.language import use
from forms_app.municipality import Deployment, Municipality
from forms_app.references.reference import whole_of
from forms_app.storage.cases import Case
from forms_app.storage.follow_ups import Following
from forms_app.storage.submissions import Submission
from forms_app.storage.tables import Source

SENDERS = frozenset({*FOR_MYSELF.answers, *FOR_ANOTHER.answers})
"""For whom somebody may say to act."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The rows of a submission: its own, that of the case it belongs to, and what it follows, if it was sent later."""

    row: Submission
    case: Case
    following: Following | None
    municipality: Municipality


def label_of(known: Known, key: str, deployment: Deployment) -> Label:
    """What stands on the parcel; the title is in the municipality's language."""
    row, following = known.row, known.following
    return Label(
        key=key,
        submission_id=row.id,
        reference=row.reference,
        municipality=row.municipality,
        form=row.form,
        form_version=row.form_version,
        language=row.language,
        accepted_at=row.accepted_at,
        kind=following.kind if following else FORM,
        follows=whole_of(row.reference) if following else None,
        title=_title(known, deployment),
        due_on=min((one.due_on for one in known.case.deadlines if one.done_on is None), default=None),
    )


def about_of(known: Known, label: Label, answers: Answers | None) -> About:
    """What it can be registered by; `answers` is None where nobody is to know more than stands in the rows."""
    row, case = known.row, known.case
    stored_on = local_date(row.accepted_at, rules_for(known.municipality.country).time_zone)
    is_first = known.following is None
    return About(
        title=label.title,
        receiver=known.municipality,
        source=case.source if is_first else Source.ONLINE,
        received_on=(case.received_on if is_first else None) or stored_on,
        sender=_sender(flat(answers)) if answers and is_first else None,
    )


def _sender(answers: Mapping[str, Any]) -> str | None:
    """Whoever knows the public keys can seal answers with anything in them."""
    role = answers.get("role")
    return role if isinstance(role, str) and role in SENDERS else None


def _title(known: Known, deployment: Deployment) -> str:
    row, following = known.row, known.following
    context = context_of(deployment, row.municipality, row.binding.language, row.accepted_at, {})
    with use(known.municipality.default_language):
        title = say(FORMS[FormKey(row.form)].title, context)
        return f"{title_of(following.kind, following.number)}: {title}" if following else title
