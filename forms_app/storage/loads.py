"""How many open cases everybody has, and which ones nobody has."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from forms_app.storage.tables import TargetGroup, cases, submissions


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open application that nobody works on; `received_on` where it came in on another day than it was stored."""

    reference: str
    target_group: TargetGroup | None
    accepted_at: datetime
    received_on: date | None


_IS_OPEN = sa.and_(
    cases.c.municipality == sa.bindparam("place"),
    cases.c.status != "closed",
    cases.c.withdrawn_at.is_(None),
    cases.c.revoked_at.is_(None),
    submissions.c.form == sa.bindparam("wanted"),
)
_HELD = (
    sa.select(cases.c.assignee, submissions.c.target_group, sa.func.count().label("number"))
    .join_from(cases, submissions)
    .where(_IS_OPEN, cases.c.assignee.is_not(None))
    .group_by(cases.c.assignee, submissions.c.target_group)
)
_WAITING = (
    sa.select(submissions.c.reference, submissions.c.target_group, submissions.c.accepted_at, cases.c.received_on)
    .join_from(cases, submissions)
    .where(_IS_OPEN, cases.c.assignee.is_(None), cases.c.status != "answered")
    .order_by(submissions.c.accepted_at, submissions.c.id)
)


def held(connection: sa.Connection, municipality: str, form: str) -> dict[tuple[uuid.UUID, str], int]:
    """How many open cases of this form each member of staff has, by target group. An answered one is open: the
    coordination goes on until the case is closed.
    """
    rows = connection.execute(_HELD, {"place": municipality, "wanted": form})
    return {(row.assignee, row.target_group): row.number for row in rows}


def waiting(connection: sa.Connection, municipality: str, form: str) -> list[Waiting]:
    """Those of this form that nobody works on, the oldest first."""
    return [
        Waiting(**dict(row._mapping) | {"target_group": TargetGroup(row.target_group) if row.target_group else None})
        for row in connection.execute(_WAITING, {"place": municipality, "wanted": form})
    ]
