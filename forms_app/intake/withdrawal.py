"""Taking back what was sent: an application or a complaint is withdrawn, a power of attorney revoked.

It is a mark and word to the municipality, never an erasure.
"""

from contextlib import suppress

import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.forms.follow_up import FollowUpKind, taking_back
from forms_app.intake.follow_ups import Sending, code_of, first_of, send
from forms_app.intake.parcels import Desk, NotAccepted, Parcel, Receiver
from forms_app.intake.receipts import Receipt, find
from forms_app.language import Language
from forms_app.sealing.codes import Code
from forms_app.storage import cases
from forms_app.storage.submissions import AlreadySubmitted

_MARKS = {FollowUpKind.WITHDRAWAL: cases.mark_withdrawn, FollowUpKind.REVOCATION: cases.mark_revoked}


def take_back(desk: Desk, code: Code, *, receiver: Receiver, language: Language) -> Receipt:
    """Take back what was sent with this code, and return the receipt of that.

    Doing it again returns the same receipt. Raises NothingSent and NotAccepted.
    """
    first = first_of(desk.engine, code)
    kind = taking_back(FormKey(first.form))
    sending = Sending(first=first, kind=kind, code=code_of(code, kind, 0), receiver=receiver, language=language)

    def mark(connection: sa.Connection, parcel: Parcel) -> None:
        _MARKS[kind](connection, first.id, now=parcel.accepted_at)

    with suppress(AlreadySubmitted):
        send(desk, sending, tuple, then=mark)
    receipt = find(desk.engine, sending.code)
    if receipt is None:
        raise NotAccepted
    return receipt
