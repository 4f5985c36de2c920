"""Saying that what the law asks for by a date has been done."""

from datetime import date

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.storage import audit, case_work
from forms_app.storage.cases import Case


def meet(engine: sa.Engine, clock: Clock, case: Case, kind: str, *, on: date, actor: str) -> bool:
    """What was due is done; False where the case has no such date that is open."""
    with engine.begin() as connection:
        is_new = case_work.meet_deadlines(connection, case.id, on=on, kind=kind) > 0
        if is_new:
            audit.record(connection, at=clock(), actor=actor, action=f"met {kind}", subject=str(case.submission_id))
    return is_new
