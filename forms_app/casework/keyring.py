"""Who can open what, and which key may go.

Nothing is ever sealed anew for another key. The hash of the sealed answers stands in the issue journal and on receipts'
rows, and the books count by it: a row with another envelope would be one that nobody was given a receipt for. An old
key costs nothing but its line in the ring, so it stays there as long as a row needs it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.sealing.envelope import CannotOpen, Recipients, open_envelope
from forms_app.storage import canaries, recipients
from forms_app.storage.canaries import Canary
from forms_app.storage.engine import reading
from forms_app.storage.recipients import SealedList


@dataclass(frozen=True, kw_only=True)
class ListState:
    """One list of recipients: what is sealed to it, who seals to it now, and which keys of the ring open it."""

    fingerprint: str
    rows: int
    municipalities: tuple[str, ...]
    opened_by: tuple[str, ...]
    confirmed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class KeyState:
    """One key of the ring, by its public half: the municipalities that seal to it now, and what needs it.

    As long as `others_unopened`, there are things that no key of the ring opens as they are; then nobody can tell.
    """

    public_key: str
    municipalities: tuple[str, ...]
    rows: int
    notes: int
    others_unopened: bool

    @property
    def may_go(self) -> bool:
        """Whether nothing is or will be sealed to it."""
        return not (self.municipalities or self.rows or self.notes or self.others_unopened)


@dataclass(frozen=True, kw_only=True)
class RingState:
    """All lists and keys; `unopened_notes` are sealed to no key of the ring."""

    lists: tuple[ListState, ...]
    keys: tuple[KeyState, ...]
    unopened_notes: int


def state_of(engine: sa.Engine, identities: Sequence[Identity], present: Mapping[str, Recipients]) -> RingState:
    """Look at the newest and the oldest row of each list and at every note; `present` is who seals to what now, by
    municipality.
    """
    with reading(engine) as connection:
        stored = {one.fingerprint: one for one in recipients.lists(connection)}
        sealed_notes = recipients.notes(connection)
        used = {one.fingerprint for one in present.values()}
        found = {name: canaries.get(connection, name) for name in sorted(used | stored.keys())}
    lists = [_list_state(name, stored.get(name), canary, identities, present) for name, canary in found.items()]
    openers = [_openers([one], identities) for one in sealed_notes]
    notes = Counter(key for keys in openers for key in keys)
    unopened_notes = sum(not keys for keys in openers)
    is_open = all(one.opened_by for one in lists if one.rows) and not unopened_notes
    keys = tuple(
        KeyState(
            public_key=key,
            municipalities=tuple(sorted(place for place, one in present.items() if key in one.keys)),
            rows=sum(one.rows for one in lists if key in one.opened_by),
            notes=notes[key],
            others_unopened=not is_open,
        )
        for key in map(_public, identities)
    )
    return RingState(lists=tuple(lists), keys=keys, unopened_notes=unopened_notes)


def _list_state(
    name: str,
    stored: SealedList | None,
    canary: Canary | None,
    identities: Sequence[Identity],
    present: Mapping[str, Recipients],
) -> ListState:
    samples = stored.samples if stored else (canary.sealed,) if canary else ()
    return ListState(
        fingerprint=name,
        rows=stored.rows if stored else 0,
        municipalities=tuple(sorted(key for key, one in present.items() if one.fingerprint == name)),
        opened_by=_openers(samples, identities),
        confirmed_at=canary.confirmed_at if canary else None,
    )


def _openers(envelopes: Sequence[bytes], identities: Sequence[Identity]) -> tuple[str, ...]:
    """Which keys open any of them."""
    return tuple(_public(one) for one in identities if any(_opens(envelope, one) for envelope in envelopes))


def _opens(envelope: bytes, identity: Identity) -> bool:
    try:
        open_envelope(envelope, [identity])
    except CannotOpen:
        return False
    return True


def _public(identity: Identity) -> str:
    return str(identity.to_public())
