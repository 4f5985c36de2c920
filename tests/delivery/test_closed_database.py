"""While the database is closed, workers wait quietly; nothing is given up, and all goes on once it is open."""

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa
import structlog
from moving_away import close, reopen

from forms_app.delivery.presence import Presence
from forms_app.delivery.repeated import Repeated
from forms_app.delivery.worker import Worker
from forms_app.delivery.workers import Works
from forms_app.storage import leases
from forms_app.storage.deliveries import Delivery
from forms_app.storage.leases import Lane
from forms_app.storage.tables import DeliveryStatus


def run_meanwhile(works: Works, deed: Callable[[], None]) -> list[tuple[str, str]]:
    """What it logs while it works and the deed is done."""
    with structlog.testing.capture_logs() as lines:
        running = threading.Thread(target=works.run)
        running.start()
        try:
            deed()
        finally:
            works.stop()
            running.join(30)
    return [(line["log_level"], line["event"]) for line in lines]


def test_a_delivery_waits_until_it_is_open_again(
    engine: sa.Engine, owe: Callable[..., None], delivery: Callable[[str], Delivery]
) -> None:
    owe("a")
    move = close(engine)
    given: list[str] = []
    worker = Worker(
        engine, {"folder": lambda claimed: given.append(claimed.key)}, poll_seconds=0.01, closed_seconds=0.05
    )

    def open_again() -> None:
        time.sleep(0.3)
        assert given == []
        reopen(engine, move)
        end = time.monotonic() + 20
        while not given and time.monotonic() < end:
            time.sleep(0.02)

    told = run_meanwhile(worker, open_again)
    assert given == ["a"]
    assert delivery("a").state is DeliveryStatus.SUCCEEDED
    assert delivery("a").attempts == 1
    assert set(told) == {("info", "database_closed"), ("info", "delivered")}
    # Not at every look into the queue.
    assert told.count(("info", "database_closed")) < 10


def test_it_ends_at_once_when_it_is_told_to(engine: sa.Engine, owe: Callable[..., None]) -> None:
    owe("a")
    close(engine)
    worker = Worker(engine, {}, poll_seconds=0.01, closed_seconds=60)
    began = time.monotonic()
    assert run_meanwhile(worker, lambda: time.sleep(0.2)) == [("info", "database_closed")]
    assert time.monotonic() - began < 10


def test_the_leases_of_the_dead_wait_too(engine: sa.Engine, owe: Callable[..., None]) -> None:
    owe("a")
    with engine.begin() as connection:
        assert leases.claim(connection, Lane.HAND_OVER, free=1, lease_seconds=0)
    close(engine)
    worker = Worker(engine, {}, poll_seconds=0.01, lease_seconds=0.2)
    assert set(run_meanwhile(worker, lambda: time.sleep(0.3))) == {("info", "database_closed")}


def test_what_is_repeated_and_who_is_there_wait_without_an_error(engine: sa.Engine) -> None:
    close(engine)
    done: list[int] = []
    repeated = Repeated(engine, lambda: done.append(1), job="sweep", poll_seconds=0.01)
    assert run_meanwhile(repeated, lambda: time.sleep(0.2)) == [("info", "database_closed")]
    assert done == []
    presence = Presence(engine, every_seconds=60, poll_seconds=0.01)
    assert set(run_meanwhile(presence, lambda: time.sleep(0.2))) == {("info", "database_closed")}
