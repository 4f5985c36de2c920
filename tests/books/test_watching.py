"""What goes wrong without any request is noticed, and told by its kind, a count and references, never by a name."""

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.books.alarms import MEANING, Alarm, AlarmKind
from forms_app.books.journal import IssueJournal
from forms_app.books.journals import Journals
from forms_app.books.keeping import Bookkeeper
from forms_app.books.watching import Watch, moments
from forms_app.countries import Country, rules_for, working_days_between
from forms_app.municipality import Deployment, load_deployment
from forms_app.settings import REPOSITORY
from forms_app.storage import beats, canaries
from forms_app.storage.tables import cases, deliveries
from forms_app.storage.worker_tables import beats as beat_rows
from tests.books.conftest import NOON, Counter
from tests.books.tampering import delete, deliver
from tests.mail_servers import certificate

Change = Callable[..., None]
MONDAY_NOON = NOON


@pytest.fixture
def deployment() -> Deployment:
    return replace(load_deployment(REPOSITORY / "portal.toml"), demo=False)


@pytest.fixture
def watch(engine: sa.Engine, clock: MovableClock, tmp_path: Path, deployment: Deployment) -> Watch:
    return Watch(
        engine=engine,
        clock=clock,
        deployment=deployment,
        bookkeeper=Bookkeeper(
            engine=engine,
            clock=clock,
            journals=Journals([tmp_path]),
            late=IssueJournal(tmp_path / "issued-late.jsonl"),
        ),
        lists=frozenset({"f" * 64}),
        certificate=None,
        keys={},
        drill_passed=lambda: NOON,
    )


def told(alarms: Sequence[Alarm]) -> list[tuple[AlarmKind, str, int, tuple[str, ...]]]:
    return [(one.kind, one.subject, one.count, one.names) for one in alarms]


def kinds(watch: Watch) -> set[AlarmKind]:
    return {one.kind for one in watch.alarms()}


def test_a_portal_where_all_is_well_says_nothing(watch: Watch, counter: Counter, change: Change) -> None:
    counter.take("A")
    assert watch.alarms() == []


def test_a_gap_in_the_books_is_told_by_municipality(watch: Watch, counter: Counter, change: Change) -> None:
    for name, place in (("A", "arendal"), ("B", "arendal"), ("C", "rudersdal"), ("D", "rudersdal")):
        counter.take(name, municipality=place)
    change(*delete("A"), *delete("B"), *delete("C"))
    assert told(watch.alarms()) == [
        (AlarmKind.BOOKS_GAP, "arendal", 2, ("A", "B")),
        (AlarmKind.BOOKS_GAP, "rudersdal", 1, ("C",)),
    ]
    assert watch.alarms()[0].detail == "missing"


def test_a_damaged_journal_is_a_gap_of_no_municipality(watch: Watch, counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "issued.jsonl").write_bytes(b"no json\n")
    assert told(watch.alarms()) == [(AlarmKind.BOOKS_GAP, "", 1, ())]


def test_a_journal_that_cannot_be_read_hides_no_other_alarm(watch: Watch, counter: Counter, tmp_path: Path) -> None:
    counter.take("A", channels=("folder",))
    journals = Journals([tmp_path / "not mounted"])
    watch = replace(watch, bookkeeper=replace(watch.bookkeeper, journals=journals), certificate=tmp_path / "none")
    assert kinds(watch) == {AlarmKind.BOOKS_UNREADABLE, AlarmKind.CERTIFICATE_ENDS}


def test_a_receipt_that_was_never_shown_is_told_for_a_day(watch: Watch, counter: Counter, clock: MovableClock) -> None:
    counter.take("A", is_issued=False)
    clock.move(minutes=11)
    assert told(watch.alarms()) == [(AlarmKind.RECEIPT_NOT_SHOWN, "", 1, ("A",))]
    clock.move(hours=25)
    assert AlarmKind.RECEIPT_NOT_SHOWN not in kinds(watch)


