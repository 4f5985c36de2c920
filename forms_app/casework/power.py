"""Who may act in a case: the power of attorney that its sender named, and what case workers have confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.forms.definition import FormKey
from forms_app.references.reference import WrongReference, parse_reference
from forms_app.storage import audit, case_work, cases, submissions
from forms_app.storage.audit import AuditEntry
from forms_app.storage.cases import Case
from forms_app.storage.engine import reading

CONFIRMED = "confirmed the right to act"
UNCONFIRMED = "took back the confirmation"


@dataclass(frozen=True, kw_only=True)
class NamedPower:
    """A reference as the sender typed it, and the case of the power of attorney that has it in this municipality.

    `case` is None where there is none: a mistyped reference, one of something else, or one of another municipality.
    """

    typed: str
    reference: str | None
    case: Case | None


def named_power(engine: sa.Engine, answers: Mapping[str, Any], municipality: str) -> NamedPower | None:
    """What the sender's reference leads to; None where they gave none. `answers` is flat."""
    typed = answers.get("authority_reference")
    if not isinstance(typed, str) or not typed:
        return None
    try:
        reference = parse_reference(typed)
    except WrongReference:
        return NamedPower(typed=typed, reference=None, case=None)
    with reading(engine) as connection:
        row = submissions.by_reference(connection, reference)
        is_power = row and row.form == FormKey.POWER_OF_ATTORNEY and row.municipality == municipality
        case = cases.of(connection, row.id) if row and is_power else None
    return NamedPower(typed=typed, reference=reference, case=case)


def confirm(engine: sa.Engine, clock: Clock, case: Case, *, is_confirmed: bool, actor: str) -> bool:
    """Say that somebody has found out who may act, or take that back; False where it stood so already."""
    now = clock()
    with engine.begin() as connection:
        is_new = case_work.set_unconfirmed(connection, case.id, is_unconfirmed=not is_confirmed)
        if is_new:
            action = CONFIRMED if is_confirmed else UNCONFIRMED
            audit.record(connection, at=now, actor=actor, action=action, subject=str(case.submission_id))
    return is_new


def last_confirmation(engine: sa.Engine, case: Case) -> AuditEntry | None:
    """Who confirmed it and when; None where nobody did, or it was taken back."""
    with reading(engine) as connection:
        entries = audit.entries(connection, str(case.submission_id))
    said = [one for one in entries if one.action in (CONFIRMED, UNCONFIRMED)]
    return said[-1] if said and said[-1].action == CONFIRMED else None
