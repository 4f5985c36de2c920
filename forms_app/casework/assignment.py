"""Who works on a case: taken, handed over and released, each with its line in the audit trail."""

import uuid
from collections.abc import Container

import sqlalchemy as sa

from forms_app.casework.access import actor_of
from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage import audit, case_work
from forms_app.storage.cases import Case

ASSIGNED = "assigned"
"""The audit trail says to whom: "assigned to staff:0d3f…"."""
RELEASED = "released"


class NotAColleague(PortalError):
    """The case was to be given to somebody who does not handle cases in its municipality."""


class AssignedMeanwhile(PortalError):
    """Somebody else has got the case, or let go of it, since the page was opened. Nothing was changed."""


def assign(
    engine: sa.Engine,
    clock: Clock,
    case: Case,
    to: uuid.UUID | None,
    *,
    seen: uuid.UUID | None,
    colleagues: Container[uuid.UUID],
    actor: str,
) -> bool:
    """Give the case to one of the `colleagues`, or release it with None; False where it was theirs already.

    `seen` is who had it when `actor` decided this. Raises NotAColleague and AssignedMeanwhile.
    """
    if to is not None and to not in colleagues:
        raise NotAColleague
    if to == seen == case.assignee:
        return False
    action = RELEASED if to is None else f"{ASSIGNED} to {actor_of(to)}"
    now = clock()
    with engine.begin() as connection:
        if not case_work.assign(connection, case.id, to, seen=seen, now=now):
            raise AssignedMeanwhile
        audit.record(connection, at=now, actor=actor, action=action, subject=str(case.submission_id))
    return True
