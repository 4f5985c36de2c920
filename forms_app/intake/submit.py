"""Sending: everything is sealed first, then one transaction makes it a submission, or nothing has happened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from forms_app.clock import Clock, local_date
from forms_app.countries import last_day
from forms_app.errors import PortalError
from forms_app.forms.answers import FilledForm
from forms_app.intake.drafts import Draft, FilesAreMissing, contents
from forms_app.intake.receipts import Receipt, find, own_copy
from forms_app.language import Language
from forms_app.municipality import Municipality
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.reference import new_reference
from forms_app.sealing.signature import ReceiptSigner
from forms_app.sealing.submission import Binding, FileFacts, SealedSubmission, seal_submission
from forms_app.storage import attachments, audit, cases, deliveries, drafts, submissions
from forms_app.storage.submissions import AlreadySubmitted, ReferenceTaken

LONGEST_BETWEEN_ACCEPTANCE_AND_COMMIT = timedelta(minutes=1)
_MOST_TRIES = 5


class NotComplete(PortalError):
    """A form was sent with a step that still needs something."""


class NotWhatWasReviewed(PortalError):
    """The answers changed after the citizen looked them over; they must be shown again."""


class NotAccepted(PortalError):
    """The submission could not be stored in time; nothing was kept of it and the draft is as it was."""


class _TooSlow(PortalError):
    """The transaction did not end within a minute of the time it claims."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What it takes to accept a submission: the store, the clock, and the keys to seal to and to sign with."""

    engine: sa.Engine
    clock: Clock
    signer: ReceiptSigner


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
    for unused_try in range(_MOST_TRIES):
        try:
            files = contents(desk.engine, draft)
            parcel = _seal(desk, draft, filled, files, municipality, recipients, language)
            _commit(desk, draft, filled, parcel, municipality)
        except AlreadySubmitted:
            return
        except FilesAreMissing:
            # Another click was faster and emptied the draft, or another window removed a file.
            if find(desk.engine, draft.code):
                return
            raise NotWhatWasReviewed from None
        except (ReferenceTaken, _TooSlow):
            continue
        return
    raise NotAccepted


@dataclass(frozen=True, kw_only=True)
class _Parcel:
    """Everything that is about to be stored, sealed."""

    binding: Binding
    sealed: SealedSubmission
    files: tuple[FileFacts, ...]
    own_copy: bytes
    recipients_fingerprint: str


def _seal(
    desk: Desk,
    draft: Draft,
    filled: FilledForm,
    files: Sequence[tuple[FileFacts, bytes]],
    municipality: Municipality,
    recipients: Recipients,
    language: Language,
) -> _Parcel:
    facts = tuple(one for one, unused_content in files)
    binding = Binding(
        submission_id=str(uuid.uuid4()),
        reference=new_reference(),
        municipality=municipality.key,
        form=draft.form,
        form_version=filled.definition.version,
        language=language,
        accepted_at=desk.clock(),
    )
    sealed = seal_submission(
        binding=binding,
        answers=filled.answers,
        summary=filled.definition.summary(filled.context),
        files=files,
        recipients=recipients,
    )
    copy = own_copy(binding, filled.answers, facts, sealed, desk.signer, draft.code.public_half)
    return _Parcel(
        binding=binding,
        sealed=sealed,
        files=facts,
        own_copy=copy,
        recipients_fingerprint=recipients.fingerprint,
    )


def _commit(desk: Desk, draft: Draft, filled: FilledForm, parcel: _Parcel, municipality: Municipality) -> None:
    submission_id = uuid.UUID(parcel.binding.submission_id)
    accepted_at = parcel.binding.accepted_at
    with desk.engine.begin() as connection:
        submissions.insert(connection, _row(draft, filled, parcel))
        _demand_same(connection, draft)
        attachments.insert_all(connection, submission_id, _attachments(parcel))
        _open_case(connection, submission_id, filled, municipality, accepted_at)
        deliveries.enqueue(connection, _deliveries(submission_id, municipality))
        audit.record(connection, at=accepted_at, actor="citizen", action="submitted", subject=str(submission_id))
        drafts.empty(connection, draft.code.draft_id)
        if desk.clock() - accepted_at > LONGEST_BETWEEN_ACCEPTANCE_AND_COMMIT:
            raise _TooSlow


def _demand_same(connection: sa.Connection, draft: Draft) -> None:
    """What another window saved or uploaded while this was being sealed must not be emptied away unread."""
    state = drafts.lock(connection, draft.code.draft_id)
    if state != (draft.revisions, [file.id for file in draft.files]):
        raise NotWhatWasReviewed


def _row(draft: Draft, filled: FilledForm, parcel: _Parcel) -> submissions.NewSubmission:
    binding = parcel.binding
    return submissions.NewSubmission(
        id=uuid.UUID(binding.submission_id),
        reference=binding.reference,
        draft_id=draft.code.draft_id,
        form=binding.form,
        form_version=binding.form_version,
        municipality=binding.municipality,
        language=binding.language,
        accepted_at=binding.accepted_at,
        recipients_fingerprint=parcel.recipients_fingerprint,
        public_half=draft.code.public_half,
        target_group=filled.definition.target_group(filled.context),
        summary=parcel.sealed.summary,
        answers=parcel.sealed.answers,
        own_copy=parcel.own_copy,
        sealed_hash=parcel.sealed.sealed_hash,
    )


def _attachments(parcel: _Parcel) -> list[attachments.NewAttachment]:
    return [
        attachments.NewAttachment(
            id=uuid.uuid4(),
            position=position,
            size=facts.size,
            sealed=sealed,
            sealed_hash=sha256(sealed).hexdigest(),
        )
        for position, (facts, sealed) in enumerate(zip(parcel.files, parcel.sealed.attachments, strict=True), 1)
    ]


def _open_case(
    connection: sa.Connection,
    submission_id: uuid.UUID,
    filled: FilledForm,
    municipality: Municipality,
    accepted_at: datetime,
) -> None:
    case_id = uuid.uuid4()
    flags = filled.definition.tell_flags(filled.context)
    rules = filled.context.rules
    received_on = local_date(accepted_at, rules.time_zone)
    dates = [
        cases.Deadline(
            case_id=case_id,
            kind=name,
            due_on=last_day(received_on, rules.fact(name), rules.country),
            fact=name,
        )
        for name in filled.definition.obligations(filled.context)
    ]
    cases.insert(
        connection,
        id=case_id,
        submission_id=submission_id,
        municipality=municipality.key,
        is_late="late" in flags,
        is_unconfirmed="unconfirmed" in flags,
        deadlines=dates,
    )


def _deliveries(submission_id: uuid.UUID, municipality: Municipality) -> list[deliveries.NewDelivery]:
    return [
        deliveries.NewDelivery(key=f"{channel.kind}:{submission_id}", kind=channel.kind, submission_id=submission_id)
        for channel in municipality.channels
    ]
