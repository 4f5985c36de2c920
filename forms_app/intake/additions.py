"""More documents for what was sent: chosen like the first ones, looked over, and sent under the same reference.

Until they are sent, they lie encrypted in a draft of their own, whose code only the first one yields.
"""

from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.forms.follow_up import FollowUpKind
from forms_app.forms.registry import FORMS
from forms_app.intake.drafts import Draft, FilesAreMissing, contents, create, read
from forms_app.intake.follow_ups import NothingSent, Sending, TakenBack, code_of, first_of, send
from forms_app.intake.parcels import Desk, NotAccepted, Parcel, Receiver
from forms_app.intake.receipts import Receipt, find
from forms_app.intake.submit import NotComplete, NotWhatWasReviewed, demand_same
from forms_app.language import Language
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.codes import Code
from forms_app.storage import cases, drafts, follow_ups
from forms_app.storage.engine import reading
from forms_app.storage.submissions import AlreadySubmitted

__all__ = [
    "Addition",
    "NotAccepted",
    "NotComplete",
    "NotWhatWasReviewed",
    "NothingSent",
    "TakenBack",
    "begin",
    "open_addition",
    "send_addition",
]


@dataclass(frozen=True, kw_only=True)
class Addition:
    """Documents that are chosen and not sent; the first addition has the number 1, whatever else was sent before."""

    number: int
    draft: Draft

    @property
    def code(self) -> Code:
        """Its own, never shown to anybody."""
        return self.draft.code

    @property
    def reviewed(self) -> str:
        """Names exactly what a page that lists the files shows, so that sending can tell whether it is the same."""
        files = [[file.name, file.size, file.facts.sha256] for file in self.draft.files]
        return sha256(canonical_json([self.number, files])).hexdigest()


def open_addition(desk: Desk, code: Code) -> Addition:
    """The addition that can be sent next, with what is chosen for it so far. Raises NothingSent and TakenBack."""
    first = first_of(desk.engine, code)
    with reading(desk.engine) as connection:
        if cases.of(connection, first.id).taken_back_at:
            raise TakenBack
        number = follow_ups.count(connection, first.id, FollowUpKind.ADDITION) + 1
    own = code_of(code, FollowUpKind.ADDITION, number)
    draft = read(desk.engine, own) or Draft.empty(own, FORMS[FormKey(first.form)], desk.clock())
    return Addition(number=number, draft=draft)


def begin(desk: Desk, addition: Addition) -> None:
    """Make room for its files; where there is room already, nothing happens."""
    with desk.engine.begin() as connection:
        create(connection, addition.code, addition.draft.form, addition.draft.form_version, desk.clock())


def send_addition(
    desk: Desk, code: Code, number: int, *, reviewed: str, receiver: Receiver, language: Language
) -> Receipt:
    """Accept the addition of this number and return its receipt, read back from the store.

    Sending it again, at once or later, returns the same receipt. Raises NothingSent, TakenBack, NotComplete where no
    file is chosen, NotWhatWasReviewed and NotAccepted.
    """
    own = code_of(code, FollowUpKind.ADDITION, number)
    already = find(desk.engine, own)
    if already:
        return already
    addition = open_addition(desk, code)
    if addition.number != number or addition.reviewed != reviewed:
        raise NotWhatWasReviewed
    if not addition.draft.files:
        raise NotComplete("files")
    _send(desk, code, addition, receiver, language)
    receipt = find(desk.engine, own)
    if receipt is None:
        raise NotAccepted
    return receipt


def _send(desk: Desk, code: Code, addition: Addition, receiver: Receiver, language: Language) -> None:
    draft = addition.draft
    sending = Sending(
        first=first_of(desk.engine, code),
        kind=FollowUpKind.ADDITION,
        code=addition.code,
        receiver=receiver,
        language=language,
    )

    def take_in(connection: sa.Connection, parcel: Parcel) -> None:
        demand_same(connection, draft)
        cases.mark_added(connection, sending.first.id, now=parcel.accepted_at, is_unscanned=parcel.is_unscanned)
        drafts.delete(connection, addition.code.draft_id)

    try:
        send(desk, sending, lambda: contents(desk.engine, draft), then=take_in)
    except AlreadySubmitted:
        return
    except FilesAreMissing:
        # Another click was faster and took the files, or another window removed one.
        if not find(desk.engine, addition.code):
            raise NotWhatWasReviewed from None
