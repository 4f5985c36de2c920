"""An invitation and its answer are stored whole and once, and each can be read by those it is for and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from counter import TYPED, Counter, rows
from movable_clock import SUNDAY_NOON, MovableClock
from people import AGENT, CITIZEN
from pyrage.x25519 import Identity

from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.follow_up import FollowUpKind
from forms_app.intake import drafts, follow_ups, invitations, receipts, status, withdrawal
from forms_app.intake.follow_ups import invitation_of
from forms_app.intake.invitations import Asked, Invitation, NoLongerAsked
from forms_app.intake.parcels import NotAccepted, Receiver
from forms_app.intake.receipts import Receipt
from forms_app.language import Language
from forms_app.sealing.attached import BindingMismatch
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import CannotOpen, open_envelope, seal_to_one
from forms_app.sealing.submission import open_submission
from forms_app.storage import audit, cases, deliveries
from forms_app.storage import follow_ups as later_rows
from forms_app.storage import invitations as stored_invitations
from forms_app.storage.engine import reading
from forms_app.storage.tables import CaseStatus
from forms_app.storage.tables import invitations as table

Listen = Callable[[Callable[[str], None]], None]
SAID = {
    "confirmation": "agree",
    "confirmation_words": "Ja",
    "confirmation_name": None,
    "confirmation_phone": None,
}
WRITES = ("INSERT INTO submissions ", "INSERT INTO follow_ups ", "UPDATE invitations", "UPDATE cases", "INSERT INTO au")


def begin(counter: Counter, authority: str = "invite") -> Code:
    """A complaint for another person, ready to be sent."""
    now = counter.desk.clock()
    code = drafts.begin(counter.desk.engine, COMPLAINT, now)
    for_another = {
        "role": {"role": ["other"]},
        "sender": {"sender_name": [AGENT.name]},
        "another": {"name_of_person": [CITIZEN.name]},
        "authority": {"authority": [authority]},
    }
    for step, typed in (TYPED | for_another).items():
        if step != "myself":
            drafts.save_step(counter.desk.engine, code, step, typed, read_revision=0, now=now)
    return code


@pytest.fixture
def code(counter: Counter) -> Code:
    """Of a complaint that was sent with an invitation."""
    code = begin(counter)
    counter.send(code)
    return code


def found(counter: Counter, code: Code) -> Invitation:
    invitation = invitations.find(counter.desk.engine, invitation_of(code))
    assert invitation
    return invitation


def receiver(counter: Counter) -> Receiver:
    return Receiver(
        municipality=counter.settings.deployment.municipality("rudersdal"),
        recipients=counter.settings.recipients["rudersdal"],
    )


def answer(counter: Counter, code: Code, said: dict[str, Any] | None = None) -> Receipt:
    return invitations.answer(
        counter.desk, found(counter, code), said or SAID, receiver=receiver(counter), language=Language.DA
    )


def test_the_text_opens_with_the_invitation_s_code_only(
    counter: Counter, code: Code, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    invitation = found(counter, code)
    assert invitation.asked == Asked(sender=AGENT.name, person=CITIZEN.name)
    assert (invitation.is_open, invitation.has_ended, invitation.answered_at) == (True, False, None)
    with reading(database) as connection:
        (row,) = connection.execute(sa.select(table))
    assert row.created_at == SUNDAY_NOON
    for stranger in (code.age_identity, Code.new().age_identity, *identities):
        with pytest.raises(CannotOpen):
            open_envelope(row.sealed, [stranger])
    for other in (code, Code.new()):
        assert invitations.find(counter.desk.engine, other) is None
    assert receipts.find(counter.desk.engine, invitation_of(code)) is None


@pytest.mark.parametrize("authority", ["given_here", "attached", "later", "by_role"])
def test_nobody_is_invited_unless_the_sender_wants_it(counter: Counter, database: sa.Engine, authority: str) -> None:
    code = begin(counter, authority)
    counter.send(code)
    assert rows(database)["invitations"] == 0
    standing = status.find(counter.desk.engine, code)
    assert standing
    assert not standing.waits_for_answer


def test_a_form_whose_invitation_cannot_be_stored_is_not_sent(
    counter: Counter, database: sa.Engine, on_statement: Listen
) -> None:
    code = begin(counter)
    before = rows(database)

    def fail(statement: str) -> None:
        if statement.startswith("INSERT INTO invitations"):
            raise OSError("the disk is full")

    on_statement(fail)
    with pytest.raises(OSError, match="full"):
        counter.send(code)
    assert rows(database) == before


def test_an_answer_is_sealed_to_the_municipality_and_its_sender_keeps_a_receipt_only(
    counter: Counter, code: Code, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    receipt = answer(counter, code)
    with reading(database) as connection:
        first = found(counter, code).first
        (later,) = later_rows.of(connection, first.id)
        owed = deliveries.of(connection, later.submission.id)
        trail = [entry.action for entry in audit.entries(connection, str(first.id))]
        case = cases.of(connection, first.id)
        stored = stored_invitations.of(connection, first.id)
    row = later.submission
    assert row.answers
    opened = open_submission(row.answers, identities, expected=row.binding)
    assert opened.answers == {"confirmation": {"number": 1, **SAID}}
    assert receipt.binding == row.binding
    assert row.reference == f"{first.reference}-1"
    assert (receipt.answers, receipt.salt, row.own_copy) == (None, None, None)
    assert receipt.signed.signer([counter.desk.signer.public_key])
    assert [one.key for one in owed] == [f"folder:{row.id}"]
    assert (case.news_at, case.is_unconfirmed) == (SUNDAY_NOON, True)
    assert trail == ["submitted", "answered an invitation"]
    assert stored
    assert (stored.sealed, stored.answered_at) == (None, SUNDAY_NOON)
    again = found(counter, code)
    assert (again.asked, again.is_open) == (None, False)


def test_the_sender_sees_that_it_was_answered(counter: Counter, code: Code) -> None:
    before = status.find(counter.desk.engine, code)
    answer(counter, code)
    after = status.find(counter.desk.engine, code)
    assert before
    assert after
    assert (before.waits_for_answer, after.waits_for_answer) == (True, False)
    assert [(one.kind, one.number) for one in after.later] == [(FollowUpKind.CONFIRMATION, 1)]
    (one,) = after.later
    assert one.sent.receipt
    assert one.sent.receipt.answers is None
    assert not one.sent.has_copy


def test_the_first_answer_counts(counter: Counter, code: Code, database: sa.Engine) -> None:
    first = answer(counter, code)
    before = rows(database)
    assert answer(counter, code, SAID | {"confirmation": "disagree"}) == first
    assert rows(database) == before


@pytest.mark.parametrize("statement", WRITES)
def test_when_any_statement_fails_nothing_is_stored_and_it_can_be_answered_again(
    counter: Counter, code: Code, database: sa.Engine, statement: str
) -> None:
    before = rows(database)

    def fail(unused_connection: object, unused_cursor: object, text: str, *unused_rest: object) -> None:
        if text.startswith(statement):
            raise OSError("the disk is full")

    sa.event.listen(counter.desk.engine, "before_cursor_execute", fail)
    with pytest.raises(OSError, match="full"):
        answer(counter, code)
    sa.event.remove(counter.desk.engine, "before_cursor_execute", fail)
    assert rows(database) == before
    assert found(counter, code).is_open
    answer(counter, code)
    assert rows(database)["follow_ups"] == 1


def test_nobody_waits_after_the_case_was_taken_back_or_closed_not_even_in_the_same_moment(
    counter: Counter, code: Code, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = follow_ups.seal_parcel

    def seal_after(end: Callable[[], object]) -> None:
        def sealing(*arguments: object, **named: object) -> object:
            monkeypatch.undo()
            end()
            return seal(*arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(follow_ups, "seal_parcel", sealing)

    seal_after(lambda: close(database, found(counter, code)))
    with pytest.raises(NoLongerAsked):
        answer(counter, code)
    assert found(counter, code).has_ended
    with database.begin() as connection:
        cases.set_status(connection, cases.of(connection, found(counter, code).first.id).id, CaseStatus.IN_PROGRESS)
    seal_after(
        lambda: withdrawal.take_back(counter.desk, code, receiver=receiver(counter), language=Language.DA),
    )
    with pytest.raises(NoLongerAsked):
        answer(counter, code)
    standing = status.find(counter.desk.engine, code)
    assert standing
    assert not standing.waits_for_answer
    assert rows(database)["follow_ups"] == 1


def close(database: sa.Engine, invitation: Invitation) -> None:
    with database.begin() as connection:
        cases.set_status(connection, cases.of(connection, invitation.first.id).id, CaseStatus.CLOSED)


def test_a_store_that_is_always_too_slow_accepts_no_answer(
    counter: Counter, code: Code, clock: MovableClock, on_statement: Listen, database: sa.Engine
) -> None:
    before = rows(database)
    on_statement(lambda statement: clock.move(minutes=2) if "INSERT INTO audit" in statement else None)
    with pytest.raises(NotAccepted):
        answer(counter, code)
    assert rows(database) == before


def test_an_answer_that_was_erased_before_it_was_told_is_not_accepted_again(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "find_receipt", lambda *unused_arguments: None)
    with pytest.raises(NotAccepted):
        answer(counter, code)


def test_the_text_of_another_invitation_is_refused(counter: Counter, code: Code, database: sa.Engine) -> None:
    invitation = found(counter, code)
    text = {"format": 1, "what": "invitation", "submission_id": "another", "sender": "x", "person": "y"}
    swapped = seal_to_one(canonical_json(text), invitation.code.public_half)
    with database.begin() as connection:
        connection.execute(sa.update(table).values(sealed=swapped))
    with pytest.raises(BindingMismatch):
        found(counter, code)


def test_an_invitation_that_is_gone_takes_no_answer(counter: Counter, code: Code, database: sa.Engine) -> None:
    invitation = found(counter, code)
    with database.begin() as connection:
        connection.execute(sa.delete(table))
    with pytest.raises(NoLongerAsked):
        invitations.answer(counter.desk, invitation, SAID, receiver=receiver(counter), language=Language.NB)
