"""Deletes what was begun and never sent, once it has been kept for as long as was promised. Nothing that was sent ever
expires here."""

import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.clock import Clock, local_date, start_of_day
from forms_app.countries import Country, rules_for
from forms_app.storage import drafts
from forms_app.storage.engine import DatabaseBusy, reading

EVERY = timedelta(days=1)
_AGAIN = timedelta(minutes=5)
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)
_log = log.logger(__name__)


class DraftExpiry:
    """Looks for expired drafts when it starts and once a day from then on. Several of them at once do no harm: what is
    deleted twice is gone.
    """

    def __init__(self, engine: sa.Engine, clock: Clock, *, days: int, poll_seconds: float = 0.5) -> None:
        self.engine = engine
        self.clock = clock
        self.days = days
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
                due = self.clock() + self._wait_after_sweep()
            time.sleep(self.poll_seconds)

    def run_once(self) -> None:
        """Delete what is expired now; raises what the database raises."""
        before = self._saved_before()
        with reading(self.engine) as connection:
            if not drafts.any_unsent(connection, saved_before=before):
                return
        with self.engine.begin() as connection:
            count = drafts.delete_unsent(connection, saved_before=before)
        _log.info("drafts_expired", count=count)

    def _wait_after_sweep(self) -> timedelta:
        try:
            self.run_once()
        except _DATABASE_FAILED as error:
            _log.error("drafts_not_expired", error=type(error).__name__)
            return _AGAIN
        return EVERY

    def _saved_before(self) -> datetime:
        """The beginning of the first day whose drafts are still kept today, wherever the citizen lives."""
        zones = {rules_for(country).time_zone for country in Country}
        now, kept = self.clock(), timedelta(days=self.days)
        return min(start_of_day(local_date(now, zone) - kept, zone) for zone in zones)
