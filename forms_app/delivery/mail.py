"""Confirms to the citizen by mail that something came in. Their address is in the sealed answers only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.delivery.channels import PermanentFailure
from forms_app.delivery.confirmation import confirmation
from forms_app.delivery.letters import compose, post
from forms_app.delivery.packing import WORKER, MunicipalityRemoved, NoOpeningKey, NothingToDeliver
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.forms.people import sender_email
from forms_app.mail_server import MailServer
from forms_app.municipality import Deployment
from forms_app.sealing.submission import open_submission
from forms_app.storage import audit, submissions
from forms_app.storage.engine import reading
from forms_app.storage.leases import Claimed


class NoUsableAddress(PermanentFailure):
    """The answers hold no address that a mail could be sent to."""


@dataclass(frozen=True, kw_only=True)
class Confirmer:
    """Handles a delivery of the kind CONFIRMATION_MAIL. `site` is the address of the site, or empty."""

    engine: sa.Engine
    deployment: Deployment
    identities: Sequence[Identity]
    server: MailServer
    site: str
    clock: Clock
    returns: ReturnAddresses | None = None

    def __call__(self, claimed: Claimed) -> None:
        """Send the mail."""
        with reading(self.engine) as connection:
            row = submissions.get(connection, claimed.submission_id)
        if row is None or row.answers is None:
            raise NothingToDeliver(claimed.key)
        if not self.identities:
            raise NoOpeningKey(claimed.key)
        municipality = self.deployment.find(row.municipality)
        if municipality is None:
            raise MunicipalityRemoved(row.municipality)
        with self.engine.begin() as connection:
            audit.record(connection, at=self.clock(), actor=WORKER, action="opened to confirm", subject=str(row.id))
        opened = open_submission(row.answers, self.identities, expected=row.binding)
        recipient = usable_address(opened.answers)
        message = compose(
            confirmation(row.binding, municipality, site=self.site, demo=self.deployment.demo),
            key=claimed.key,
            sender=Address(municipality.name, addr_spec=self.server.sender),
            recipient=recipient,
            now=self.clock(),
        )
        post(self.server, self.returns, message, recipient, key=claimed.key)


def usable_address(answers: Mapping[str, Any]) -> str:
    """The sender's address as mail servers write it. Raises NoUsableAddress.

    It is judged anew: whoever knows the public keys can seal answers with anything in them.
    """
    try:
        address = validate_email(sender_email(answers) or "", check_deliverability=False)
    except EmailNotValidError as error:
        raise NoUsableAddress from error
    return address.ascii_email or f"{address.local_part}@{address.ascii_domain}"
