"""Sending something more about what was sent: sealed and stored like the first, under its reference with a number."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.forms.follow_up import FollowUpKind, content_of
from forms_app.intake.parcels import (
    Desk,
    Parcel,
    Receiver,
    demand_in_time,
    hand_overs,
    insert_files,
    insert_submission,
    seal_parcel,
    until_accepted,
)
from forms_app.language import Language
from forms_app.references.reference import part_of
from forms_app.sealing.codes import Code
from forms_app.sealing.submission import Binding, SentFile
from forms_app.storage import audit, cases, deliveries, follow_ups, submissions
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.submissions import Submission

_TAKING_BACK = "taking back"
_DEEDS = {
    FollowUpKind.ADDITION: "added documents",
    FollowUpKind.WITHDRAWAL: "withdrew",
    FollowUpKind.REVOCATION: "revoked",
    FollowUpKind.CONFIRMATION: "answered an invitation",
}
"""What the audit trail says of each."""


class NothingSent(PortalError):
    """Nothing was sent with this code, so nothing can be sent about it."""


class TakenBack(PortalError):
    """The sender has withdrawn it, so nothing more is taken about it."""


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What is about to be sent, to whom and in which language; `code` is its own, made by `code_of`.

    `said` is sealed with it; with `keeps_copy` whoever has the code can read that again.
    """

    first: Submission
    kind: FollowUpKind
    code: Code
    receiver: Receiver
    language: Language
    said: Mapping[str, Any] = field(default_factory=dict)
    keeps_copy: bool = True


def code_of(code: Code, kind: FollowUpKind, nth: int) -> Code:
    """What is sent later has a code that only the first one yields, so that any number of clicks is one sending.

    `nth` counts those of its kind from 1: what others send in between must not lead an addition to another draft. Of
    the other kinds there is one at most.
    """
    match kind:
        case FollowUpKind.ADDITION:
            return code.for_part(f"addition {nth}")
        case FollowUpKind.CONFIRMATION:
            return answer_of(invitation_of(code))
        case _:
            return code.for_part(_TAKING_BACK)


def invitation_of(code: Code) -> Code:
    """The code with which someone else can confirm what was sent with this one. It opens nothing else."""
    return code.for_part("invitation")


def answer_of(invitation: Code) -> Code:
    """The code of the answer to an invitation."""
    return invitation.for_part("answer")


def first_of(engine: sa.Engine, code: Code) -> Submission:
    """What was sent first with this code. Raises NothingSent."""
    with reading(engine) as connection:
        row = submissions.by_draft(connection, code.draft_id)
    if row is None:
        raise NothingSent
    return row


def send(
    desk: Desk,
    sending: Sending,
    files: Callable[[], Sequence[SentFile]],
    *,
    then: Callable[[sa.Connection, Parcel], None],
) -> None:
    """Accept it; what `then` writes is in the same transaction.

    Raises AlreadySubmitted where it was sent before, TakenBack, NotAccepted, and what `files` and `then` raise.
    """
    until_accepted(lambda: _commit(desk, sending, _seal(desk, sending, files()), then))


def _seal(desk: Desk, sending: Sending, files: Sequence[SentFile]) -> Parcel:
    first = sending.first
    with reading(desk.engine) as connection:
        number = follow_ups.last_number(connection, first.id) + 1
    binding = Binding(
        submission_id=str(uuid.uuid4()),
        reference=part_of(first.reference, number),
        municipality=first.municipality,
        form=first.form,
        form_version=first.form_version,
        language=sending.language,
        accepted_at=desk.clock(),
    )
    return seal_parcel(
        desk,
        sending.code,
        binding,
        sending.receiver,
        answers=content_of(sending.kind, number, sending.said),
        summary={},
        files=files,
        keeps_copy=sending.keeps_copy,
    )


def _commit(desk: Desk, sending: Sending, parcel: Parcel, then: Callable[[sa.Connection, Parcel], None]) -> None:
    first = sending.first
    number = int(parcel.binding.reference.rpartition("-")[2])
    with desk.engine.begin() as connection:
        insert_submission(connection, parcel)
        if cases.held(connection, first.id).taken_back_at:
            raise TakenBack
        follow_ups.insert(connection, parcel.id, Following(follows=first.id, kind=sending.kind, number=number))
        then(connection, parcel)
        insert_files(connection, parcel)
        deliveries.enqueue(connection, hand_overs(parcel, sending.receiver.municipality))
        audit.record(
            connection, at=parcel.accepted_at, actor="citizen", action=_DEEDS[sending.kind], subject=str(first.id)
        )
        demand_in_time(desk, parcel)
