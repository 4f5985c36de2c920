"""The ways out of the portal, all behind one small protocol.

A channel is a file here, named as its kind, with a function `make(settings, municipality, means)` that gives the
Channel; and an entry in `municipality.channels`, which says what `portal.toml` holds of it.
"""

from typing import Protocol

from forms_app.delivery.parcel import Parcel
from forms_app.errors import PortalError
from forms_app.sealing.acknowledgement import SignedAcknowledgement


class TemporaryFailure(PortalError):
    """The receiver could not take the parcel now; it is tried again.

    `wait_seconds` is how long the receiver asks to be left alone.
    """

    def __init__(self, *arguments: object, wait_seconds: float = 0.0) -> None:
        super().__init__(*arguments)
        self.wait_seconds = wait_seconds


class PermanentFailure(PortalError):
    """The receiver will never take this parcel as it is; staff must look at it."""


class ChannelNotReady(TemporaryFailure):
    """The channel lacks something here: a secret, a key, a server. `portal check` says what."""


class Channel(Protocol):
    """One receiver.

    `kind` is the name a delivery is stored under. `proves_hand_over` says whether a delivery can come back with the
    proof that the receiver has the parcel, so that our own copy may be erased: a folder or mail server proves nothing.
    """

    kind: str
    proves_hand_over: bool

    def deliver(self, parcel: Parcel) -> SignedAcknowledgement | None:
        """Return when the receiver durably has the parcel, once, however often it is repeated; with its proof, if any.

        Every wait inside must end by itself: a delivery that hangs keeps its lease. Raises TemporaryFailure
        or PermanentFailure.
        """

    def greet(self) -> None:
        """Go as far as a delivery would, and hand over nothing. Raises as `deliver`."""
