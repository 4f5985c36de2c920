"""Mail to the municipality's own unit: who it goes to, and what every such mail says."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address

from email_validator import EmailNotValidError, validate_email

from forms_app.clock import Clock
from forms_app.countries import rules_for
from forms_app.delivery.channels import ChannelNotReady
from forms_app.delivery.letters import Letter, compose, post
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import Label, ParcelFile
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.delivery.smtp import greet
from forms_app.language import format_date, format_moment, use
from forms_app.language import gettext as _
from forms_app.mail_server import MailServer
from forms_app.municipality import ChannelSettings, Municipality


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Whom a municipality wants its mail to go to, and the server that it leaves through."""

    municipality: Municipality
    recipient: str
    server: MailServer
    returns: ReturnAddresses | None
    is_demo: bool
    clock: Clock

    def write(self, label: Label, sentences: Iterable[str], files: Iterable[ParcelFile] = ()) -> None:
        """Send it these sentences about a submission, in its own language. Raises as `smtp.send`."""
        message = compose(
            self._letter(label, sentences),
            key=label.key,
            sender=Address(self.municipality.name, addr_spec=self.server.sender),
            recipient=self.recipient,
            now=self.clock(),
        )
        for file in files:
            kind = {"json": "json", "xml": "xml"}.get(file.name.rpartition(".")[2], "octet-stream")
            name = file.name.replace("/", "-")
            message.add_attachment(file.content, maintype="application", subtype=kind, filename=name)
        post(self.server, self.returns, message, self.recipient, key=label.key)

    def greet(self) -> None:
        """As Channel.greet."""
        greet(self.server)

    def _letter(self, label: Label, sentences: Iterable[str]) -> Letter:
        with use(self.municipality.default_language):
            facts = {
                _("Reference"): label.reference,
                _("What has come in"): label.title,
                _("Received"): format_moment(label.accepted_at, rules_for(self.municipality.country).time_zone),
                _("Next date by law"): format_date(label.due_on) if label.due_on else "",
            }
            paragraphs = [
                *([_("Demo. This is not an official service. Do not send real information.")] if self.is_demo else []),
                "\n".join(f"{name}: {value}" for name, value in facts.items() if value),
                *(str(sentence) for sentence in sentences),
                _("This e-mail was sent automatically. Do not send private information by e-mail."),
            ]
            subject = _("New in the portal: %(title)s, reference %(reference)s", **_of(label))
        language = self.municipality.default_language
        return Letter(language=language, subject=subject, text="\n\n".join(paragraphs) + "\n")


def unit_of(settings: ChannelSettings, municipality: Municipality, means: Means) -> Unit:
    """The unit that a channel writes to. Raises ChannelNotReady."""
    if means.mail is None:
        raise ChannelNotReady("no mail server: PORTAL_SMTP_HOST")
    try:
        recipient = validate_email(settings.options["to"], check_deliverability=False).ascii_email
    except EmailNotValidError:
        recipient = None
    if recipient is None:
        raise ChannelNotReady(f"'to' is no e-mail address: {settings.options['to']}")
    return Unit(
        municipality=municipality,
        recipient=recipient,
        server=means.mail,
        returns=means.returns,
        is_demo=means.is_demo,
        clock=means.clock,
    )


def _of(label: Label) -> dict[str, str]:
    return {"title": label.title, "reference": label.reference}
