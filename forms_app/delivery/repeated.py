"""What is done once a minute or once a day by one worker among all, for as long as any of them runs."""

import time
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.errors import PortalError
from forms_app.storage import turns
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed, reading

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
_AGAIN = timedelta(minutes=5)
_LOOK_AGAIN = timedelta(minutes=1)
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)
_log = log.logger(__name__)


class Repeated:
    """Does `work` once in every `every`, whichever worker's turn it is; a new portal begins with it.

    What fails is tried again after five minutes, or after `every` where that is sooner; so is the work of a worker that
    died over it. All of it may be done twice, so it must do no harm.
    """

    def __init__(
        self,
        engine: sa.Engine,
        work: Callable[[], None],
        *,
        job: str,
        every: timedelta = MINUTE,
        poll_seconds: float = 0.5,
    ) -> None:
        self.engine = engine
        self.work = work
        self.job = job
        self.every = every
        self.again = min(every, _AGAIN)
        self.poll_seconds = poll_seconds
        self._is_stopping = False

    def stop(self) -> None:
        """End soon; callable from a signal handler or another thread."""
        self._is_stopping = True

    def run(self) -> None:
        """Go on until stop() is called, also when the database fails."""
        look_at = time.monotonic()
        while not self._is_stopping:
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + self._take_turn()
            time.sleep(self.poll_seconds)

    def run_once(self) -> None:
        """Do it now, whosever turn it is; raises what the database raises."""
        self.work()

    def _take_turn(self) -> float:
        """Do it if it is ours to do, and return after how many seconds to look again."""
        try:
            with reading(self.engine) as connection:
                left = turns.seconds_left(connection, self.job)
            if left > 0 or not self._is_ours():
                return min(max(left, self.poll_seconds), _LOOK_AGAIN.total_seconds())
            self.work()
            with self.engine.begin() as connection:
                turns.finish(connection, self.job, again_in=self.every.total_seconds())
        except DatabaseClosed:
            _log.info("database_closed", job=self.job)
            return _LOOK_AGAIN.total_seconds()
        except (*_DATABASE_FAILED, PortalError) as error:
            _log.error("job_failed", job=self.job, error=type(error).__name__)
            return min(self.again, _LOOK_AGAIN).total_seconds()
        return min(self.every, _LOOK_AGAIN).total_seconds()

    def _is_ours(self) -> bool:
        with self.engine.begin() as connection:
            return turns.take(connection, self.job, hold_seconds=self.again.total_seconds())
