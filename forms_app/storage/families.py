"""Cases that were joined because they are about one person, or one family: they have the same `cases.family`.

A family has two cases or more. Why they belong together stands nowhere.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forms_app.storage.tables import CaseStatus, cases, submissions


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A case of a family, or one that has none yet."""

    case_id: uuid.UUID
    submission_id: uuid.UUID
    reference: str
    family: uuid.UUID | None
    assignee: uuid.UUID | None
    status: CaseStatus
    erased_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether anybody still works on it."""
        return self.status is not CaseStatus.CLOSED


def hold(connection: sa.Connection, case_ids: Collection[uuid.UUID]) -> list[Relative]:
    """These cases and all that belong to their families, the first to come in first; nobody joins them with others,
    takes them apart or gives them to anybody until the transaction ends.
    """
    held: set[uuid.UUID] = set()
    while True:
        # Whoever held one of them meanwhile may have added to its family.
        found = [_relative(row) for row in connection.execute(_RELATIVES, {"named": list(case_ids)})]
        wanted = {one.case_id for one in found}
        if wanted <= held:
            return found
        connection.execute(_HOLD, {"wanted": list(wanted)})
        held |= wanted


def join(connection: sa.Connection, case_ids: Collection[uuid.UUID]) -> list[Relative]:
    """Make one family of these cases and of the families they have; everybody who is in it then."""
    found = hold(connection, case_ids)
    family = next((one.family for one in found if one.family), None) or uuid.uuid4()
    connection.execute(_SET, {"wanted": [one.case_id for one in found], "joined": family})
    return hold(connection, case_ids)


def leave(connection: sa.Connection, case_id: uuid.UUID) -> list[Relative]:
    """Take the case out of its family; who is left behind. One case alone is no family any more."""
    others = [one for one in hold(connection, [case_id]) if one.case_id != case_id]
    leaving = [case_id, *(one.case_id for one in others if len(others) == 1)]
    connection.execute(_SET, {"wanted": leaving, "joined": None})
    return others


def members(connection: sa.Connection, family: uuid.UUID) -> frozenset[uuid.UUID]:
    """The submissions of a family's cases."""
    return frozenset(connection.execute(_MEMBERS, {"wanted": family}).scalars())


def assignees(connection: sa.Connection, submission_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Who works on those of these cases that are open, by submission."""
    rows = connection.execute(_ASSIGNEES, {"wanted": list(submission_ids)})
    return {row.submission_id: row.assignee for row in rows}


_NAMED = sa.bindparam("named", expanding=True, type_=sa.Uuid)
_WANTED = sa.bindparam("wanted", expanding=True, type_=sa.Uuid)
_named = cases.alias("named")
_FAMILIES = sa.select(_named.c.family).where(_named.c.id.in_(_NAMED), _named.c.family.is_not(None))
_RELATIVES = (
    sa.select(
        cases.c.id.label("case_id"),
        cases.c.submission_id,
        submissions.c.reference,
        cases.c.family,
        cases.c.assignee,
        cases.c.status,
        submissions.c.erased_at,
    )
    .join_from(cases, submissions)
    .where(sa.or_(cases.c.id.in_(_NAMED), cases.c.family.in_(_FAMILIES)))
    .order_by(submissions.c.accepted_at, submissions.c.id)
)
# In one order, so that two who hold several cases wait for each other instead of in a circle.
_HOLD = sa.select(cases.c.id).where(cases.c.id.in_(_WANTED)).order_by(cases.c.id).with_for_update()
_SET = sa.update(cases).where(cases.c.id.in_(_WANTED)).values(family=sa.bindparam("joined", type_=sa.Uuid))
_MEMBERS = sa.select(cases.c.submission_id).where(cases.c.family == sa.bindparam("wanted", type_=sa.Uuid))
_ASSIGNEES = sa.select(cases.c.submission_id, cases.c.assignee).where(
    cases.c.submission_id.in_(_WANTED), cases.c.assignee.is_not(None), cases.c.status != "closed"
)


def _relative(row: sa.Row[*tuple[Any, ...]]) -> Relative:
    return Relative(**dict(row._mapping) | {"status": CaseStatus(row.status)})
