"""What became of the hand-overs of a case, in words: where it goes, how it stands, and why it did not arrive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms_app.casework.handing_over import HandOver
from forms_app.language import format_moment, gettext, ngettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.tables import DeliveryStatus

KIND_NAMES: Mapping[str, Any] = {
    "folder": _("Folder"),
    "sftp": _("SFTP server"),
    "webhook": _("Receiving system"),
    "mail": _("E-mail with the sealed form"),
    "notice": _("E-mail that something has come in"),
    "confirmation_mail": _("E-mail to the sender"),
}
"""By the kind of a delivery; another one is called by its kind."""

_NO_WAY = _("The portal is not set up any more to hand over in this way.")
FAILURES: Mapping[str, Any] = {
    "ChannelNotReady": _("Something is missing on the portal's side: a key, a password or a setting."),
    "FolderMissing": _("The folder is not there. Perhaps a disk is not connected."),
    "FolderFailed": _("The folder could not be written. Perhaps the disk is full."),
    "OtherParcelThere": _("Something else lies under this reference in the folder already."),
    "SftpUnreachable": _("The SFTP server does not answer."),
    "WrongHostKey": _("The SFTP server has another key than it should. Nothing was sent: it may be another server."),
    "SftpLoginRefused": _("The SFTP server does not let the portal in."),
    "SftpFailed": _("The SFTP server could not keep the file. Perhaps its disk is full."),
    "NoFileName": _("The reference cannot be the name of a file."),
    "WebhookUnreachable": _("The receiving system does not answer."),
    "WebhookBusy": _("The receiving system cannot take it now."),
    "WebhookMoved": _("The receiving system has another address than the portal knows."),
    "WebhookRefused": _("The receiving system has refused it."),
    "AcknowledgementNotValid": _("The receiving system's confirmation is not for this, or not signed as it should be."),
    "NotSealed": _("What is not sealed is never sent by e-mail."),
    "MailServerFailed": _("The mail server does not answer, or does not let the portal in."),
    "MailPostponed": _("The mail server asks to wait."),
    "MailTooLarge": _("It is too large for e-mail."),
    "MailRefused": _("The mail server has refused it. Perhaps nobody has the address."),
    "MailBounced": _("The e-mail came back. Perhaps nobody has the address, or the mailbox is full."),
    "NoUsableAddress": _("The sender gave no address that can be written to."),
    "NothingToDeliver": _("It has been erased, so there is nothing left to hand over."),
    "NoOpeningKey": _("The portal has no key to open it with."),
    "MunicipalityRemoved": _("The municipality is not among those that the portal serves."),
    "ChannelRemoved": _NO_WAY,
    "NoSuchChannel": _NO_WAY,
    "LeaseExpired": _("The portal stopped in the middle of it."),
    "BindingMismatch": _("The content does not belong to the case: something in the database was swapped or changed."),
    "CannotOpen": _("No key of the portal opens it."),
}
"""Why a delivery failed, by the name of the failure, which is all that is stored of it."""


@dataclass(frozen=True, kw_only=True)
class ShownHandOver:
    """One delivery: of which sending, where to, and how it stands. `why` is "" where nothing failed."""

    reference: str
    where: str
    words: str
    why: str
    is_given_up: bool


def shown_hand_overs(found: list[HandOver], zone: str) -> Iterator[ShownHandOver]:
    """In the current language."""
    for one in found:
        delivery = one.delivery
        yield ShownHandOver(
            reference=one.reference,
            where=str(KIND_NAMES.get(delivery.kind, delivery.kind)),
            words=_standing(one, zone),
            why="" if delivery.state is DeliveryStatus.SUCCEEDED else why(delivery.last_error),
            is_given_up=delivery.state is DeliveryStatus.GIVEN_UP,
        )


def why(error: str | None) -> str:
    """What a stored failure means, with its name for those who run the portal."""
    if error is None:
        return ""
    sentence = FAILURES.get(error, _("Something went wrong that nobody had foreseen."))
    return f"{sentence} ({error})"


def _standing(one: HandOver, zone: str) -> str:
    delivery = one.delivery
    match delivery.state:
        case DeliveryStatus.SUCCEEDED:
            done = gettext("Done: %(when)s.", when=_when(delivery.finished_at, zone))
            return " ".join([done, *([gettext("The receiver has signed that it has it.")] if one.signed else [])])
        case DeliveryStatus.GIVEN_UP:
            return ngettext(
                "Given up after %(num)d attempt: %(when)s.",
                "Given up after %(num)d attempts: %(when)s.",
                delivery.attempts,
                when=_when(delivery.finished_at, zone),
            )
        case DeliveryStatus.TODO if delivery.attempts:
            return gettext("Not yet. It is tried again: %(when)s.", when=_when(delivery.due_at, zone))
        case DeliveryStatus.CANCELLED:
            return gettext("Called off.")
    return gettext("Not yet.")


def _when(at: datetime | None, zone: str) -> str:
    return format_moment(at, zone) if at else ""
