"""Finds the channel that `portal.toml` names for a parcel.

It is made anew for each delivery: a key or secret that was exchanged counts from the next one on, and what the channel
of one municipality lacks holds up nobody else's.
"""

from collections.abc import Iterator
from importlib import import_module

from forms_app.delivery.channels import Channel, ChannelNotReady
from forms_app.delivery.means import Means
from forms_app.delivery.packing import ChannelRemoved, MunicipalityRemoved
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.worker import Proof
from forms_app.errors import PortalError
from forms_app.municipality import CHANNEL_KINDS, ChannelSettings, Deployment, Municipality


class Routed:
    """All channels of one kind, whosever they are."""

    proves_hand_over = True
    """Whether one does, it says for itself."""

    def __init__(self, kind: str, deployment: Deployment, means: Means) -> None:
        self.kind = kind
        self.deployment = deployment
        self.means = means

    def deliver(self, parcel: Parcel) -> Proof:
        """As Channel.deliver, through that of the parcel's municipality and form."""
        municipality = self.deployment.find(parcel.label.municipality)
        if municipality is None:
            raise MunicipalityRemoved(parcel.label.municipality)
        settings = municipality.channel(self.kind, parcel.label.form)
        if settings is None:
            raise ChannelRemoved(self.kind)
        channel = make_channel(settings, municipality, self.means)
        proof = channel.deliver(parcel)
        return proof if channel.proves_hand_over else None


def every_kind(deployment: Deployment, means: Means) -> list[Routed]:
    """What a worker delivers through."""
    return [Routed(kind, deployment, means) for kind in CHANNEL_KINDS]


def every_channel(deployment: Deployment) -> Iterator[tuple[Municipality, ChannelSettings]]:
    """All that `portal.toml` names."""
    for municipality in deployment.municipalities:
        for settings in municipality.channels:
            yield municipality, settings


def make_channel(settings: ChannelSettings, municipality: Municipality, means: Means) -> Channel:
    """By the file of its kind. Raises ChannelNotReady with what is missing or wrong."""
    module = import_module(f"forms_app.delivery.channels.{settings.kind}")
    try:
        channel: Channel = module.make(settings, municipality, means)
    except ChannelNotReady:
        raise
    except PortalError as error:
        raise ChannelNotReady(f"{error.meaning()} {error}") from error
    return channel
