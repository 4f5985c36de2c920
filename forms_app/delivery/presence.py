"""Says now and then that this worker is there, so that somebody notices when none is."""

import os
import socket
import time
import uuid
from collections.abc import Callable

import sqlalchemy as sa

from forms_app import log
from forms_app.storage import beats
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed

_EVERY_SECONDS = 20.0
_FORGOTTEN_AFTER = 7 * 24 * 3600.0
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)
_log = log.logger(__name__)


class Presence:
    """One process of workers; it is missed when it is silent for longer than twice `every_seconds`."""

    def __init__(self, engine: sa.Engine, *, every_seconds: float = _EVERY_SECONDS, poll_seconds: float = 0.5) -> None:
        self.engine = engine
        self.worker = uuid.uuid4()
        self.every_seconds = every_seconds
        self.poll_seconds = poll_seconds
        self._is_stopping = False

    def stop(self) -> None:
        """End soon; callable from a signal handler or another thread."""
        self._is_stopping = True

    def run(self) -> None:
        """Go on until stop() is called, and say goodbye: who ends as it should is not missed."""
        next_at = time.monotonic()
        while not self._is_stopping:
            if time.monotonic() >= next_at:
                self._try(self._say)
                next_at = time.monotonic() + self.every_seconds
            time.sleep(self.poll_seconds)
        self._try(lambda connection: beats.end(connection, self.worker))

    def run_once(self) -> None:
        """Nothing: whoever runs once is not missed."""

    def _say(self, connection: sa.Connection) -> None:
        beats.say(connection, self.worker, host=socket.gethostname(), process=os.getpid())
        beats.forget(connection, older_than_seconds=_FORGOTTEN_AFTER)

    def _try(self, deed: Callable[[sa.Connection], None]) -> None:
        try:
            with self.engine.begin() as connection:
                deed(connection)
        except DatabaseClosed:
            _log.info("database_closed")
        except _DATABASE_FAILED as error:
            _log.error("presence_unknown", error=type(error).__name__)
