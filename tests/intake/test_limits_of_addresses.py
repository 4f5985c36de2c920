"""What one address may do in an hour, however many processes it comes to, and what is known of it afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock

from forms_app.intake.limits import Limits
from forms_app.settings import Settings
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.limits import WINDOW, Counted
from forms_app.storage.tables import limits as limits_table

HERE, THERE = "192.0.2.1", "192.0.2.2"
MOST = 3


@pytest.fixture
def limits(database: sa.Engine, clock: MovableClock) -> Limits:
    return Limits(engine=database, clock=clock, secret="s" * 32, per_hour=dict.fromkeys(Counted, MOST), codes_alarm=5)


def times_allowed(limits: Limits, counted: Counted, address: str = HERE, tries: int = 2 * MOST) -> int:
    return sum(limits.refuse(counted, address) is None for unused_try in range(tries))


def share_a_limit(limits: Limits, one: str, other: str) -> bool:
    """Whether what the one does is counted with what the other does."""
    assert times_allowed(limits, Counted.UPLOAD, one) == MOST
    return limits.refuse(Counted.UPLOAD, other) is not None


@contextmanager
def without_the_table(engine: sa.Engine) -> Iterator[None]:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE limits RENAME TO elsewhere")
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO limits")


def keys(engine: sa.Engine) -> set[bytes]:
    with reading(engine) as connection:
        return set(connection.execute(sa.select(limits_table.c.key)).scalars())


@pytest.mark.parametrize("counted", Counted)
def test_an_address_may_do_a_thing_so_often_in_an_hour_and_is_told_when_again(
    limits: Limits, clock: MovableClock, counted: Counted
) -> None:
    began = clock()
    assert times_allowed(limits, counted) == MOST
    clock.move(minutes=59)
    refused = limits.refuse(counted, HERE)
    assert refused
    assert (refused.counted, refused.again_at, refused.is_counted) == (counted, began + WINDOW, True)
    clock.now = refused.again_at
    assert times_allowed(limits, counted) == MOST


def test_addresses_and_things_are_counted_apart(limits: Limits) -> None:
    assert times_allowed(limits, Counted.SUBMISSION) == MOST
    assert times_allowed(limits, Counted.SUBMISSION, THERE) == MOST
    assert times_allowed(limits, Counted.UPLOAD) == MOST


_CITIZEN = """
import sys
from datetime import datetime
from forms_app.intake.limits import Limits
from forms_app.storage.engine import make_engine
from forms_app.storage.limits import Counted
engine = make_engine(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2])
limits = Limits(
    engine=engine, clock=lambda: now, secret="s" * 32, per_hour=dict.fromkeys(Counted, 7), codes_alarm=1000
)
print(sum(limits.refuse(Counted(sys.argv[3]), "192.0.2.1") is None for _ in range(20)))
engine.dispose()
"""


@pytest.mark.parametrize("counted", [Counted.CODE, Counted.SUBMISSION])
def test_two_processes_together_let_no_more_through_than_the_limit(
    settings: Settings, clock: MovableClock, counted: Counted
) -> None:
    command = [sys.executable, "-c", _CITIZEN, settings.database_url, clock().isoformat(), counted]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for unused_one in range(2)]
    assert sum(int(one.communicate(timeout=60)[0]) for one in asking) == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HERE, HERE),
        (HERE, f"::ffff:{HERE}"),
        (f"{HERE}:41234", f"{HERE}:41235"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::2"),
        ("fe80::1%eth0", "fe80::2%eth0"),
        ("", ""),
        ("unix:", "unix:"),
        ("[::1", "[::1"),
    ],
)
def test_one_household_is_one(limits: Limits, one: str, other: str) -> None:
    assert share_a_limit(limits, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HERE, THERE),
        (f"{HERE}:41234", f"{THERE}:41234"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("2001:db8:1:2::1", f"::ffff:{HERE}"),
        (HERE, f"::{HERE}"),
    ],
)
def test_two_households_are_two(limits: Limits, one: str, other: str) -> None:
    assert not share_a_limit(limits, one, other)


def test_the_next_day_nobody_can_tell_that_it_is_the_same_address(
    limits: Limits, clock: MovableClock, database: sa.Engine
) -> None:
    clock.now = clock.now.replace(hour=23, minute=59)
    limits.refuse(Counted.DRAFT, HERE)
    limits.refuse(Counted.UPLOAD, HERE)
    before = keys(database)
    clock.move(minutes=2)
    limits.refuse(Counted.DRAFT, HERE)
    assert len(before) == 2
    assert len(keys(database) - before) == 1


def test_a_key_says_nothing_without_the_secret(limits: Limits, clock: MovableClock, database: sa.Engine) -> None:
    limits.refuse(Counted.DRAFT, HERE)
    (key,) = keys(database)
    assert len(key) == 32
    assert HERE.encode() not in key
    replace(limits, secret="t" * 32).refuse(Counted.DRAFT, HERE)
    assert len(keys(database)) == 2


def test_counts_are_deleted_when_their_hour_is_over(limits: Limits, clock: MovableClock, database: sa.Engine) -> None:
    limits.refuse(Counted.DRAFT, HERE)
    clock.now += WINDOW
    limits.refuse(Counted.DRAFT, THERE)
    assert len(keys(database)) == 1


def test_a_flood_costs_no_writes(limits: Limits, settings: Settings) -> None:
    times_allowed(limits, Counted.SUBMISSION)
    impatient = make_engine(settings.database_url, busy_seconds=0.1)
    with limits.engine.begin():
        refused = replace(limits, engine=impatient).refuse(Counted.SUBMISSION, HERE)
    impatient.dispose()
    assert refused
    assert refused.is_counted


def test_a_code_that_led_somewhere_is_not_counted(limits: Limits) -> None:
    for unused_code in range(3 * MOST):
        assert limits.refuse(Counted.CODE, HERE) is None
        limits.take_back(Counted.CODE, HERE)
    assert times_allowed(limits, Counted.CODE) == MOST


def test_many_wrong_codes_from_everywhere_are_an_alarm_and_stop_nobody(limits: Limits) -> None:
    with structlog.testing.capture_logs() as lines:
        for number in range(20):
            assert limits.refuse(Counted.CODE, f"192.0.2.{number}") is None
            assert limits.refuse(Counted.DRAFT, f"192.0.2.{number}") is None
    assert [(line["event"], line["log_level"], line["count"]) for line in lines] == [("many_codes_tried", "error", 6)]


@pytest.mark.parametrize("counted", Counted)
def test_when_nothing_can_be_counted_only_codes_have_to_wait(
    limits: Limits, clock: MovableClock, counted: Counted
) -> None:
    with without_the_table(limits.engine), structlog.testing.capture_logs() as lines:
        refused = limits.refuse(counted, HERE)
        limits.take_back(counted, HERE)
    if counted is Counted.CODE:
        assert refused
        assert (refused.is_counted, refused.again_at) == (False, clock() + timedelta(minutes=1))
    else:
        assert refused is None
    assert [(line["event"], line["kind"]) for line in lines] == [("not_counted", counted)] * 2
    # No such table: the two databases have a name of their own for it.
    assert {line["error"] for line in lines} <= {"OperationalError", "ProgrammingError"}
    assert HERE not in str(lines)


def test_a_database_that_others_write_to_for_too_long_keeps_nobody_from_sending(
    limits: Limits, settings: Settings
) -> None:
    impatient = make_engine(settings.database_url, busy_seconds=0.1)
    hurried = replace(limits, engine=impatient)
    for counted in (Counted.SUBMISSION, Counted.CODE):
        assert hurried.refuse(counted, HERE) is None
    with limits.engine.begin() as connection:
        # SQLite has one writer; on PostgreSQL whoever holds the very row is waited for.
        connection.execute(sa.update(limits_table).values(times=limits_table.c.times))
        assert hurried.refuse(Counted.SUBMISSION, HERE) is None
        assert hurried.refuse(Counted.CODE, HERE) is not None
    impatient.dispose()
