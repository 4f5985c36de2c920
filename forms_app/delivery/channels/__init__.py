"""The ways out of the portal, all behind one small protocol."""

from typing import Protocol

from forms_app.delivery.parcel import Parcel
from forms_app.errors import PortalError


class TemporaryFailure(PortalError):
    """The receiver could not take the parcel now; it is tried again."""


class PermanentFailure(PortalError):
    """The receiver will never take this parcel as it is; staff must look at it."""


class Channel(Protocol):
    """One kind of receiver.

    `kind` is the name a delivery is stored under. `proves_hand_over` says whether a delivery that returned is
    proof that the receiver has the parcel, so that our own copy may be erased: a folder or mail server proves
    nothing.
    """

    kind: str
    proves_hand_over: bool

    def deliver(self, parcel: Parcel) -> None:
        """Return when the receiver durably has the parcel, once, however often it is repeated.

        Every wait inside must end by itself: a delivery that hangs keeps its lease. Raises TemporaryFailure
        or PermanentFailure.
        """
