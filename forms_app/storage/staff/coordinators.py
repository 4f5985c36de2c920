"""Who coordinates for whom, and for how many at a time."""

import uuid
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from forms_app.storage.staff.tables import coordinators, members
from forms_app.storage.tables import TargetGroup


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """How many cases of a target group somebody can have at a time in a municipality."""

    member_id: uuid.UUID
    municipality: str
    target_group: TargetGroup
    capacity: int


_OF = (
    sa.select(coordinators)
    .join_from(coordinators, members)
    .where(coordinators.c.municipality == sa.bindparam("place"), members.c.removed_at.is_(None))
    .order_by(coordinators.c.target_group, members.c.name, members.c.id)
)


def put(connection: sa.Connection, capacity: Capacity) -> None:
    """Note it; a capacity of 0 takes somebody off the list of coordinators."""
    row = asdict(capacity)
    number = row.pop("capacity")
    connection.execute(sa.delete(coordinators).filter_by(**row))
    if number:
        connection.execute(sa.insert(coordinators), {**row, "capacity": number})


def of(connection: sa.Connection, municipality: str) -> list[Capacity]:
    """Everybody who coordinates there, by target group and name."""
    return [
        Capacity(**dict(row._mapping) | {"target_group": TargetGroup(row.target_group)})
        for row in connection.execute(_OF, {"place": municipality})
    ]
