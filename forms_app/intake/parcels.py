"""Everything of one sending, sealed and about to be stored: the same for a form and for what is sent later about it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.files.facts import FileFlag
from forms_app.forms.answers import Answers
from forms_app.intake.canaries import Canaries
from forms_app.intake.receipts import OwnCopy, own_copy
from forms_app.municipality import Municipality
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.signature import ReceiptSigner
from forms_app.sealing.submission import Binding, FileFacts, SealedSubmission, SentFile, seal_submission
from forms_app.storage import attachments, deliveries, own_copies, submissions
from forms_app.storage.submissions import ReferenceTaken
from forms_app.storage.tables import Source

LONGEST_BETWEEN_ACCEPTANCE_AND_COMMIT = timedelta(minutes=1)
_MOST_TRIES = 5
_NOT_LOOKED_AT = frozenset({FileFlag.UNCHECKED, FileFlag.UNSCANNED})


class NotAccepted(PortalError):
    """The submission could not be stored in time; nothing was kept of it and the draft is as it was."""


class _TooSlow(PortalError):
    """The transaction did not end within a minute of the time it claims."""


@dataclass(frozen=True, kw_only=True)
class KeyedIn:
    """How a form came that a case worker keys in, on which day, and who keys it in, as the audit trail names them."""

    source: Source
    received_on: date
    actor: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What it takes to accept a submission: the store, the clock, and the keys to seal to and to sign with.

    `confirms_by_mail` says whether there is a server to send a confirmation through; without `canaries` no recipients
    need to have been confirmed.

    What is `keyed` in has nobody who holds its code: no copy, mail or invitation is made for them.
    """

    engine: sa.Engine
    clock: Clock
    signer: ReceiptSigner
    confirms_by_mail: bool = False
    keyed: KeyedIn | None = None
    canaries: Canaries | None = None


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A municipality, and the keys that open what is sent to it."""

    municipality: Municipality
    recipients: Recipients


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Sealed for the municipality and for the sender, whose `code` it is stored under."""

    code: Code
    binding: Binding
    sealed: SealedSubmission
    files: tuple[FileFacts, ...]
    own: OwnCopy
    recipients_fingerprint: str

    @property
    def id(self) -> uuid.UUID:
        """Of the submission."""
        return uuid.UUID(self.binding.submission_id)

    @property
    def accepted_at(self) -> datetime:
        """The time that it claims."""
        return self.binding.accepted_at

    @property
    def is_unscanned(self) -> bool:
        """Whether nothing has looked into one of the files, or for viruses in it."""
        return any(_NOT_LOOKED_AT & set(file.flags) for file in self.files)


def until_accepted(attempt: Callable[[], None]) -> None:
    """Try again, with a new reference and a new time, where one was taken or the other ran out. Raises NotAccepted."""
    for unused_try in range(_MOST_TRIES):
        try:
            attempt()
        except (ReferenceTaken, _TooSlow):
            continue
        return
    raise NotAccepted


def demand_in_time(desk: Desk, parcel: Parcel) -> None:
    """The last thing before a transaction is committed."""
    if desk.clock() - parcel.accepted_at > LONGEST_BETWEEN_ACCEPTANCE_AND_COMMIT:
        raise _TooSlow


def seal_parcel(
    desk: Desk,
    code: Code,
    binding: Binding,
    receiver: Receiver,
    *,
    answers: Answers,
    summary: Mapping[str, Any],
    files: Sequence[SentFile],
    keeps_copy: bool = True,
) -> Parcel:
    """Seal everything, before any transaction is opened. The receipt is always kept, a copy where it is wanted.

    Raises NotConfirmed where it is not certain that anybody could open it.
    """
    if desk.canaries:
        desk.canaries.demand(receiver.recipients)
    sealed = seal_submission(
        binding=binding, answers=answers, summary=summary, files=files, recipients=receiver.recipients
    )
    return Parcel(
        code=code,
        binding=binding,
        sealed=sealed,
        files=tuple(file.facts for file in files),
        own=own_copy(
            binding,
            answers,
            files,
            sealed,
            desk.signer,
            public_half=code.public_half,
            is_kept=keeps_copy and receiver.municipality.own_copy,
        ),
        recipients_fingerprint=receiver.recipients.fingerprint,
    )


def insert_submission(connection: sa.Connection, parcel: Parcel, *, target_group: str | None = None) -> None:
    """Store it without its files. Raises AlreadySubmitted where the code was used before, and ReferenceTaken."""
    binding = parcel.binding
    submissions.insert(
        connection,
        submissions.NewSubmission(
            id=parcel.id,
            reference=binding.reference,
            draft_id=parcel.code.draft_id,
            form=binding.form,
            form_version=binding.form_version,
            municipality=binding.municipality,
            language=binding.language,
            accepted_at=binding.accepted_at,
            recipients_fingerprint=parcel.recipients_fingerprint,
            public_half=parcel.code.public_half,
            target_group=target_group,
            summary=parcel.sealed.summary,
            answers=parcel.sealed.answers,
            own_copy=parcel.own.copy,
            own_receipt=parcel.own.receipt,
            sealed_hash=parcel.sealed.sealed_hash,
        ),
    )


def insert_files(connection: sa.Connection, parcel: Parcel) -> None:
    """Store the files, the municipality's and the sender's."""
    attachments.insert_all(connection, parcel.id, _attachments(parcel))
    own_copies.insert_files(connection, parcel.id, parcel.own.files)


def hand_overs(parcel: Parcel, municipality: Municipality) -> list[deliveries.NewDelivery]:
    """What is owed to the municipality: one for each channel that takes such a form."""
    return [new_delivery(parcel, channel.kind) for channel in municipality.channels_for(parcel.binding.form)]


def new_delivery(parcel: Parcel, kind: str) -> deliveries.NewDelivery:
    """The one delivery of this kind."""
    return deliveries.NewDelivery(key=f"{kind}:{parcel.id}", kind=kind, submission_id=parcel.id)


def _attachments(parcel: Parcel) -> list[attachments.NewAttachment]:
    return [
        attachments.NewAttachment(
            id=uuid.uuid4(),
            position=position,
            size=facts.size,
            sealed=sealed.original,
            sealed_hash=sha256(sealed.original).hexdigest(),
            cleaned=sealed.cleaned,
            cleaned_hash=None if sealed.cleaned is None else sha256(sealed.cleaned).hexdigest(),
        )
        for position, (facts, sealed) in enumerate(zip(parcel.files, parcel.sealed.attachments, strict=True), 1)
    ]
