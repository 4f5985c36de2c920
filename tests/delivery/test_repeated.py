"""What is repeated is done once among all workers, again when it fails, and stops nothing else."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from forms_app.delivery.repeated import Repeated
from forms_app.delivery.workers import Workers
from forms_app.errors import PortalError
from forms_app.storage import turns
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.worker_tables import turns as turn_rows

SHORT = timedelta(seconds=0.2)


class Unwritable(PortalError):
    """The disk is full."""


def repeated(engine: sa.Engine, work: Callable[[], None], every: timedelta = SHORT) -> Repeated:
    return Repeated(engine, work, job="sweep", every=every, poll_seconds=0.01)


def run_until(job: Repeated, is_enough: Callable[[], bool], *, seconds: float = 20) -> None:
    running = threading.Thread(target=job.run)
    running.start()
    end = time.monotonic() + seconds
    while not is_enough() and time.monotonic() < end:
        time.sleep(0.01)
    job.stop()
    running.join()


def left(engine: sa.Engine) -> float:
    with reading(engine) as connection:
        return turns.seconds_left(connection, "sweep")


def test_a_new_portal_begins_with_it_and_does_it_again_when_it_is_time(engine: sa.Engine) -> None:
    done: list[float] = []
    run_until(repeated(engine, lambda: done.append(time.monotonic())), lambda: len(done) == 3)
    first, second, third = done[:3]
    # What is measured here and what the database counted may differ by some milliseconds.
    assert min(second - first, third - second) > 0.15


def test_what_was_done_today_is_not_done_again_by_whoever_starts_now(engine: sa.Engine) -> None:
    done: list[int] = []
    day = timedelta(days=1)
    run_until(repeated(engine, lambda: done.append(1), day), lambda: bool(done) and left(engine) > 80_000)
    run_until(repeated(engine, lambda: done.append(2), day), lambda: False, seconds=0.3)
    assert done == [1]


WORKER = """
import sys
from datetime import timedelta
from pathlib import Path
from forms_app.delivery.repeated import Repeated
from forms_app.storage.engine import make_engine

def work():
    with Path(sys.argv[2]).open("a") as file:
        file.write("x")

job = Repeated(make_engine(sys.argv[1]), work, job="sweep", every=timedelta(days=1), poll_seconds=0.01)
import threading, time
threading.Timer(1.0, job.stop).start()
job.run()
"""


def test_one_of_many_workers_does_it(engine: sa.Engine, url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, url, str(tmp_path / "done")]
    workers = [subprocess.Popen(command) for __worker in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    assert (tmp_path / "done").read_text() == "x"


def test_what_a_worker_died_over_is_taken_over(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert turns.take(connection, "sweep", hold_seconds=0.2)
        assert not turns.take(connection, "sweep", hold_seconds=0.2)
    done: list[int] = []
    run_until(repeated(engine, lambda: done.append(1)), lambda: bool(done))
    assert done


@pytest.mark.parametrize("failure", [DatabaseBusy, Unwritable])
def test_what_fails_is_logged_and_tried_again_soon(engine: sa.Engine, failure: type[Exception]) -> None:
    done: list[int] = []

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise failure

    with structlog.testing.capture_logs() as lines:
        run_until(repeated(engine, work), lambda: len(done) == 2)
    told = [(line["event"], line["job"], line["error"]) for line in lines]
    assert told == [("job_failed", "sweep", failure.__name__)]


def test_what_fails_once_a_day_is_not_left_until_tomorrow(engine: sa.Engine) -> None:
    def fail() -> None:
        raise Unwritable

    day = timedelta(days=1)
    run_until(repeated(engine, fail, day), lambda: left(engine) > 0)
    assert 0 < left(engine) <= 300


def test_any_other_failure_is_not_hidden(engine: sa.Engine) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        repeated(engine, fail).run()
    with pytest.raises(LookupError):
        repeated(engine, fail).run_once()


def test_it_works_beside_others_and_stops_with_them(engine: sa.Engine) -> None:
    done: list[int] = []
    workers = Workers([repeated(engine, lambda: done.append(1))])
    workers.run_once()
    assert done == [1]
    threading.Timer(0.1, workers.stop).start()
    workers.run()
    with reading(engine) as connection:
        assert connection.execute(sa.select(turn_rows.c.job)).scalars().all() == ["sweep"]
