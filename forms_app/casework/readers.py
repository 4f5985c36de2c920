"""Who has read a case: what a citizen has a right to be told."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.casework.deeds import member_of, roles_said, who
from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock
from forms_app.references.reference import parse_reference, whole_of
from forms_app.storage import audit, submissions
from forms_app.storage.audit import AuditEntry
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.staff.members import Member
from forms_app.storage.submissions import Submission

_CITIZEN = "citizen"
_LISTED = "listed"


@dataclass(frozen=True, kw_only=True)
class Staff:
    """What the staff database knows; nothing where it cannot be reached."""

    names: Mapping[uuid.UUID, str]
    present: Mapping[uuid.UUID, Member]

    @classmethod
    def unknown(cls) -> "Staff":
        """Nobody is known by name."""
        return cls(names={}, present={})

    @classmethod
    def of(cls, staff: sa.Engine) -> "Staff":
        """Everybody who is or was here."""
        with reading(staff) as connection:
            return cls(names=members.names(connection), present={one.id: one for one in members.present(connection)})

    def described(self, actor: str, municipality: str) -> str:
        """Name, with the role that they have there now."""
        member = self.present.get(member_of(actor) or uuid.UUID(int=0))
        held = roles_said(member.roles.get(municipality, frozenset())) if member else ""
        name = who(actor, self.names)
        return f"{name} ({held})" if held else name


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How often somebody saw the list of cases, on which the names of this one may have stood."""

    actor: str
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, kw_only=True)
class Readers:
    """All that everybody but the sender has done with a case, also with what was sent later about it."""

    submission: Submission
    deeds: tuple[AuditEntry, ...]
    listings: tuple[Listing, ...]


def who_has_read(engine: sa.Engine, clock: Clock, reference: str, *, actor: str) -> Readers:
    """The answer; that it was asked for is written down first. Raises WrongReference and UnknownReference."""
    with engine.begin() as connection:
        first = submissions.by_reference(connection, parse_reference(whole_of(reference)))
        if first is None:
            raise UnknownReference(reference)
        audit.record(connection, at=clock(), actor=actor, action="read the trail", subject=str(first.id))
    with reading(engine) as connection:
        about = audit.of_subjects(connection, audit.subjects_of_case(connection, first.id))
        lists = audit.of_subjects(connection, [first.municipality, audit.EVERYWHERE])
    return Readers(
        submission=first,
        deeds=tuple(one for one in about if one.actor != _CITIZEN),
        listings=tuple(_listings(lists, since=first.accepted_at)),
    )


def _listings(entries: Iterable[AuditEntry], *, since: datetime) -> Iterator[Listing]:
    seen: dict[str, list[datetime]] = defaultdict(list)
    for one in entries:
        if one.action == _LISTED and one.at >= since:
            seen[one.actor].append(one.at)
    for actor, times in seen.items():
        yield Listing(actor=actor, times=len(times), first=min(times), last=max(times))
