"""Who can be given a case where somebody is at work."""

from forms_app.casework.access import Role
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.staff.members import Member
from forms_app.web.staff.doors import visitor
from forms_app.web.staff.office import office


def case_workers(municipality: str) -> list[Member]:
    """Everybody who handles cases in a municipality, by name."""
    with reading(office().staff) as connection:
        found = [
            one
            for role in (Role.CASE_WORKER, Role.UNIT_LEADER)
            for one in members.with_role(connection, municipality, role)
        ]
    return sorted({one.id: one for one in found}.values(), key=lambda one: (one.name, one.id))


def colleagues() -> list[Member]:
    """The others where one is at work."""
    return [one for one in case_workers(visitor().municipality) if one.id != visitor().id]
