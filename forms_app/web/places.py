"""Room for a few pieces of work at a time that hold whole files in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort

LONGEST_WAIT = 20
"""Seconds until whoever waits is told to try again, so that a few slow ones cannot hold up every thread for ever."""


class Places:
    """A fixed number of places in one process."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place inside the block; ends the request with 503 when none becomes free in time."""
        if not self._free.acquire(timeout=LONGEST_WAIT):
            abort(503)
        try:
            yield
        finally:
            self._free.release()
