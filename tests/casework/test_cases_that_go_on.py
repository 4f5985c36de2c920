"""What was sent later is opened with the case, and staff say where it stands."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from case_pages import add, take_back
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import reference_of
from movable_clock import SUNDAY_NOON, MovableClock
from people import CASEWORKER
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.casework.inbox import lines
from forms_app.casework.opening import Erased, OpenedCase, UnknownReference, open_case
from forms_app.casework.status import AnswerIncomplete, Change, WrongDay, history, set_status
from forms_app.documents.follow_up import NotAFollowUp, follow_up_file
from forms_app.documents.text import to_text
from forms_app.forms.follow_up import FollowUpKind
from forms_app.language import Language
from forms_app.references.reference import WrongReference
from forms_app.sealing.submission import BindingMismatch
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.engine import reading
from forms_app.storage.tables import AnsweredBy, CaseStatus, attachments, follow_ups, submissions
from forms_app.storage.tables import audit as audit_rows

MORE = File(name="mer.txt", content=b"mer")


@pytest.fixture
def send(app: Flask, clock: MovableClock) -> Callable[..., str]:
    """Sends an application, adds a document and withdraws it, each if told to; returns the reference."""

    def send(*, added: bool = False, withdrawn: bool = False) -> str:
        clock.move(minutes=1)
        client = CheckedClient(app)
        journey = Rehearsed(client, Language.NB, "application")
        reference = reference_of(journey.send())
        if added:
            add(client, journey, MORE)
        if withdrawn:
            take_back(client, journey)
        return reference

    return send


@pytest.fixture
def opening(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]) -> Callable[[str], OpenedCase]:
    return lambda reference: open_case(database, clock, identities, reference, actor=CASEWORKER.name)


@pytest.fixture
def say(database: sa.Engine, clock: MovableClock) -> Callable[..., bool]:
    """Sets a status as our case worker does."""
    return lambda reference, status, **also: set_status(
        database, clock, reference, Change(status=status, **also), actor=CASEWORKER.name
    )


def test_a_case_is_opened_with_all_that_was_sent_later(
    send: Callable[..., str], opening: Callable[[str], OpenedCase], settings: Settings
) -> None:
    reference = send(added=True, withdrawn=True)
    case = opening(reference)
    assert [one.kind for one in case.later] == [FollowUpKind.ADDITION, FollowUpKind.WITHDRAWAL]
    assert [[file.content for file in one.files] for one in case.later] == [[b"mer"], []]
    addition, withdrawal = (to_text(follow_up_file(one.submission, settings.deployment)) for one in case.later)
    assert "Tillegg 1" in addition
    assert f"    {reference}-1\n" in addition
    assert f"    {reference}\n" in addition
    assert "mer.txt (1 kB)" in addition
    assert "Trukket tilbake av avsenderen" in withdrawal
    with pytest.raises(NotAFollowUp):
        follow_up_file(case.submission, settings.deployment)


def test_what_came_after_the_opening_stays_news(
    send: Callable[..., str],
    opening: Callable[[str], OpenedCase],
    database: sa.Engine,
    clock: MovableClock,
) -> None:
    quiet, reference = send(), send(withdrawn=True)
    assert [line.row.reference for line in lines(database, clock, (), actor="x")] == [reference, quiet]
    opening(reference)
    (line,) = [one for one in lines(database, clock, (), actor="x") if one.row.reference == reference]
    assert line.row.news_at is None
    assert line.row.withdrawn_at is not None


def test_an_addition_of_another_case_is_refused(
    send: Callable[..., str], opening: Callable[[str], OpenedCase], intruder: sa.Engine
) -> None:
    one, other = send(added=True), send(added=True)
    with intruder.begin() as connection:
        rows = connection.execute(sa.select(submissions.c.reference, submissions.c.id))
        ids = {row.reference: row.id for row in rows}
        connection.execute(
            sa.update(follow_ups)
            .where(follow_ups.c.submission_id == ids[f"{one}-1"])
            .values(follows=ids[other], number=2)
        )
    assert opening(one).later == ()
    with pytest.raises(BindingMismatch, match="follows"):
        opening(other)


@pytest.mark.parametrize("kind", ["withdrawal", "revocation"])
def test_an_addition_that_passes_for_a_withdrawal_is_refused(
    send: Callable[..., str], opening: Callable[[str], OpenedCase], intruder: sa.Engine, kind: str
) -> None:
    reference = send(added=True)
    with intruder.begin() as connection:
        connection.execute(sa.update(follow_ups).values(kind=kind))
    with pytest.raises(BindingMismatch, match="kind"):
        opening(reference)


def test_an_addition_that_lost_its_files_is_told(
    send: Callable[..., str], opening: Callable[[str], OpenedCase], database: sa.Engine
) -> None:
    reference = send(added=True)
    with database.begin() as connection:
        connection.execute(sa.update(attachments).values(sealed=None))
    with pytest.raises(Erased, match=f"{reference}-1"):
        opening(reference)


def test_a_status_is_dated_and_the_trail_knows_who_said_it(
    send: Callable[..., str], say: Callable[..., bool], database: sa.Engine, clock: MovableClock
) -> None:
    reference = send()
    at = clock()
    assert say(reference.lower(), CaseStatus.IN_PROGRESS, text=StatusText.MEETING)
    clock.move(days=1)
    assert not say(reference, CaseStatus.IN_PROGRESS, text=StatusText.MEETING)
    answer = {"on": date(2026, 11, 23), "by": AnsweredBy.MEETING}
    assert say(reference, CaseStatus.ANSWERED, **answer)
    found = history(database, reference)
    assert found.case.status is CaseStatus.ANSWERED
    assert found.events == (
        CaseEvent(at=at, status=CaseStatus.IN_PROGRESS, text=StatusText.MEETING),
        CaseEvent(
            at=at + timedelta(days=1),
            status=CaseStatus.ANSWERED,
            answered_on=date(2026, 11, 23),
            answered_by=AnsweredBy.MEETING,
        ),
    )
    with reading(database) as connection:
        trail = [(entry.actor, entry.action) for entry in audit.entries(connection, str(found.submission.id))]
    assert trail[1:] == [(CASEWORKER.name, "status in_progress"), (CASEWORKER.name, "status answered")]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (CaseStatus.ANSWERED, {}),
        (CaseStatus.ANSWERED, {"on": date(2026, 11, 22)}),
        (CaseStatus.ANSWERED, {"by": AnsweredBy.PHONE}),
        (CaseStatus.CLOSED, {"on": date(2026, 11, 22), "by": AnsweredBy.PHONE}),
        (CaseStatus.RECEIVED, {"by": AnsweredBy.PHONE}),
    ],
)
def test_an_answer_has_a_day_and_a_way_and_nothing_else_has(
    send: Callable[..., str],
    say: Callable[..., bool],
    database: sa.Engine,
    status: CaseStatus,
    answer: dict[str, object],
) -> None:
    reference = send()
    with pytest.raises(AnswerIncomplete):
        say(reference, status, **answer)
    assert history(database, reference).events == ()


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 23), date(2206, 11, 22)])
def test_an_answer_lies_between_the_receipt_and_today(
    send: Callable[..., str], say: Callable[..., bool], day: date
) -> None:
    reference = send()
    with pytest.raises(WrongDay):
        say(reference, CaseStatus.ANSWERED, on=day, by=AnsweredBy.LETTER)
    assert say(reference, CaseStatus.ANSWERED, on=SUNDAY_NOON.date(), by=AnsweredBy.LETTER)


def test_nothing_is_said_when_the_trail_cannot_be_written(
    send: Callable[..., str], say: Callable[..., bool], database: sa.Engine
) -> None:
    reference = send()

    def fail(unused_connection: object, unused_cursor: object, statement: str, *unused_rest: object) -> None:
        if statement.startswith(f"INSERT INTO {audit_rows.name}"):
            raise OSError("the disk is full")

    sa.event.listen(database, "before_cursor_execute", fail)
    with pytest.raises(OSError, match="full"):
        say(reference, CaseStatus.CLOSED)
    sa.event.remove(database, "before_cursor_execute", fail)
    found = history(database, reference)
    assert (found.case.status, found.events) == (CaseStatus.RECEIVED, ())


def test_a_reference_that_is_mistyped_or_unknown_is_told(say: Callable[..., bool], database: sa.Engine) -> None:
    for reference, refusal in (("K7M2-9QXB", WrongReference), ("0000-0000", UnknownReference)):
        with pytest.raises(refusal):
            say(reference, CaseStatus.CLOSED)
        with pytest.raises(refusal):
            history(database, reference)
