"""Tells the unit by mail that something has come in, and nothing about anybody. It hands nothing over."""

from forms_app.delivery.means import Means
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.unit_mail import Unit, unit_of
from forms_app.language import lazy_gettext as _
from forms_app.municipality import ChannelSettings, Municipality

_SENTENCES = (_("Open it in the portal's inbox. This e-mail holds nothing of what was sent."),)


def make(settings: ChannelSettings, municipality: Municipality, means: Means) -> "NoticeChannel":
    """The channel. Raises ChannelNotReady."""
    return NoticeChannel(unit_of(settings, municipality, means))


class NoticeChannel:
    """Reference, form, the moment it came and the next date by law."""

    kind = "notice"
    proves_hand_over = False

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def deliver(self, parcel: Parcel) -> None:
        """As Channel.deliver; done when the mail server has taken it."""
        self.unit.write(parcel.label, _SENTENCES)

    def greet(self) -> None:
        """As Channel.greet."""
        self.unit.greet()
