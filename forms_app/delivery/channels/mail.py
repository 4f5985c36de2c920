"""Mails a parcel to the unit, always sealed: its files are attachments that only the municipality's keys open."""

from forms_app.delivery.channels import PermanentFailure
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import MANIFEST, Parcel, ParcelFile
from forms_app.delivery.unit_mail import Unit, unit_of
from forms_app.language import lazy_gettext as _
from forms_app.municipality import ChannelSettings, Municipality

_SENTENCES = (
    _(
        "What was sent is attached, sealed. Only those who hold the municipality's key can open the files, with the "
        "program age. It is also in the portal's inbox."
    ),
)


class NotSealed(PermanentFailure):
    """What is opened is never mailed: mail is read on its way."""


def make(settings: ChannelSettings, municipality: Municipality, means: Means) -> "MailChannel":
    """The channel. Raises ChannelNotReady."""
    return MailChannel(unit_of(settings, municipality, means))


class MailChannel:
    """In the names of the attachments `-` stands where the manifest has `/`."""

    kind = "mail"
    proves_hand_over = False

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def deliver(self, parcel: Parcel) -> None:
        """As Channel.deliver; done when the mail server has taken it. A repeat has the same Message-ID."""
        if not parcel.is_sealed:
            raise NotSealed
        files = (*parcel.files, ParcelFile(name=MANIFEST, content=parcel.manifest()))
        self.unit.write(parcel.label, _SENTENCES, files)

    def greet(self) -> None:
        """As Channel.greet."""
        self.unit.greet()
