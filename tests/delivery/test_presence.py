"""A worker that is there says so, one that ends says goodbye, and one that dies is missed."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable

import sqlalchemy as sa
import structlog

from forms_app.delivery.presence import Presence
from forms_app.storage import beats
from forms_app.storage.engine import make_engine, reading


def there(engine: sa.Engine) -> list[beats.Beat]:
    with reading(engine) as connection:
        return beats.all(connection)


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_says_so_again_and_again_and_goodbye_at_the_end(engine: sa.Engine) -> None:
    presence = Presence(engine, every_seconds=0.05, poll_seconds=0.01)
    running = threading.Thread(target=presence.run)
    running.start()
    wait_for(lambda: bool(there(engine)))
    time.sleep(0.5)
    (beat,) = there(engine)
    assert (beat.worker, beat.host, beat.process) == (presence.worker, socket.gethostname(), os.getpid())
    assert beat.seconds_ago < 0.4
    presence.stop()
    running.join()
    assert there(engine) == []


def test_one_that_died_is_missed_and_forgotten_after_a_while(engine: sa.Engine) -> None:
    dead = uuid.uuid4()
    with engine.begin() as connection:
        beats.say(connection, dead, host="elsewhere", process=1)
    time.sleep(0.1)
    (missed,) = there(engine)
    assert missed.worker == dead
    assert missed.seconds_ago >= 0.1
    with engine.begin() as connection:
        beats.forget(connection, older_than_seconds=60)
    assert [one.worker for one in there(engine)] == [dead]
    with engine.begin() as connection:
        beats.forget(connection, older_than_seconds=0)
    assert there(engine) == []


def test_whoever_runs_once_is_not_missed(engine: sa.Engine) -> None:
    Presence(engine).run_once()
    assert there(engine) == []


def test_a_database_that_fails_does_not_end_it(url: str) -> None:
    nowhere = "sqlite:////nowhere/at/all.sqlite" if url.startswith("sqlite") else url.replace("test_", "gone_")
    presence = Presence(make_engine(nowhere), every_seconds=0.05, poll_seconds=0.01)
    with structlog.testing.capture_logs() as lines:
        threading.Timer(0.3, presence.stop).start()
        presence.run()
    assert {line["event"] for line in lines} == {"presence_unknown"}
