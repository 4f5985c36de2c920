"""Finding a case by a name. Names are sealed, so they are found among opened summaries, which live in the memory of
this process only.
"""

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from threading import Lock

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, open_summary
from forms_app.storage import audit, inbox
from forms_app.storage.engine import reading

_AT_ONCE = 500
_ALIKE = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "đ": "d", "ł": "l", "ß": "s"})
"""Letters that Unicode does not take apart, so that "Odegard" finds Ødegård."""


class NameIndex:
    """The names in the summaries of each municipality that was searched, as they are compared.

    What came in since the last search is opened at the next one; what was erased is forgotten then.
    """

    def __init__(self) -> None:
        self._names: dict[str, dict[uuid.UUID, str]] = {}
        self._lock = Lock()

    def search(
        self, engine: sa.Engine, identities: Sequence[Identity], municipality: str, words: str
    ) -> frozenset[uuid.UUID]:
        """The submissions in whose summary each of the words stands, as a whole or as a part; none for no words."""
        parts = compared(words).split()
        if not parts:
            return frozenset()
        with self._lock:
            known = self._names.setdefault(municipality, {})
            _bring_up_to_date(known, engine, identities, municipality)
            return frozenset(id for id, names in known.items() if all(part in names for part in parts))


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


def compared(text: str) -> str:
    """The text without accents and capitals: nobody should have to know how a name is written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_ALIKE)


def _bring_up_to_date(
    known: dict[uuid.UUID, str], engine: sa.Engine, identities: Sequence[Identity], municipality: str
) -> None:
    with reading(engine) as connection:
        present = inbox.ids(connection, municipality)
        for gone in known.keys() - present:
            del known[gone]
        new = list(present - known.keys())
        for start in range(0, len(new), _AT_ONCE):
            for id, sealed in inbox.summaries(connection, new[start : start + _AT_ONCE]).items():
                known[id] = _names_in(sealed, identities, id)


def _names_in(sealed: bytes, identities: Sequence[Identity], submission_id: uuid.UUID) -> str:
    try:
        summary = open_summary(sealed, identities, submission_id=str(submission_id))
    except (CannotOpen, BindingMismatch):
        # It is shown in the list as one that cannot be opened; it has no name to be found by.
        return ""
    return compared(" | ".join(_texts(summary.values())))


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))
