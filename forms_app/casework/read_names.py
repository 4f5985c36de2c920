"""What the opened summaries of one municipality say, for as long as the process lives."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.casework.people import Likeness, People
from forms_app.casework.spelling import compared
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, open_summary
from forms_app.storage import inbox_summaries
from forms_app.storage.engine import reading
from forms_app.storage.inbox_summaries import Latest, SealedSummary

_AT_ONCE = 25
"""Few, for whoever opens an envelope keeps all other threads of the process waiting."""


class ReadNames:
    """The names and the people of the cases that were read; several threads may read and ask at once."""

    def __init__(self) -> None:
        self._names: dict[uuid.UUID, str] = {}
        self._people = People()
        self._present: set[uuid.UUID] = set()
        # In order, each once.
        self._waiting: dict[uuid.UUID, None] = {}
        self._latest: Latest | None = None
        self._lock = Lock()

    @property
    def unread(self) -> int:
        """How many cases there are that are not read yet."""
        with self._lock:
            return len(self._present - self._names.keys())

    def catch_up(self, engine: sa.Engine, municipality: str) -> None:
        """Find out which cases have come since the last time, at first all of them; forget those that were erased."""
        with reading(engine) as connection:
            latest, seen = inbox_summaries.latest(connection), self._latest
            if seen:
                came, erased = inbox_summaries.changed_since(connection, municipality, seen)
            else:
                came, erased = inbox_summaries.ids(connection, municipality), set()
        with self._lock:
            for gone in erased & self._names.keys():
                del self._names[gone]
                self._people.forget(gone)
            self._present = (self._present | came) - erased
            self._waiting |= dict.fromkeys(came - self._names.keys())
            self._latest = latest

    def read_some(self, engine: sa.Engine, identities: Sequence[Identity]) -> bool:
        """Read a few of those that are not read yet; False where there are none."""
        with self._lock:
            few = [self._waiting.popitem()[0] for unused_one in range(min(_AT_ONCE, len(self._waiting)))]
        self.read(engine, identities, few)
        return bool(few)

    def read(self, engine: sa.Engine, identities: Sequence[Identity], ids: Iterable[uuid.UUID]) -> None:
        """Read these, if they were not read before."""
        with self._lock:
            new = [id for id in ids if id not in self._names]
        if not new:
            return
        with reading(engine) as connection:
            sealed = inbox_summaries.summaries(connection, new)
        opened = {id: _opened(one, identities) for id, one in sealed.items()}
        with self._lock:
            # What was erased meanwhile has no summary any more.
            self._present -= set(new) - opened.keys()
            self._present |= opened.keys()
            for id, summary in opened.items():
                self._names[id] = compared(" | ".join(_texts(summary.values())))
                self._people.put(id, summary)

    def with_all(self, parts: Sequence[str]) -> frozenset[uuid.UUID]:
        """Those in whose summary each of the parts stands."""
        with self._lock:
            return frozenset(id for id, names in self._names.items() if all(part in names for part in parts))

    def like(self, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Likeness]]:
        """As `People.like`, for each of these."""
        with self._lock:
            return {id: self._people.like(id) for id in ids}


def _opened(sealed: SealedSummary, identities: Sequence[Identity]) -> Mapping[str, Any]:
    try:
        return open_summary(sealed.envelope, identities, expected=sealed.binding)
    except (CannotOpen, BindingMismatch):
        # It is shown in the list as one that cannot be opened; it has nothing to be found by.
        return {}


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))
