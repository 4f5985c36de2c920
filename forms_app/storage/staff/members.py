"""Members of staff and what each may do in which municipality."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forms_app.storage.staff.tables import Role, members, roles, sessions


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who may log in; `roles` has what they may do, by municipality."""

    id: uuid.UUID
    issuer: str
    subject: str
    name: str
    roles: Mapping[str, frozenset[Role]]


_INSERT = sa.insert(members)
_COLUMNS = (members.c.id, members.c.issuer, members.c.subject, members.c.name)
_PRESENT = sa.select(*_COLUMNS).where(members.c.removed_at.is_(None))
_BY_LOGIN = sa.select(members.c.id).where(
    members.c.issuer == sa.bindparam("issuer"), members.c.subject == sa.bindparam("subject")
)
_ROLES = sa.select(roles.c.municipality, roles.c.role).where(roles.c.member_id == sa.bindparam("member"))
_NAMES = sa.select(members.c.id, members.c.name)
_WITH_ROLE = (
    _PRESENT.join(roles, roles.c.member_id == members.c.id)
    .where(roles.c.municipality == sa.bindparam("municipality"), roles.c.role == sa.bindparam("role"))
    .order_by(members.c.name, members.c.id)
)
_REMOVE = (
    sa.update(members)
    .where(members.c.id == sa.bindparam("member"), members.c.removed_at.is_(None))
    .values(removed_at=sa.bindparam("moment"))
)


def put(connection: sa.Connection, *, issuer: str, subject: str, name: str, now: datetime) -> uuid.UUID:
    """Let somebody log in under this name, also who had left; their id is the same each time."""
    login = {"issuer": issuer, "subject": subject}
    known: uuid.UUID | None = connection.execute(_BY_LOGIN, login).scalar_one_or_none()
    if known:
        connection.execute(sa.update(members).where(members.c.id == known).values(name=name, removed_at=None))
        return known
    member_id = uuid.uuid4()
    connection.execute(_INSERT, {"id": member_id, **login, "name": name, "added_at": now})
    return member_id


def move_to(connection: sa.Connection, issuer: str) -> None:
    """The one provider that everybody logs in with has got another address."""
    connection.execute(sa.update(members).values(issuer=issuer))


def grant(connection: sa.Connection, member_id: uuid.UUID, municipality: str, role: Role) -> bool:
    """Give a role; False where they had it."""
    row = {"member_id": member_id, "municipality": municipality, "role": role}
    if connection.execute(sa.select(roles).filter_by(**row)).first():
        return False
    connection.execute(sa.insert(roles), row)
    return True


def withdraw(connection: sa.Connection, member_id: uuid.UUID, municipality: str, role: Role) -> bool:
    """Take a role back; False where they did not have it."""
    taking = sa.delete(roles).filter_by(member_id=member_id, municipality=municipality, role=role)
    return connection.execute(taking).rowcount == 1


def remove(connection: sa.Connection, member_id: uuid.UUID, *, now: datetime) -> bool:
    """Let somebody log in no more, and log them out everywhere; False where they had left before."""
    connection.execute(sa.delete(sessions).where(sessions.c.member_id == member_id))
    connection.execute(sa.delete(roles).where(roles.c.member_id == member_id))
    return connection.execute(_REMOVE, {"member": member_id, "moment": now}).rowcount == 1


def by_login(connection: sa.Connection, issuer: str, subject: str) -> Member | None:
    """Who logs in as this; None for strangers and those who have left."""
    query = _PRESENT.where(members.c.issuer == issuer, members.c.subject == subject)
    return _member(connection, connection.execute(query).one_or_none())


def by_id(connection: sa.Connection, member_id: uuid.UUID) -> Member | None:
    """A present member."""
    return _member(connection, connection.execute(_PRESENT.where(members.c.id == member_id)).one_or_none())


def present(connection: sa.Connection) -> list[Member]:
    """Everybody who may log in, by name."""
    found = connection.execute(_PRESENT.order_by(members.c.name, members.c.id)).all()
    return [member for row in found if (member := _member(connection, row))]


def with_role(connection: sa.Connection, municipality: str, role: Role) -> list[Member]:
    """Everybody who has this role there, by name."""
    found = connection.execute(_WITH_ROLE, {"municipality": municipality, "role": role}).all()
    return [member for row in found if (member := _member(connection, row))]


def names(connection: sa.Connection) -> dict[uuid.UUID, str]:
    """What everybody is called who was ever here."""
    return {row.id: row.name for row in connection.execute(_NAMES)}


def _member(connection: sa.Connection, row: Any) -> Member | None:
    if row is None:
        return None
    held: dict[str, set[Role]] = {}
    for one in connection.execute(_ROLES, {"member": row.id}):
        held.setdefault(one.municipality, set()).add(Role(one.role))
    return Member(**row._mapping, roles={key: frozenset(value) for key, value in held.items()})
