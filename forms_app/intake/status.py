"""What a citizen may know of what they sent: where it stands, what was sent later, and their own copy of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.forms.follow_up import FollowUpKind
from forms_app.intake import receipts
from forms_app.intake.follow_ups import code_of
from forms_app.intake.receipts import Receipt
from forms_app.sealing.attached import BindingMismatch, FileFacts
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import open_envelope
from forms_app.storage import audit, case_events, cases, deliveries, follow_ups, invitations, own_copies, submissions
from forms_app.storage.case_events import CaseEvent
from forms_app.storage.cases import Case
from forms_app.storage.deliveries import CONFIRMATION_MAIL, HANDS_NOTHING_OVER
from forms_app.storage.engine import reading
from forms_app.storage.invitations import StoredInvitation
from forms_app.storage.submissions import Submission
from forms_app.storage.tables import CaseStatus, DeliveryStatus


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One sending. `kept` has the positions of the files that the sender still has a copy of; `code` opens it all."""

    row: Submission
    code: Code
    receipt: Receipt | None
    kept: frozenset[int]

    @property
    def has_copy(self) -> bool:
        """Whether the sender has a copy of what was sent, and not the receipt alone."""
        return self.row.own_copy is not None


@dataclass(frozen=True, kw_only=True)
class SentLater:
    """A sending about the first one; 1 is the first of them."""

    kind: FollowUpKind
    number: int
    sent: Sent


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where it stands. `handed_over_at` is when all that was owed to the municipality's own systems had gone there.

    Of an `invitation` to confirm it is known whether it was answered, and nothing else.
    """

    first: Sent
    later: tuple[SentLater, ...]
    case: Case
    events: tuple[CaseEvent, ...]
    handed_over_at: datetime | None
    invitation: StoredInvitation | None

    @property
    def has_copy(self) -> bool:
        """Whether the sender has a copy of any of it."""
        return any(sent.has_copy for sent in self.sendings.values())

    @property
    def waits_for_answer(self) -> bool:
        """Whether somebody was invited to confirm it, and has not answered while the case is open."""
        is_over = bool(self.case.taken_back_at) or self.case.status is CaseStatus.CLOSED
        return self.invitation is not None and self.invitation.answered_at is None and not is_over

    @property
    def sendings(self) -> dict[int, Sent]:
        """Everything by its number; 0 is the form."""
        return {0: self.first, **{one.number: one.sent for one in self.later}}


@dataclass(frozen=True, kw_only=True)
class OwnFile:
    """A file as it was sent."""

    facts: FileFacts
    content: bytes


def find(engine: sa.Engine, code: Code) -> Standing | None:
    """What was sent with this code; None where nothing was. Raises BindingMismatch when envelopes were swapped."""
    with reading(engine) as connection:
        row = submissions.by_draft(connection, code.draft_id)
        if row is None:
            return None
        case = cases.of(connection, row.id)
        mail = deliveries.state_of(connection, row.id, CONFIRMATION_MAIL)
        return Standing(
            first=_sent(connection, row, code, mail),
            later=tuple(_later(connection, row, code)),
            case=case,
            events=tuple(case_events.of(connection, case.id)),
            handed_over_at=case.handed_over_at or _passed_on_at(deliveries.of(connection, row.id)),
            invitation=invitations.of(connection, row.id),
        )


def own_file(engine: sa.Engine, standing: Standing, number: int, position: int) -> OwnFile | None:
    """A file as it was sent, from the sender's own copy; None where there is none. Raises BindingMismatch."""
    sent = standing.sendings.get(number)
    if sent is None or sent.receipt is None or position not in sent.kept:
        return None
    with reading(engine) as connection:
        envelope = own_copies.file(connection, sent.row.id, position)
    if envelope is None:
        return None
    content = open_envelope(envelope, [sent.code.age_identity])
    facts = sent.receipt.files[position - 1]
    if not facts.fits(content):
        raise BindingMismatch(f"{sent.row.id}: own file {position}")
    return OwnFile(facts=facts, content=content)


def delete_own_copy(engine: sa.Engine, clock: Clock, standing: Standing) -> None:
    """Delete the sender's copy of everything; the municipality's envelopes and all receipts stay."""
    id = standing.first.row.id
    with engine.begin() as connection:
        if own_copies.delete(connection, id):
            audit.record(connection, at=clock(), actor="citizen", action="deleted own copy", subject=str(id))


def _later(connection: sa.Connection, row: Submission, code: Code) -> Iterator[SentLater]:
    of_kind: Counter[FollowUpKind] = Counter()
    for one in follow_ups.of(connection, row.id):
        of_kind[one.kind] += 1
        own = code_of(code, one.kind, of_kind[one.kind])
        yield SentLater(kind=one.kind, number=one.number, sent=_sent(connection, one.submission, own))


def _sent(connection: sa.Connection, row: Submission, code: Code, mail: DeliveryStatus | None = None) -> Sent:
    return Sent(
        row=row,
        code=code,
        receipt=receipts.read(row, code, mail=mail),
        kept=own_copies.kept_files(connection, row.id),
    )


def _passed_on_at(owed: list[deliveries.Delivery]) -> datetime | None:
    """A channel that proves nothing has taken it all the same; the case worker's list tells the two apart."""
    hand_overs = [one for one in owed if one.kind not in HANDS_NOTHING_OVER]
    done = [one.finished_at for one in hand_overs if one.state is DeliveryStatus.SUCCEEDED and one.finished_at]
    return max(done) if done and len(done) == len(hand_overs) else None
