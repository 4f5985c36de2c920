"""Someone is asked to confirm what another has sent for them. The form was received when it was sent; the answer is a
message to the municipality that whoever held the code has written, and decides nothing by itself.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.forms.answers import FilledForm
from forms_app.forms.authority import is_invited
from forms_app.forms.follow_up import FollowUpKind
from forms_app.intake.follow_ups import Sending, TakenBack, answer_of, invitation_of, send
from forms_app.intake.parcels import Desk, NotAccepted, Parcel, Receiver
from forms_app.intake.receipts import Receipt
from forms_app.intake.receipts import find as find_receipt
from forms_app.language import Language
from forms_app.sealing.attached import BindingMismatch
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import open_envelope, seal_to_one
from forms_app.storage import cases, invitations, submissions
from forms_app.storage.engine import reading
from forms_app.storage.invitations import NewInvitation, StoredInvitation
from forms_app.storage.submissions import AlreadySubmitted, Submission
from forms_app.storage.tables import CaseStatus

__all__ = ["Asked", "Invitation", "NoLongerAsked", "answer", "find", "receipt_of", "sealed_for"]

_FORMAT = 1


class NoLongerAsked(PortalError):
    """Nobody waits for the answer to an invitation any more: the case was taken back or closed, or there is none."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """All that the invited person is told besides the unsealed facts of the form: who sent it, and for whom."""

    sender: str
    person: str


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation in the hands of whoever has its code. `asked` is None once it is answered."""

    code: Code
    first: Submission
    asked: Asked | None
    answered_at: datetime | None
    has_ended: bool
    """Whether the case was taken back or closed, so that nobody waits for an answer."""

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.answered_at is None and not self.has_ended


def sealed_for(parcel: Parcel, filled: FilledForm) -> NewInvitation | None:
    """The invitation to be stored with a form whose sender wants one."""
    if not is_invited(filled.answers):
        return None
    code, told = invitation_of(parcel.code), filled.context.answers
    text = {
        "format": _FORMAT,
        "what": "invitation",
        "submission_id": parcel.binding.submission_id,
        "sender": told["sender_name"],
        "person": told["name_of_person"],
    }
    return NewInvitation(
        id=code.draft_id,
        submission_id=parcel.id,
        sealed=seal_to_one(canonical_json(text), code.public_half),
        created_at=parcel.accepted_at,
    )


def find(engine: sa.Engine, code: Code) -> Invitation | None:
    """The invitation with this code. Raises BindingMismatch when it belongs to another form."""
    with reading(engine) as connection:
        stored = invitations.find(connection, code.draft_id)
        first = submissions.get(connection, stored.submission_id) if stored else None
        if stored is None or first is None:
            return None
        return Invitation(
            code=code,
            first=first,
            asked=_opened(stored, code),
            answered_at=stored.answered_at,
            has_ended=_has_ended(connection, stored),
        )


def receipt_of(engine: sa.Engine, invitation: Invitation) -> Receipt | None:
    """The receipt of its answer, without the answer; None before there is one."""
    return find_receipt(engine, answer_of(invitation.code))


def answer(
    desk: Desk, invitation: Invitation, said: Mapping[str, Any], *, receiver: Receiver, language: Language
) -> Receipt:
    """Accept the answer and return its receipt, read back from the store.

    The first answer counts: another one, at once or later, returns the same receipt. Raises NoLongerAsked and
    NotAccepted.
    """
    sending = Sending(
        first=invitation.first,
        kind=FollowUpKind.CONFIRMATION,
        code=answer_of(invitation.code),
        receiver=receiver,
        language=language,
        said=said,
        keeps_copy=False,
    )

    def mark(connection: sa.Connection, parcel: Parcel) -> None:
        stored = invitations.find(connection, invitation.code.draft_id)
        if stored is None or _has_ended(connection, stored):
            raise NoLongerAsked
        invitations.mark_answered(connection, stored.id, now=parcel.accepted_at)
        cases.mark_news(connection, invitation.first.id, now=parcel.accepted_at)

    try:
        with suppress(AlreadySubmitted):
            send(desk, sending, tuple, then=mark)
    except TakenBack:
        raise NoLongerAsked from None
    receipt = receipt_of(desk.engine, invitation)
    if receipt is None:
        raise NotAccepted
    return receipt


def _opened(stored: StoredInvitation, code: Code) -> Asked | None:
    if stored.sealed is None:
        return None
    text = json.loads(open_envelope(stored.sealed, [code.age_identity]))
    if (text["what"], text["submission_id"]) != ("invitation", str(stored.submission_id)):
        raise BindingMismatch(f"{stored.submission_id}: invitation")
    return Asked(sender=text["sender"], person=text["person"])


def _has_ended(connection: sa.Connection, stored: StoredInvitation) -> bool:
    case = cases.of(connection, stored.submission_id)
    return bool(case.taken_back_at) or case.status is CaseStatus.CLOSED
