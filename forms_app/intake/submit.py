"""Sending: everything is sealed first, then one transaction makes it a submission, or nothing has happened."""

import uuid
from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa

from forms_app.clock import local_date
from forms_app.countries import Period, last_day
from forms_app.errors import PortalError
from forms_app.forms.answers import Answers, FilledForm
from forms_app.forms.people import sender_email
from forms_app.intake import invitations as inviting
from forms_app.intake.drafts import Draft, FilesAreMissing, contents
from forms_app.intake.parcels import (
    Desk,
    KeyedIn,
    NotAccepted,
    Parcel,
    Receiver,
    demand_in_time,
    hand_overs,
    insert_files,
    insert_submission,
    new_delivery,
    seal_parcel,
    until_accepted,
)
from forms_app.intake.receipts import Receipt, find
from forms_app.language import Language
from forms_app.municipality import Municipality
from forms_app.references.reference import new_reference
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.submission import Binding, FileFacts
from forms_app.storage import audit, cases, deliveries, drafts, invitations
from forms_app.storage.submissions import AlreadySubmitted
from forms_app.storage.tables import Source

__all__ = [
    "Desk",
    "KeyedIn",
    "NotAccepted",
    "NotComplete",
    "NotWhatWasReviewed",
    "demand_same",
    "review_hash",
    "submit",
]


class NotComplete(PortalError):
    """A form was sent with a step that still needs something."""


class NotWhatWasReviewed(PortalError):
    """The answers changed after the citizen looked them over; they must be shown again."""


def review_hash(filled: FilledForm, files: Sequence[FileFacts], language: Language) -> str:
    """Names exactly what a review page shows, so that sending can tell whether it is still the same."""
    document = {
        "form": filled.definition.key,
        "version": filled.definition.version,
        "language": language,
        "answers": filled.answers,
        "files": [[one.name, one.size, one.sha256] for one in files],
    }
    return sha256(canonical_json(document)).hexdigest()


def submit(
    desk: Desk,
    draft: Draft,
    filled: FilledForm,
    *,
    reviewed: str,
    municipality: Municipality,
    recipients: Recipients,
    language: Language,
) -> Receipt:
    """Accept the draft and return its receipt, read back from the store.

    Sending the same draft again, at once or later, returns the same receipt. Raises NotComplete, NotWhatWasReviewed and
    NotAccepted.
    """
    already = find(desk.engine, draft.code)
    if already:
        return already
    if filled.first_gap:
        raise NotComplete(filled.first_gap.step.key)
    if review_hash(filled, [file.facts for file in draft.files], language) != reviewed:
        raise NotWhatWasReviewed
    _store(desk, draft, filled, municipality, recipients, language)
    receipt = find(desk.engine, draft.code)
    if receipt is None:
        raise NotAccepted
    return receipt


def _store(
    desk: Desk,
    draft: Draft,
    filled: FilledForm,
    municipality: Municipality,
    recipients: Recipients,
    language: Language,
) -> None:
    receiver = Receiver(municipality=municipality, recipients=recipients)
    try:
        until_accepted(lambda: _commit(desk, draft, filled, _seal(desk, draft, filled, receiver, language), receiver))
    except AlreadySubmitted:
        return
    except FilesAreMissing:
        # Another click was faster and emptied the draft, or another window removed a file.
        if not find(desk.engine, draft.code):
            raise NotWhatWasReviewed from None


def _seal(desk: Desk, draft: Draft, filled: FilledForm, receiver: Receiver, language: Language) -> Parcel:
    files = contents(desk.engine, draft)
    binding = Binding(
        submission_id=str(uuid.uuid4()),
        reference=new_reference(),
        municipality=receiver.municipality.key,
        form=draft.form,
        form_version=filled.definition.version,
        language=language,
        accepted_at=desk.clock(),
    )
    return seal_parcel(
        desk,
        draft.code,
        binding,
        receiver,
        answers=filled.answers,
        summary=filled.definition.summary(filled.context),
        files=files,
        keeps_copy=desk.keyed is None,
    )


def _commit(desk: Desk, draft: Draft, filled: FilledForm, parcel: Parcel, receiver: Receiver) -> None:
    invitation = None if desk.keyed else inviting.sealed_for(parcel, filled)
    actor, action = (desk.keyed.actor, "keyed in") if desk.keyed else ("citizen", "submitted")
    with desk.engine.begin() as connection:
        insert_submission(connection, parcel, target_group=filled.definition.target_group(filled.context))
        demand_same(connection, draft)
        insert_files(connection, parcel)
        _open_case(connection, filled, parcel, desk.keyed)
        if invitation:
            invitations.insert(connection, invitation)
        deliveries.enqueue(connection, _deliveries(desk, parcel, receiver.municipality, filled.answers))
        audit.record(connection, at=parcel.accepted_at, actor=actor, action=action, subject=str(parcel.id))
        drafts.empty(connection, draft.code.draft_id)
        demand_in_time(desk, parcel)


def demand_same(connection: sa.Connection, draft: Draft) -> None:
    """What another window saved or uploaded while this was being sealed must not be emptied away unread.

    Raises NotWhatWasReviewed.
    """
    drafts.hold(connection, draft.code.draft_id)
    if drafts.state(connection, draft.code.draft_id) != (draft.revisions, [file.id for file in draft.files]):
        raise NotWhatWasReviewed


def _open_case(connection: sa.Connection, filled: FilledForm, parcel: Parcel, keyed: KeyedIn | None) -> None:
    case_id = uuid.uuid4()
    flags = filled.definition.tell_flags(filled.context)
    rules = filled.context.rules
    received_on = keyed.received_on if keyed else local_date(parcel.accepted_at, rules.time_zone)
    periods: list[Period] = [rules.fact(name) for name in filled.definition.obligations(filled.context)]
    periods += filled.definition.own_targets(filled.context)
    dates = [
        cases.Deadline(
            case_id=case_id,
            kind=period.name,
            due_on=last_day(received_on, period, rules.country),
            fact=period.name,
        )
        for period in periods
    ]
    cases.insert(
        connection,
        id=case_id,
        submission_id=parcel.id,
        municipality=parcel.binding.municipality,
        is_late="late" in flags,
        is_unconfirmed="unconfirmed" in flags,
        is_unscanned=parcel.is_unscanned,
        source=keyed.source if keyed else Source.ONLINE,
        received_on=keyed.received_on if keyed else None,
        deadlines=dates,
    )


def _deliveries(
    desk: Desk, parcel: Parcel, municipality: Municipality, answers: Answers
) -> list[deliveries.NewDelivery]:
    """One for each channel, and one for the citizen who gave an address; the worker finds it in the sealed answers."""
    owed = hand_overs(parcel, municipality)
    if desk.confirms_by_mail and not desk.keyed and sender_email(answers):
        owed.append(new_delivery(parcel, deliveries.CONFIRMATION_MAIL))
    return owed
