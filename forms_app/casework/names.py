"""Finding a case by a name. Names are sealed, so they are found among opened summaries, which live in the memory of
this process only.

Opening all of them takes seconds, so that is done in the background from the first look at a municipality on, a little
at a time; whoever searches meanwhile is told how many cases are not read yet.
"""

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock, Thread

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app import log
from forms_app.casework.people import Likeness
from forms_app.casework.read_names import ReadNames
from forms_app.casework.spelling import compared
from forms_app.clock import Clock
from forms_app.storage import audit
from forms_app.storage.engine import DatabaseBusy

PATIENCE = 0.7
"""Seconds for which a search reads what is not read yet, before it answers with what it has."""
SHORT_PATIENCE = 0.1
"""The same for a page that was opened for something else."""
_log = log.logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The submissions that were found. `unread` cases could not be asked yet; they are being read."""

    ids: frozenset[uuid.UUID]
    unread: int = 0


class NameIndex:
    """The names in the summaries of each municipality that somebody has looked at, as they are compared.

    What came in since is read when it is searched for; what was erased is forgotten then.
    """

    def __init__(self) -> None:
        self._places: dict[str, ReadNames] = {}
        self._reading: dict[str, Thread] = {}
        self._lock = Lock()

    def search(
        self,
        engine: sa.Engine,
        identities: Sequence[Identity],
        municipality: str,
        words: str,
        *,
        patience: float = PATIENCE,
    ) -> Found:
        """The submissions in whose summary each of the words stands, as a whole or as a part; none for no words."""
        parts = compared(words).split()
        if not parts:
            return Found(ids=frozenset())
        place = self._read(engine, identities, municipality, patience)
        unread = place.unread
        return Found(ids=place.with_all(parts), unread=unread)

    def like(
        self,
        engine: sa.Engine,
        identities: Sequence[Identity],
        municipality: str,
        ids: Iterable[uuid.UUID],
        *,
        patience: float = SHORT_PATIENCE,
    ) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Likeness]]:
        """For each of these submissions the others that may be about the same person, and why: among those that are
        read, which are all of them but in the first seconds.
        """
        wanted = list(ids)
        self._place(municipality).read(engine, identities, wanted)
        return self._read(engine, identities, municipality, patience).like(wanted)

    def unread(self, municipality: str) -> int:
        """How many cases of those that were seen could not be asked yet."""
        return self._place(municipality).unread

    def finish(self, municipality: str) -> None:
        """Wait until what is being read in the background is read."""
        with self._lock:
            thread = self._reading.get(municipality)
        if thread:
            thread.join()

    def _read(self, engine: sa.Engine, identities: Sequence[Identity], municipality: str, patience: float) -> ReadNames:
        """Read until nothing is unread or patience ends; what is left is read in the background."""
        place, until = self._place(municipality), time.monotonic() + patience
        place.catch_up(engine, municipality)
        while place.read_some(engine, identities) and time.monotonic() < until:
            pass
        if place.unread:
            self._go_on(place, engine, identities, municipality)
        return place

    def _go_on(self, place: ReadNames, engine: sa.Engine, identities: Sequence[Identity], municipality: str) -> None:
        with self._lock:
            running = self._reading.get(municipality)
            if running and running.is_alive():
                return
            # A daemon: the process may end at any time, for nothing is kept that is not in the database.
            thread = Thread(target=_read_all, args=(place, engine, identities, municipality), daemon=True)
            self._reading[municipality] = thread
            thread.start()

    def _place(self, municipality: str) -> ReadNames:
        with self._lock:
            return self._places.setdefault(municipality, ReadNames())


def search(
    index: NameIndex,
    engine: sa.Engine,
    clock: Clock,
    identities: Sequence[Identity],
    municipality: str,
    words: str,
    *,
    actor: str,
) -> Found:
    """What `NameIndex.search` finds for `actor`; that they searched is written down first, and for what is not."""
    with engine.begin() as connection:
        audit.record(connection, at=clock(), actor=actor, action="searched", subject=municipality)
    return index.search(engine, identities, municipality, words)


def _read_all(place: ReadNames, engine: sa.Engine, identities: Sequence[Identity], municipality: str) -> None:
    """Work and rest in turn, so that the pages that people wait for have the processor at least half of the time."""
    try:
        began = time.monotonic()
        while place.read_some(engine, identities):
            time.sleep(time.monotonic() - began)
            began = time.monotonic()
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy) as error:
        # Whoever looks next begins again.
        _log.error("names_not_read", error=type(error).__name__, municipality=municipality)