@pytest.mark.parametrize("country", Country)
@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 12, 28), date(2027, 3, 30), date(2027, 5, 18)])
def test_whole_working_days_are_counted_with_the_holidays_of_the_country(country: Country, today: date) -> None:
    zone = rules_for(country).time_zone
    for days, moment in moments(country, datetime(today.year, today.month, today.day, 9, tzinfo=UTC)).items():
        first_too_late = (moment.astimezone(UTC) + timedelta(hours=12)).date()
        last = first_too_late - timedelta(days=1)
        yesterday = today - timedelta(days=1)
        assert working_days_between(last, yesterday, country) == days, zone
        assert working_days_between(first_too_late, yesterday, country) < days


def test_a_case_that_nobody_opens_is_told_after_one_three_and_five_working_days(
    watch: Watch, counter: Counter, clock: MovableClock, change: Change
) -> None:
    """A Friday afternoon; on Monday nobody could have opened it on a whole working day."""
    friday = datetime(2026, 11, 20, 15, tzinfo=UTC)
    counter.take("A", accepted_at=friday)
    counter.take("B", accepted_at=friday, municipality="rudersdal")
    counter.take("C", accepted_at=friday, municipality="left-the-deployment")
    change(deliver("A"), deliver("B"), deliver("C"))
    found = {}
    for day in (23, 24, 26, 28):
        clock.now = datetime(2026, 11, day, 12, tzinfo=UTC)
        found[day] = told(watch.alarms())
    one = [
        (AlarmKind.CASES_UNOPENED_1_DAY, "arendal", 1, ("A",)),
        (AlarmKind.CASES_UNOPENED_1_DAY, "rudersdal", 1, ("B",)),
    ]
    three = [
        (AlarmKind.CASES_UNOPENED_3_DAYS, place, 1, (name,)) for place, name in (("arendal", "A"), ("rudersdal", "B"))
    ]
    five = [
        (AlarmKind.CASES_UNOPENED_5_DAYS, place, 1, (name,)) for place, name in (("arendal", "A"), ("rudersdal", "B"))
    ]
    assert found == {23: [], 24: one, 26: one + three, 28: one + three + five}


@pytest.mark.parametrize(
    "values", [{"opened_at": NOON}, {"handed_over_at": NOON}, {"status": "closed"}], ids=["opened", "proven", "closed"]
)
def test_a_case_that_somebody_has_is_not_unopened(
    watch: Watch, counter: Counter, change: Change, values: dict[str, object]
) -> None:
    counter.take("A", accepted_at=NOON - timedelta(days=30))
    change(deliver("A"), sa.update(cases).values(**values))
    assert watch.alarms() == []


def test_deliveries_that_stand_still_are_told_by_channel(
    watch: Watch, counter: Counter, clock: MovableClock, change: Change
) -> None:
    counter.take("A", channels=("folder", "sftp"))
    counter.take("B", channels=("folder", "confirmation_mail"))
    change(deliver("A", "given_up"))
    assert told(watch.alarms()) == [
        (AlarmKind.DELIVERY_GIVEN_UP, "folder", 1, ("A",)),
        (AlarmKind.DELIVERY_GIVEN_UP, "sftp", 1, ("A",)),
    ]
    clock.move(hours=4, seconds=1)
    change(sa.update(deliveries).where(deliveries.c.kind == "confirmation_mail").values(state="doing"))
    assert told([one for one in watch.alarms() if one.kind is AlarmKind.DELIVERY_OVERDUE]) == [
        (AlarmKind.DELIVERY_OVERDUE, "confirmation_mail", 1, ("B",)),
        (AlarmKind.DELIVERY_OVERDUE, "folder", 1, ("B",)),
    ]


def test_a_mail_that_a_citizen_cannot_get_is_no_alarm(watch: Watch, counter: Counter, change: Change) -> None:
    counter.take("A", channels=("folder", "confirmation_mail"))
    change(sa.update(deliveries).where(deliveries.c.kind == "confirmation_mail").values(state="given_up"))
    assert watch.alarms() == []


