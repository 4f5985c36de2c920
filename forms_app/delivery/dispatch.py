"""Joins channels to the worker: what to call for a delivery, and what follows from its success."""

from collections.abc import Callable, Iterable
from typing import Protocol

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.worker import Handler, OnDelivered, Proof
from forms_app.storage import acknowledgements, cases
from forms_app.storage.leases import Claimed

Pack = Callable[[Claimed], Parcel]
"""Builds the parcel of a delivery; its label must be the same however often it is packed."""


class Delivers(Protocol):
    """A channel, as far as a worker needs it, or all channels of a kind."""

    kind: str
    proves_hand_over: bool

    def deliver(self, parcel: Parcel) -> Proof:
        """As Channel.deliver."""


def handlers(channels: Iterable[Delivers], pack: Pack) -> dict[str, Handler]:
    """What a worker calls for each kind of delivery."""
    return {channel.kind: _handler(channel, pack) for channel in channels}


def hand_over_marker(clock: Clock) -> OnDelivered:
    """Keeps a receiver's proof, and marks the case handed over."""

    def mark(connection: sa.Connection, claimed: Claimed, proof: Proof) -> None:
        if proof is not None:
            now = clock()
            acknowledgements.insert(connection, claimed.id, proof, now=now)
            cases.mark_handed_over(connection, claimed.submission_id, now=now)

    return mark


def _handler(channel: Delivers, pack: Pack) -> Handler:
    def handle(claimed: Claimed) -> Proof:
        proof = channel.deliver(pack(claimed))
        return proof if channel.proves_hand_over else None

    return handle
