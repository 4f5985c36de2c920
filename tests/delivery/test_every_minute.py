"""What the worker does each minute is tried again when it fails, and stops nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock

from forms_app.delivery.daily import EveryMinute
from forms_app.errors import PortalError
from forms_app.storage.engine import DatabaseBusy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Unwritable(PortalError):
    """The disk is full."""


def every_minute(engine: sa.Engine, work: Callable[[], None]) -> EveryMinute:
    return EveryMinute(engine, MovableClock(NOON), work, failure="not_done", poll_seconds=0.0)


def test_what_the_portal_cannot_do_is_logged(engine: sa.Engine) -> None:
    def fail() -> None:
        raise Unwritable

    with structlog.testing.capture_logs() as lines:
        every_minute(engine, fail).run_once()
    assert [(line["event"], line["error"]) for line in lines] == [("not_done", "Unwritable")]


def test_a_busy_database_is_told_to_whoever_asked_once(engine: sa.Engine) -> None:
    def wait() -> None:
        raise DatabaseBusy

    with pytest.raises(DatabaseBusy):
        every_minute(engine, wait).run_once()


def test_it_goes_on_minute_by_minute_also_after_a_busy_database(engine: sa.Engine) -> None:
    clock, done = MovableClock(NOON), list[datetime]()

    def work() -> None:
        done.append(clock.now)
        if len(done) == 1:
            raise DatabaseBusy
        if len(done) == 3:
            repeated.stop()

    def tick() -> datetime:
        clock.move(seconds=10)
        return clock.now

    repeated = EveryMinute(engine, tick, work, failure="not_done", poll_seconds=0.0)
    with structlog.testing.capture_logs() as lines:
        repeated.run()
    assert len(done) == 3
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in zip(done, done[1:], strict=False))
    assert [line["error"] for line in lines] == ["DatabaseBusy"]
