"""What case workers do with a case: each deed once, written down, and sealed where it is words."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.casework import assignment, dates, notes, power
from forms_app.casework.assignment import AssignedMeanwhile, NotAColleague
from forms_app.casework.notes import EmptyNote, Note, NoteTooLong
from forms_app.casework.status import Change, set_status
from forms_app.forms.definition import FormKey
from forms_app.settings import Settings
from forms_app.storage import audit, cases, submissions
from forms_app.storage.cases import Case
from forms_app.storage.casework_tables import case_notes
from forms_app.storage.engine import reading
from forms_app.storage.tables import AnsweredBy, CaseStatus

Sent = Callable[..., str]
ME, COLLEAGUE, STRANGER = (uuid.UUID(int=number) for number in (1, 2, 3))
ACTOR = f"staff:{ME}"
PEOPLE = {ME, COLLEAGUE}


@pytest.fixture
def case_of(database: sa.Engine) -> Callable[[str], Case]:
    """The case as it stands now."""

    def read(reference: str) -> Case:
        with reading(database) as connection:
            row = submissions.by_reference(connection, reference)
            assert row
            return cases.of(connection, row.id)

    return read


@pytest.fixture
def trail(database: sa.Engine) -> Callable[[Case], list[str]]:
    """What our case worker did with it."""

    def read(case: Case) -> list[str]:
        with reading(database) as connection:
            return [one.action for one in audit.entries(connection, str(case.submission_id)) if one.actor == ACTOR]

    return read


@pytest.fixture
def assign(database: sa.Engine, clock: MovableClock) -> Callable[..., bool]:
    def assign(case: Case, to: uuid.UUID | None, seen: uuid.UUID | None) -> bool:
        return assignment.assign(database, clock, case, to, seen=seen, colleagues=PEOPLE, actor=ACTOR)

    return assign


def test_a_case_is_taken_handed_over_and_let_go_of(
    sent: Sent, case_of: Callable[[str], Case], trail: Callable[[Case], list[str]], assign: Callable[..., bool]
) -> None:
    reference = sent()
    assert assign(case_of(reference), ME, None)
    assert not assign(case_of(reference), ME, ME)
    assert assign(case_of(reference), COLLEAGUE, ME)
    assert case_of(reference).assignee == COLLEAGUE
    assert assign(case_of(reference), None, COLLEAGUE)
    case = case_of(reference)
    assert (case.assignee, case.assigned_at) == (None, None)
    assert trail(case) == [f"assigned to staff:{ME}", f"assigned to staff:{COLLEAGUE}", "released"]


def test_nobody_takes_a_case_that_another_took_meanwhile(
    sent: Sent, case_of: Callable[[str], Case], trail: Callable[[Case], list[str]], assign: Callable[..., bool]
) -> None:
    reference = sent()
    seen = case_of(reference)
    assign(seen, COLLEAGUE, None)
    with pytest.raises(AssignedMeanwhile):
        assign(seen, ME, None)
    assert case_of(reference).assignee == COLLEAGUE
    assert trail(seen) == [f"assigned to staff:{COLLEAGUE}"]


def test_a_case_goes_to_colleagues_only(
    sent: Sent, case_of: Callable[[str], Case], assign: Callable[..., bool]
) -> None:
    case = case_of(sent())
    with pytest.raises(NotAColleague):
        assign(case, STRANGER, None)


@pytest.fixture
def keep(database: sa.Engine, clock: MovableClock, settings: Settings) -> Callable[[Case, str], None]:
    recipients = settings.recipients["arendal"]
    return lambda case, text: notes.add(database, clock, recipients, case, text, actor=ACTOR)


def test_a_note_is_sealed_and_read_back_with_its_author_and_time(
    sent: Sent,
    case_of: Callable[[str], Case],
    trail: Callable[[Case], list[str]],
    keep: Callable[[Case, str], None],
    database: sa.Engine,
    identities: tuple[Identity, ...],
    clock: MovableClock,
) -> None:
    case = case_of(sent())
    keep(case, "  Ringte mor.\r\nHun ringer igjen. ")
    assert notes.read(database, identities, case) == [
        Note(at=clock(), author=ACTOR, text="Ringte mor.\nHun ringer igjen.")
    ]
    assert notes.read(database, (Identity.generate(),), case) == [Note(at=clock(), author=ACTOR, text=None)]
    with reading(database) as connection:
        (stored,) = connection.execute(sa.select(case_notes.c.sealed)).scalars()
    assert b"Ringte" not in stored
    assert trail(case) == ["wrote a note"]


@pytest.mark.parametrize(("text", "error"), [("  \n ", EmptyNote), ("x" * (notes.LONGEST + 1), NoteTooLong)])
def test_a_note_has_words_and_an_end(
    sent: Sent, case_of: Callable[[str], Case], keep: Callable[[Case, str], None], text: str, error: type[Exception]
) -> None:
    case = case_of(sent())
    with pytest.raises(error):
        keep(case, text)


@pytest.mark.parametrize("change", ["swap", "author", "time"])
def test_a_note_that_does_not_belong_is_not_shown(
    sent: Sent,
    case_of: Callable[[str], Case],
    keep: Callable[[Case, str], None],
    database: sa.Engine,
    identities: tuple[Identity, ...],
    intruder: sa.Engine,
    clock: MovableClock,
    change: str,
) -> None:
    mine, other = case_of(sent()), case_of(sent())
    keep(mine, "Om min sak.")
    values: dict[str, Any] = {
        "swap": {"case_id": other.id},
        "author": {"author": f"staff:{COLLEAGUE}"},
        "time": {"at": clock() - timedelta(days=1)},
    }[change]
    with intruder.begin() as connection:
        connection.execute(sa.update(case_notes).values(**values))
    (note,) = notes.read(database, identities, other if change == "swap" else mine)
    assert note.text is None


def test_an_erased_note_is_gone(
    sent: Sent,
    case_of: Callable[[str], Case],
    keep: Callable[[Case, str], None],
    database: sa.Engine,
    identities: tuple[Identity, ...],
) -> None:
    case = case_of(sent())
    keep(case, "Om min sak.")
    with database.begin() as connection:
        connection.execute(sa.update(case_notes).values(sealed=None))
    assert notes.read(database, identities, case) == []


def test_the_power_of_attorney_that_was_named_is_found_in_the_same_municipality_only(
    sent: Sent, database: sa.Engine
) -> None:
    ours = sent(FormKey.POWER_OF_ATTORNEY)
    theirs = sent(FormKey.POWER_OF_ATTORNEY, place="kristiansand")
    application = sent()

    def named(typed: Any) -> power.NamedPower | None:
        return power.named_power(database, {"authority_reference": typed}, "arendal")

    found = named(ours.lower().replace("-", " "))
    assert found
    assert found.case
    assert found.reference == ours
    for reference in (theirs, application, "K7M2-9QXK"):
        other = named(reference)
        assert other
        assert other.case is None
    mistyped = named("K7M2-9QXX")
    assert mistyped
    assert (mistyped.reference, mistyped.case) == (None, None)
    assert named(None) is None
    assert power.named_power(database, {}, "arendal") is None


def test_the_right_to_act_is_confirmed_and_taken_back_each_once(
    sent: Sent,
    case_of: Callable[[str], Case],
    trail: Callable[[Case], list[str]],
    database: sa.Engine,
    clock: MovableClock,
) -> None:
    reference = sent(FormKey.POWER_OF_ATTORNEY)
    case = case_of(reference)
    assert case.is_unconfirmed
    said = [power.confirm(database, clock, case, is_confirmed=one, actor=ACTOR) for one in (True, True)]
    assert said == [True, False]
    assert not case_of(reference).is_unconfirmed
    entry = power.last_confirmation(database, case)
    assert entry
    assert entry.actor == ACTOR
    assert power.confirm(database, clock, case, is_confirmed=False, actor=ACTOR)
    assert power.last_confirmation(database, case) is None
    assert trail(case) == [power.CONFIRMED, power.UNCONFIRMED]


def test_what_was_due_is_done_once(
    sent: Sent,
    case_of: Callable[[str], Case],
    trail: Callable[[Case], list[str]],
    database: sa.Engine,
    clock: MovableClock,
) -> None:
    reference = sent()
    case, today = case_of(reference), clock().date()
    kinds = ["no such", "preliminary_answer", "preliminary_answer"]
    assert [dates.meet(database, clock, case, kind, on=today, actor=ACTOR) for kind in kinds] == [False, True, False]
    assert [one.done_on for one in case_of(reference).deadlines] == [today]
    assert trail(case) == ["met preliminary_answer"]


def test_an_answer_meets_the_dates_of_a_case_and_leaves_those_of_a_complaint(
    sent: Sent, case_of: Callable[[str], Case], database: sa.Engine, clock: MovableClock
) -> None:
    application = sent()
    complaint = sent(FormKey.COMPLAINT, place="rudersdal", service="social_dk")
    today = clock().date()
    for reference in (application, complaint):
        change = Change(status=CaseStatus.ANSWERED, on=today, by=AnsweredBy.LETTER)
        assert set_status(database, clock, reference, change, actor=ACTOR)
    done: list[list[date | None]] = [
        [one.done_on for one in case_of(reference).deadlines] for reference in (application, complaint)
    ]
    assert done == [[today], [None]]
