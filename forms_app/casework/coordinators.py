"""Who has room for one more family, and who waits for a coordinator."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from forms_app.clock import Clock, local_date
from forms_app.countries import Country, rules_for, working_days_between
from forms_app.errors import PortalError
from forms_app.forms.definition import FormKey
from forms_app.storage import audit, loads
from forms_app.storage.engine import reading
from forms_app.storage.staff import coordinators, members
from forms_app.storage.staff.coordinators import Capacity
from forms_app.storage.tables import TargetGroup

MOST = 500


class WrongCapacity(PortalError):
    """A capacity is a whole number from 0 to 500; 0 takes somebody off the list."""


class NotAtWork(PortalError):
    """They do not handle cases in this municipality."""


@dataclass(frozen=True, kw_only=True)
class Coordinator:
    """A coordinator with what they have; `free` is below 0 for whoever has more than they can."""

    member_id: uuid.UUID
    name: str
    target_group: TargetGroup
    capacity: int
    load: int

    @property
    def free(self) -> int:
        """How many more they can have."""
        return self.capacity - self.load


@dataclass(frozen=True, kw_only=True)
class WaitingCase:
    """An application without a coordinator; `days` are working days since it came in."""

    reference: str
    target_group: TargetGroup | None
    since: date
    days: int
    is_too_long: bool


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everybody who coordinates, most room first within their group, and everybody who waits, the longest first."""

    coordinators: tuple[Coordinator, ...]
    waiting: tuple[WaitingCase, ...]


@dataclass(frozen=True, kw_only=True)
class Register:
    """The coordinators of one municipality."""

    engine: sa.Engine
    staff: sa.Engine
    clock: Clock
    municipality: str
    country: Country

    def overview(self, *, within: int) -> Overview:
        """`within` is how many working days an application may wait for a coordinator."""
        with reading(self.staff) as connection:
            listed = coordinators.of(connection, self.municipality)
            names = members.names(connection)
        with reading(self.engine) as connection:
            held = loads.held(connection, self.municipality, FormKey.APPLICATION)
            waiting = loads.waiting(connection, self.municipality, FormKey.APPLICATION)
        found = [self._coordinator(one, names, held) for one in listed]
        found.sort(key=lambda one: (one.target_group, -one.free, one.name))
        return Overview(coordinators=tuple(found), waiting=tuple(self._waiting(one, within) for one in waiting))

    def set_capacity(self, member_id: uuid.UUID, group: TargetGroup, capacity: int, *, actor: str) -> None:
        """Put somebody on the list, change how many they can have, or with 0 take them off it.

        Raises WrongCapacity and NotAtWork.
        """
        if not 0 <= capacity <= MOST:
            raise WrongCapacity(str(capacity))
        with self.staff.begin() as connection:
            member = members.by_id(connection, member_id)
            if member is None or not member.roles.get(self.municipality):
                raise NotAtWork
            noted = Capacity(member_id=member_id, municipality=self.municipality, target_group=group, capacity=capacity)
            coordinators.put(connection, noted)
        with self.engine.begin() as connection:
            action = f"capacity {capacity} {group} {member_id}"
            audit.record(connection, at=self.clock(), actor=actor, action=action, subject=self.municipality)

    @staticmethod
    def _coordinator(
        one: Capacity, names: Mapping[uuid.UUID, str], held: Mapping[tuple[uuid.UUID, str], int]
    ) -> Coordinator:
        return Coordinator(
            member_id=one.member_id,
            name=names[one.member_id],
            target_group=one.target_group,
            capacity=one.capacity,
            load=held.get((one.member_id, one.target_group), 0),
        )

    def _waiting(self, one: loads.Waiting, within: int) -> WaitingCase:
        zone = rules_for(self.country).time_zone
        since = one.received_on or local_date(one.accepted_at, zone)
        days = working_days_between(since, local_date(self.clock(), zone), self.country)
        return WaitingCase(
            reference=one.reference,
            target_group=one.target_group,
            since=since,
            days=days,
            is_too_long=days > within,
        )
