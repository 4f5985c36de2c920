"""Joins channels to the worker: what to call for a delivery, and what follows from its success."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.delivery.channels import Channel
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.worker import Handler, OnDelivered
from forms_app.storage import cases
from forms_app.storage.leases import Claimed

Pack = Callable[[Claimed], Parcel]
"""Builds the parcel of a delivery; its label must be the same however often it is packed."""


def handlers(channels: Iterable[Channel], pack: Pack) -> dict[str, Handler]:
    """What a worker calls for each kind of delivery."""
    return {channel.kind: _handler(channel, pack) for channel in channels}


def hand_over_marker(channels: Iterable[Channel], clock: Clock) -> OnDelivered:
    """Marks the case handed over after a delivery through a channel that proves it."""
    proving = {channel.kind for channel in channels if channel.proves_hand_over}

    def mark(connection: sa.Connection, claimed: Claimed) -> None:
        if claimed.kind in proving:
            cases.mark_handed_over(connection, claimed.submission_id, now=clock())

    return mark


def _handler(channel: Channel, pack: Pack) -> Handler:
    return lambda claimed: channel.deliver(pack(claimed))
