"""What the views work with, handed to the application once when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from forms_app.books.journal import IssueJournal
from forms_app.documents.blank_forms import BlankForms
from forms_app.files.virus import VirusScanner
from forms_app.intake.canaries import Canaries
from forms_app.intake.limits import Limits
from forms_app.intake.submit import Desk
from forms_app.municipality import Deployment
from forms_app.sealing.envelope import Recipients
from forms_app.web.places import Places

_NAME = "portal"


@dataclass(frozen=True, kw_only=True)
class Portal:
    """The services of one process.

    `recipients` says to whose keys each municipality's submissions are sealed; whatever holds whole files in memory
    takes one of the `places` first. Without a `scanner` every file is marked as unscanned. An unsent draft is kept for
    `draft_days` after it was last saved. `site_address` may be empty; then it is what the browser says.
    """

    deployment: Deployment
    blank_forms: BlankForms
    desk: Desk
    canaries: Canaries
    journal: IssueJournal
    recipients: Mapping[str, Recipients]
    places: Places
    scanner: VirusScanner | None
    draft_days: int
    site_address: str
    limits: Limits
    fastest_seconds: int

    @property
    def demo(self) -> bool:
        """Whether every page must say that this is a demonstration."""
        return self.deployment.demo


def keep(extensions: dict[str, object], services: Portal) -> None:
    """Make the services known to the views of an application."""
    extensions[_NAME] = services


def portal() -> Portal:
    """The services of the application that answers this request."""
    services = current_app.extensions[_NAME]
    assert isinstance(services, Portal)
    return services
