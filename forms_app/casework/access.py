"""Who may do what: a role counts in one municipality and says nothing about any other."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forms_app.errors import PortalError
from forms_app.storage.staff.members import Member
from forms_app.storage.staff.tables import Role

__all__ = ["NotAllowed", "Role", "Visitor", "actor_of"]


class NotAllowed(PortalError):
    """They have no role here that may do this. Whether what they asked for exists is not told."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A member of staff who is logged in, at work for one `municipality` at a time, until they have been idle too
    long.
    """

    member: Member
    municipality: str
    idle_at: datetime

    @property
    def id(self) -> uuid.UUID:
        """The member's."""
        return self.member.id

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return actor_of(self.member.id)

    @property
    def roles(self) -> frozenset[Role]:
        """What they may do where they are at work."""
        return self.roles_in(self.municipality)

    def roles_in(self, municipality: str) -> frozenset[Role]:
        """What they may do there; nothing where they do not work."""
        return self.member.roles.get(municipality, frozenset())

    def demand(self, any_of: Iterable[Role], municipality: str | None = None) -> None:
        """Raise NotAllowed unless they have one of these roles there, or where they are at work."""
        if not self.roles_in(municipality or self.municipality) & set(any_of):
            raise NotAllowed(self.actor)


def actor_of(member_id: uuid.UUID) -> str:
    """How the audit trail names a member of staff: by an id, for a name may change."""
    return f"staff:{member_id}"
