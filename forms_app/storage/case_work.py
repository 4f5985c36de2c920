"""What case workers change in a case: who works on it, what they have confirmed, which dates are met."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa

from forms_app.storage.tables import cases, deadlines

_ASSIGN = (
    sa.update(cases)
    .where(
        cases.c.id == sa.bindparam("case"),
        cases.c.assignee.is_not_distinct_from(sa.bindparam("seen", type_=sa.Uuid)),
    )
    .values(assignee=sa.bindparam("to", type_=sa.Uuid), assigned_at=sa.bindparam("moment"))
)
_CONFIRM = (
    sa.update(cases)
    .where(cases.c.id == sa.bindparam("case"), cases.c.is_unconfirmed != sa.bindparam("open"))
    .values(is_unconfirmed=sa.bindparam("open"))
)
_OPEN_DATES = sa.update(deadlines).where(
    deadlines.c.case_id == sa.bindparam("case"),
    deadlines.c.done_on.is_(None),
)


def assign(
    connection: sa.Connection, case_id: uuid.UUID, to: uuid.UUID | None, *, seen: uuid.UUID | None, now: datetime
) -> bool:
    """Give the case to a member of staff, or to nobody; False where it is no longer `seen`'s, and stays as it is."""
    values = {"case": case_id, "to": to, "seen": seen, "moment": now if to else None}
    return connection.execute(_ASSIGN, values).rowcount == 1


def set_unconfirmed(connection: sa.Connection, case_id: uuid.UUID, *, is_unconfirmed: bool) -> bool:
    """Whether somebody must still find out who may act; False where that was so already."""
    return connection.execute(_CONFIRM, {"case": case_id, "open": is_unconfirmed}).rowcount == 1


def meet_deadlines(connection: sa.Connection, case_id: uuid.UUID, *, on: date, kind: str | None = None) -> int:
    """Note that what was due is done, of one kind or of all; how many dates that were open are met now."""
    query = _OPEN_DATES if kind is None else _OPEN_DATES.where(deadlines.c.kind == kind)
    return connection.execute(query.values(done_on=on), {"case": case_id}).rowcount
