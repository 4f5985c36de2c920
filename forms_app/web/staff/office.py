"""What the staff pages work with, handed to the application once when it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import current_app
from pyrage.x25519 import Identity

from forms_app.casework.names import NameIndex
from forms_app.casework.sessions import FrontDoor
from forms_app.clock import Clock
from forms_app.municipality import Deployment
from forms_app.sealing.envelope import Recipients
from forms_app.settings import LoginProvider

_NAME = "office"


class KeyTrouble(StrEnum):
    """Why nothing new can be opened: there is no opening key, or none of those that citizens seal to now."""

    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Office:
    """The services of one process. `staff` is the database of members and sessions; `client` talks to the provider;
    `names` finds cases by the names in them.

    Without `identities` nothing can be opened, and the pages say so.
    """

    deployment: Deployment
    engine: sa.Engine
    staff: sa.Engine
    clock: Clock
    identities: Sequence[Identity]
    recipients: Mapping[str, Recipients]
    login: LoginProvider
    client: Any
    names: NameIndex = field(default_factory=NameIndex)

    def key_trouble(self, municipality: str) -> KeyTrouble | None:
        """What is wrong with the opening keys, seen from one municipality; None where all is well."""
        if not self.identities:
            return KeyTrouble.MISSING
        held = {str(one.to_public()) for one in self.identities}
        sealed_to = self.recipients.get(municipality)
        return KeyTrouble.WRONG if sealed_to and not held & set(sealed_to.keys) else None

    @property
    def door(self) -> FrontDoor:
        """Where people log in and out."""
        return FrontDoor(staff=self.staff, engine=self.engine, clock=self.clock)


def keep(extensions: dict[str, object], services: Office) -> None:
    """Make the services known to the views of an application."""
    extensions[_NAME] = services


def office() -> Office:
    """The services of the application that answers this request."""
    services = current_app.extensions[_NAME]
    assert isinstance(services, Office)
    return services
