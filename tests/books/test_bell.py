"""An alarm is told once when it begins, once a day while it lasts and once when it ends, whichever worker looks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock

from forms_app.books.alarms import Alarm, AlarmKind
from forms_app.books.bell import Bell
from forms_app.delivery.alarm_mail import AlarmMail
from forms_app.errors import PortalError
from forms_app.storage import alarms
from forms_app.storage.engine import reading
from tests.mail_servers import SENDER, Postbox, mail_server

GAP = Alarm(kind=AlarmKind.BOOKS_GAP, subject="arendal", count=2, names=("K7M2-9QXK", "ABCD-2345"), detail="missing")
SILENT = Alarm(kind=AlarmKind.WORKER_SILENT, subject="host1")
Lines = list[tuple[str, str, str, int]]
Told = Callable[..., Lines]


@pytest.fixture
def bell(engine: sa.Engine, clock: MovableClock) -> Bell:
    return Bell(engine=engine, clock=clock)


@pytest.fixture
def told() -> Told:
    """Rings, and returns what stands in the log."""

    def ring(bell: Bell, *found: Alarm) -> Lines:
        with structlog.testing.capture_logs() as lines:
            bell.ring(found)
        return [(one["event"], one["state"], one["subject"], one["count"]) for one in lines if "state" in one]

    return ring


def test_an_alarm_is_told_when_it_begins_daily_and_when_it_ends(bell: Bell, told: Told, clock: MovableClock) -> None:
    assert told(bell) == []
    assert told(bell, GAP) == [("books_gap", "begins", "arendal", 2)]
    for unused_minute in range(3):
        clock.move(minutes=1)
        assert told(bell, GAP) == []
    clock.move(days=1)
    assert told(bell, GAP) == [("books_gap", "lasts", "arendal", 2)]
    assert told(bell, GAP) == []
    assert told(bell) == [("books_gap", "ends", "arendal", 2)]
    assert told(bell) == []
    assert told(bell, GAP) == [("books_gap", "begins", "arendal", 2)]


def test_another_worker_or_one_that_was_restarted_does_not_tell_it_again(
    bell: Bell, told: Told, engine: sa.Engine, clock: MovableClock
) -> None:
    assert told(bell, GAP)
    assert told(Bell(engine=engine, clock=clock), GAP) == []
    assert told(Bell(engine=engine, clock=clock)) == [("books_gap", "ends", "arendal", 2)]


def test_more_of_it_is_told_but_at_most_once_an_hour(bell: Bell, told: Told, clock: MovableClock) -> None:
    told(bell, GAP)
    clock.move(minutes=59)
    assert told(bell, replace(GAP, count=3)) == []
    clock.move(minutes=1)
    assert told(bell, replace(GAP, count=3)) == [("books_gap", "grows", "arendal", 3)]
    assert told(bell, replace(GAP, count=9)) == []
    clock.move(hours=2)
    assert told(bell, replace(GAP, count=3)) == []


def test_each_subject_is_an_alarm_of_its_own(bell: Bell, told: Told) -> None:
    told(bell, GAP)
    other = replace(GAP, subject="rudersdal", count=1)
    assert told(bell, GAP, other) == [("books_gap", "begins", "rudersdal", 1)]
    assert told(bell, other) == [("books_gap", "ends", "arendal", 2)]


def test_a_line_is_an_error_with_references_and_its_end_is_none(bell: Bell) -> None:
    with structlog.testing.capture_logs() as lines:
        bell.ring([GAP])
        bell.ring([])
    begin, end = lines
    assert (begin["log_level"], begin["reference"]) == ("error", "K7M2-9QXK, ABCD-2345")
    assert (end["log_level"], end["reference"]) == ("warning", None)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


@pytest.fixture
def mailing(engine: sa.Engine, clock: MovableClock, postbox: Postbox) -> Bell:
    send = AlarmMail(
        server=postbox.server, recipient="drift@example.org", source="https://portal.example.org", clock=clock
    )
    return Bell(engine=engine, clock=clock, send=send)


def texts(postbox: Postbox) -> list[str]:
    return [str(mail.get_content()).replace("\r\n", "\n") for mail in postbox.mails]


def test_a_mail_says_what_is_wrong_and_what_to_do(mailing: Bell, told: Told, postbox: Postbox) -> None:
    told(mailing, GAP, SILENT)
    (mail,) = postbox.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == ("Portal: alarms, 2 begin", "drift@example.org", SENDER)
    assert mail["Auto-Submitted"] == "auto-generated"
    text = texts(postbox)[0]
    assert "BEGINS  books_gap, arendal: 2, since 2026-11-23T12:00:00.000000Z\n" in text
    assert "\nK7M2-9QXK\nABCD-2345\n" in text
    assert "(missing)" in text
    assert "BEGINS  worker_silent, host1: 1" in text
    assert text.count("What to do: ") == 2
    assert text.endswith("https://portal.example.org\n")


def test_one_mail_each_time_there_is_something_to_say(
    mailing: Bell, told: Told, postbox: Postbox, clock: MovableClock
) -> None:
    told(mailing, GAP)
    told(mailing, GAP)
    clock.move(days=1)
    told(mailing, GAP, SILENT)
    told(mailing, SILENT)
    told(mailing, SILENT)
    assert [mail["Subject"] for mail in postbox.mails] == [
        "Portal: alarms, 1 begins",
        "Portal: alarms, 1 begins, 1 lasts",
        "Portal: alarms, 1 is over",
    ]
    assert "IS OVER  books_gap, arendal, since 2026-11-23" in texts(postbox)[-1]
    with reading(mailing.engine) as connection:
        assert [one.kind for one in alarms.known(connection)] == ["worker_silent"]


def test_a_long_list_is_cut(mailing: Bell, told: Told, postbox: Postbox) -> None:
    names = tuple(f"R{number:03}" for number in range(200))
    told(mailing, replace(GAP, count=431, names=names))
    text = texts(postbox)[0]
    assert ("R019" in text, "R020" in text, "and 411 more" in text) == (True, False, True)


def test_a_mail_that_cannot_be_sent_is_owed_also_by_whoever_looks_next(
    mailing: Bell, told: Told, postbox: Postbox
) -> None:
    postbox.answers["DATA"] = ["451 later"]
    with structlog.testing.capture_logs() as lines:
        mailing.ring([GAP])
    assert [one["event"] for one in lines] == ["books_gap", "alarm_not_mailed"]
    # Not every minute anew.
    told(mailing, GAP)
    assert (postbox.mails, len(postbox.refused)) == ([], 1)
    told(replace(mailing), GAP)
    assert [mail["Subject"] for mail in postbox.mails] == ["Portal: alarms, 1 begins"]


def test_what_ended_before_a_mail_could_be_sent_is_told_as_ended(mailing: Bell, told: Told, postbox: Postbox) -> None:
    postbox.answers["DATA"] = ["451 later"]
    told(mailing, GAP)
    told(mailing)
    told(replace(mailing))
    assert [mail["Subject"] for mail in postbox.mails] == ["Portal: alarms, 1 is over"]
    told(replace(mailing), GAP)
    assert [mail["Subject"] for mail in postbox.mails][1:] == ["Portal: alarms, 1 begins"]


def test_what_ends_and_begins_while_no_mail_goes_begins(mailing: Bell, told: Told, postbox: Postbox) -> None:
    postbox.answers["DATA"] = ["451 later"]
    told(mailing, GAP)
    told(mailing)
    told(mailing, GAP)
    told(replace(mailing), GAP)
    assert [mail["Subject"] for mail in postbox.mails] == ["Portal: alarms, 1 begins"]


def test_a_database_that_cannot_be_written_tells_nothing_and_says_so(bell: Bell) -> None:
    with bell.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alarms")
    with pytest.raises(sa.exc.DBAPIError):
        bell.ring([GAP])


def test_whatever_a_mail_fails_with_is_one_of_our_errors(bell: Bell, told: Told) -> None:
    class Failed(PortalError):
        """No."""

    def send(*unused: Any) -> None:
        raise Failed

    bell.send = send
    assert told(bell, GAP) == [("books_gap", "begins", "arendal", 2)]
