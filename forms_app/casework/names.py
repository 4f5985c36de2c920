"""Finding a case by a name. Names are sealed, so they are found among opened summaries, which live in the memory of
this process only.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.casework.people import Likeness, People
from forms_app.casework.spelling import compared
from forms_app.clock import Clock
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, open_summary
from forms_app.storage import audit, inbox
from forms_app.storage.engine import reading
from forms_app.storage.inbox import SealedSummary

_AT_ONCE = 500


class NameIndex:
    """The names in the summaries of each municipality that was searched, as they are compared.

    What came in since the last search is opened at the next one; what was erased is forgotten then.
    """

    def __init__(self) -> None:
        self._names: dict[str, dict[uuid.UUID, str]] = {}
        self._people: dict[str, People] = {}
        self._lock = Lock()

    def search(
        self, engine: sa.Engine, identities: Sequence[Identity], municipality: str, words: str
    ) -> frozenset[uuid.UUID]:
        """The submissions in whose summary each of the words stands, as a whole or as a part; none for no words."""
        parts = compared(words).split()
        if not parts:
            return frozenset()
        with self._lock:
            known = self._bring_up_to_date(engine, identities, municipality)
            return frozenset(id for id, names in known.items() if all(part in names for part in parts))

    def like(
        self, engine: sa.Engine, identities: Sequence[Identity], municipality: str, ids: Iterable[uuid.UUID]
    ) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Likeness]]:
        """For each of these submissions the others that may be about the same person, and why."""
        with self._lock:
            self._bring_up_to_date(engine, identities, municipality)
            return {id: self._people[municipality].like(id) for id in ids}

    def _bring_up_to_date(
        self, engine: sa.Engine, identities: Sequence[Identity], municipality: str
    ) -> Mapping[uuid.UUID, str]:
        known, people = self._names.setdefault(municipality, {}), self._people.setdefault(municipality, People())
        with reading(engine) as connection:
            present = inbox.ids(connection, municipality)
            for gone in known.keys() - present:
                del known[gone]
                people.forget(gone)
            new = list(present - known.keys())
            for start in range(0, len(new), _AT_ONCE):
                for id, sealed in inbox.summaries(connection, new[start : start + _AT_ONCE]).items():
                    summary = _opened(sealed, identities)
                    known[id] = compared(" | ".join(_texts(summary.values())))
                    people.put(id, summary)
        return known


def search(
    index: NameIndex,
    engine: sa.Engine,
    clock: Clock,
    identities: Sequence[Identity],
    municipality: str,
    words: str,
    *,
    actor: str,
) -> frozenset[uuid.UUID]:
    """What `NameIndex.search` finds for `actor`; that they searched is written down first, and for what is not."""
    with engine.begin() as connection:
        audit.record(connection, at=clock(), actor=actor, action="searched", subject=municipality)
    return index.search(engine, identities, municipality, words)


def _opened(sealed: SealedSummary, identities: Sequence[Identity]) -> Mapping[str, Any]:
    try:
        return open_summary(sealed.envelope, identities, expected=sealed.binding)
    except (CannotOpen, BindingMismatch):
        # It is shown in the list as one that cannot be opened; it has nothing to be found by.
        return {}


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))
