"""Counts in windows of an hour: exact, whoever counts at the same time, and gone when the hour is over."""

import subprocess
import sys
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from forms_app.storage import limits
from forms_app.storage.engine import reading
from forms_app.storage.limits import _ADD, _CLEAN, WINDOW
from forms_app.storage.tables import limits as limits_table

KEY, OTHER = b"k" * 32, b"o" * 32
A_SECOND = timedelta(seconds=1)


def add(engine: sa.Engine, now: datetime, key: bytes = KEY) -> limits.Window:
    with engine.begin() as connection:
        return limits.add(connection, key, now)


def find(engine: sa.Engine, now: datetime, key: bytes = KEY) -> limits.Window | None:
    with reading(engine) as connection:
        return limits.find(connection, key, now)


def rows(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(limits_table)).scalar_one()


def test_a_window_begins_with_the_first_time_and_keeps_its_end(engine: sa.Engine, now: datetime) -> None:
    assert find(engine, now) is None
    first = add(engine, now)
    second = add(engine, now + timedelta(minutes=30))
    assert (first.times, second.times) == (1, 2)
    assert first.ends_at == second.ends_at == now + WINDOW
    assert find(engine, now) == second


def test_keys_are_counted_apart(engine: sa.Engine, now: datetime) -> None:
    add(engine, now)
    assert add(engine, now, OTHER).times == 1


def test_when_the_hour_is_over_the_count_starts_anew(engine: sa.Engine, now: datetime) -> None:
    add(engine, now)
    assert add(engine, now + WINDOW - A_SECOND).times == 2
    assert find(engine, now + WINDOW) is None
    anew = add(engine, now + WINDOW)
    assert (anew.times, anew.ends_at) == (1, now + 2 * WINDOW)


def test_what_is_taken_back_is_not_counted_and_never_less_than_nothing(engine: sa.Engine, now: datetime) -> None:
    add(engine, now)
    for unused_time in range(2):
        with engine.begin() as connection:
            limits.take_back(connection, KEY, now)
            limits.take_back(connection, OTHER, now)
    assert add(engine, now).times == 1
    assert find(engine, now, OTHER) is None


def test_windows_that_are_over_are_deleted_and_others_stay(engine: sa.Engine, now: datetime) -> None:
    add(engine, now)
    add(engine, now + A_SECOND, OTHER)
    with engine.begin() as connection:
        limits.clean(connection, now + WINDOW)
    assert rows(engine) == 1
    assert find(engine, now + WINDOW, OTHER)


def test_nobody_has_to_delete_very_many_at_once(engine: sa.Engine, now: datetime) -> None:
    with engine.begin() as connection:
        for number in range(150):
            limits.add(connection, number.to_bytes(32, "big"), now)
    for left in (50, 0):
        with engine.begin() as connection:
            limits.clean(connection, now + WINDOW)
        assert rows(engine) == left


_COUNTER = """
import sys
from datetime import datetime
from forms_app.storage import limits
from forms_app.storage.engine import make_engine
engine = make_engine(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2])
for _ in range(50):
    with engine.begin() as connection:
        print(limits.add(connection, b"k" * 32, now).times)
engine.dispose()
"""


def test_two_processes_never_get_the_same_number(engine: sa.Engine, now: datetime) -> None:
    command = [sys.executable, "-c", _COUNTER, engine.url.render_as_string(hide_password=False), now.isoformat()]
    counters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for unused_one in range(2)]
    numbers = [int(number) for one in counters for number in one.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == list(range(1, 101))
    assert find(engine, now) == limits.Window(times=100, ends_at=now + WINDOW)


def test_postgresql_counts_in_one_statement_too_and_cleans_without_waiting() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    adding = str(_ADD["postgresql"].compile(dialect=dialect))
    assert "ON CONFLICT (key) DO UPDATE SET times = CASE WHEN (limits.ends_at <= " in adding
    assert adding.endswith("RETURNING limits.times, limits.ends_at")
    assert "FOR UPDATE SKIP LOCKED" in str(_CLEAN.compile(dialect=dialect))
