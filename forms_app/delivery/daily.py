"""What is done once a day or once a minute, for as long as the workers run."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage.engine import DatabaseBusy

EVERY = timedelta(days=1)
_AGAIN = timedelta(minutes=5)
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)
_log = log.logger(__name__)


class Daily(ABC):
    """Does its work when it starts and once a day from then on. Several at once must do no harm."""

    failure = "daily_work_failed"
    """What the log calls it when the database fails."""
    every = EVERY
    again = _AGAIN

    def __init__(self, engine: sa.Engine, clock: Clock, *, poll_seconds: float = 0.5) -> None:
        self.engine = engine
        self.clock = clock
        self.poll_seconds = poll_seconds
        self._is_stopping = False

    def stop(self) -> None:
        """End soon; callable from a signal handler or another thread."""
        self._is_stopping = True

    def run(self) -> None:
        """Go on until stop() is called; a database that fails is asked again after some minutes."""
        due = self.clock()
        while not self._is_stopping:
            if self.clock() >= due:
                due = self.clock() + self._wait_after_work()
            time.sleep(self.poll_seconds)

    @abstractmethod
    def run_once(self) -> None:
        """Do what is due now; raises what the database raises."""

    def _wait_after_work(self) -> timedelta:
        try:
            self.run_once()
        except _DATABASE_FAILED as error:
            _log.error(self.failure, error=type(error).__name__)
            return self.again
        return self.every


class EveryMinute(Daily):
    """Does `work` each minute. What the portal itself cannot do is logged as well: nothing else stops for it."""

    every = again = timedelta(minutes=1)

    def __init__(
        self, engine: sa.Engine, clock: Clock, work: Callable[[], None], *, failure: str, poll_seconds: float = 0.5
    ) -> None:
        super().__init__(engine, clock, poll_seconds=poll_seconds)
        self.work = work
        self.failure = failure

    def run_once(self) -> None:
        """Do it now; raises what the database raises."""
        try:
            self.work()
        except PortalError as error:
            if isinstance(error, DatabaseBusy):
                raise
            _log.error(self.failure, error=type(error).__name__)