def test_a_worker_that_does_not_beat_for_two_minutes_is_missed(watch: Watch, engine: sa.Engine, change: Change) -> None:
    first, second, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with engine.begin() as connection:
        for worker, host in ((first, "one"), (second, "one"), (other, "two")):
            beats.say(connection, worker, host=host, process=1)
    assert watch.alarms() == []
    silent = sa.update(beat_rows).values(beat_at=beat_rows.c.beat_at - 121)
    change(silent.where(beat_rows.c.worker.in_([first, other])))
    # On the first host another one was started since.
    assert told(watch.alarms()) == [(AlarmKind.WORKER_SILENT, "two", 1, ())]
    with engine.begin() as connection:
        beats.end(connection, other)
    assert watch.alarms() == []


def test_a_canary_that_nobody_opens_is_told_by_its_list(watch: Watch, engine: sa.Engine, clock: MovableClock) -> None:
    with engine.begin() as connection:
        canaries.put(connection, "f" * 64, b"sealed", now=NOON)
        canaries.put(connection, "0" * 64, b"nobody seals to this list any more", now=NOON)
    assert watch.alarms() == []
    clock.move(minutes=10)
    assert told(watch.alarms()) == [(AlarmKind.CANARY_UNCONFIRMED, "f" * 16, 1, ())]


def test_a_certificate_is_told_three_weeks_before_its_end(watch: Watch, tmp_path: Path, clock: MovableClock) -> None:
    clock.now = datetime.now(UTC)
    watch = replace(watch, certificate=certificate(tmp_path, "portal.example.org"))
    (alarm,) = [one for one in watch.alarms() if one.kind is AlarmKind.CERTIFICATE_ENDS]
    assert alarm.detail.startswith("valid until 20")
    clock.move(days=-21)
    assert AlarmKind.CERTIFICATE_ENDS not in kinds(watch)


def test_keys_and_drills_grow_old(
    watch: Watch, counter: Counter, clock: MovableClock, tmp_path: Path, deployment: Deployment
) -> None:
    key = tmp_path / "receipts.pem"
    key.write_text("key")
    os.utime(key, (NOON.timestamp(), NOON.timestamp()))
    watch = replace(watch, keys={"receipts": key, "audit": tmp_path / "elsewhere"})
    assert watch.alarms() == []
    clock.move(days=366)
    assert AlarmKind.DRILL_DUE not in kinds(watch)  # There is nothing to try it with.
    counter.take("A")
    assert AlarmKind.DRILL_DUE in kinds(watch)
    assert AlarmKind.SIGNING_KEY_OLD not in kinds(watch)
    clock.move(days=366)
    assert (AlarmKind.SIGNING_KEY_OLD, "receipts", 1, ()) in told(watch.alarms())
    demo = replace(watch, deployment=replace(deployment, demo=True))
    assert not kinds(demo) & {AlarmKind.DRILL_DUE, AlarmKind.SIGNING_KEY_OLD}


def test_a_drill_that_never_passed_is_due_a_month_after_the_first_submission(
    watch: Watch, counter: Counter, clock: MovableClock
) -> None:
    watch = replace(watch, drill_passed=lambda: None)
    counter.take("A")
    clock.move(days=29)
    assert AlarmKind.DRILL_DUE not in kinds(watch)
    clock.move(days=2)
    assert AlarmKind.DRILL_DUE in kinds(watch)


def test_facts_are_told_a_month_before_they_must_be_looked_at(
    watch: Watch, clock: MovableClock, deployment: Deployment
) -> None:
    ours = replace(deployment.municipalities[0], review_by=date(2026, 12, 20))
    watch = replace(watch, deployment=replace(deployment, municipalities=(ours, *deployment.municipalities[1:])))
    assert told(watch.alarms()) == [(AlarmKind.FACTS_DUE, "arendal", 1, ())]
    clock.now = datetime(2100, 1, 4, tzinfo=UTC)
    by_subject = {one.subject: one for one in watch.alarms() if one.kind is AlarmKind.FACTS_DUE}
    assert set(by_subject) == {"norway", "denmark", "arendal"}
    assert by_subject["norway"].count == len(rules_for(Country.NORWAY).facts)


def test_every_alarm_says_what_it_means_and_what_to_do() -> None:
    assert set(MEANING) == set(AlarmKind)
    for meaning, deed in MEANING.values():
        assert meaning.endswith(".")
        assert deed.endswith(".")
