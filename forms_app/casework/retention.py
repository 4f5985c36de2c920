"""Erasing what has been handed over: never what nobody has opened, and never before the proof that somebody has it.

What a receiver acknowledged is such a proof, for each sending of a case by itself; otherwise a case worker takes the
case out as a file and signs that it is kept elsewhere, which counts for what had been sent by then. How long a case is
kept after that is said by `portal.toml`, by form and by how it ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa

from forms_app.casework.families import tell_the_left
from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock, local_date
from forms_app.errors import PortalError
from forms_app.municipality import RetentionOutcome, RetentionRule
from forms_app.references.reference import parse_reference
from forms_app.storage import audit, cases, erasure, submissions
from forms_app.storage.engine import reading
from forms_app.storage.erasure import EndedCase
from forms_app.storage.tables import CaseStatus

EXPORTED = "exported the case"
"""How the audit trail says that a case was taken out; the hash of the file follows."""


class NotExported(PortalError):
    """No export of this case has this hash: take the case out anew, and sign for that file."""


class Obstacle(StrEnum):
    """Why a case that has ended is not erased."""

    UNOPENED = "unopened"
    NEWS = "news"
    DELIVERY = "delivery"
    NO_PROOF = "no_proof"
    NO_RULE = "no_rule"
    NOT_DUE = "not_due"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case that has ended. `due_on` is the first day on which it can be erased, None where no rule names it."""

    case: EndedCase
    due_on: date | None
    obstacle: Obstacle | None


@dataclass(frozen=True, kw_only=True)
class Archivist:
    """Signs off and erases the cases of one municipality on behalf of `actor`."""

    engine: sa.Engine
    clock: Clock
    zone: str
    rules: Sequence[RetentionRule]
    actor: str

    def preview(self, municipality: str) -> list[Line]:
        """Everything that has ended, with what stands in the way of erasing it."""
        with reading(self.engine) as connection:
            return [self._line(case) for case in erasure.ended(connection, municipality)]

    def sign_off(self, reference: str, sha256: str) -> None:
        """Say that the export with this hash is kept elsewhere. Raises UnknownReference and NotExported."""
        now = self.clock()
        with self.engine.begin() as connection:
            row = submissions.by_reference(connection, parse_reference(reference))
            if row is None:
                raise UnknownReference(reference)
            subject = str(row.id)
            exports = {entry.action for entry in audit.entries(connection, subject)}
            if f"{EXPORTED} {sha256}" not in exports:
                raise NotExported(reference)
            case = cases.of(connection, row.id)
            erasure.sign_off(connection, case.id, at=now, actor=self.actor, sha256=sha256)
            cases.mark_handed_over(connection, row.id, now=now)
            audit.record(connection, at=now, actor=self.actor, action=f"signed off {sha256}", subject=subject)

    def erase(self, municipality: str, references: Collection[str]) -> list[str]:
        """Erase those of these cases that nothing stands in the way of; returns their references."""
        now = self.clock()
        with self.engine.begin() as connection:
            # What the citizen sends from now on waits, and what was sent before is seen.
            erasure.hold(connection, references)
            erased = [
                line.case
                for case in erasure.ended(connection, municipality)
                if case.reference in references and (line := self._line(case)).obstacle is None
            ]
            for case in erased:
                left = erasure.erase(connection, case, now=now)
                audit.record(connection, at=now, actor=self.actor, action="erased", subject=str(case.submission_id))
                tell_the_left(connection, left, case.reference, now=now, actor=self.actor)
        return [case.reference for case in erased]

    def _line(self, case: EndedCase) -> Line:
        days = _days_kept(case, self.rules)
        ended_on = local_date(case.ended_at, self.zone)
        due_on = None if days is None else ended_on + timedelta(days=days)
        return Line(case=case, due_on=due_on, obstacle=self._obstacle(case, due_on))

    def _obstacle(self, case: EndedCase, due_on: date | None) -> Obstacle | None:
        found = {
            Obstacle.UNOPENED: case.opened_at is None,
            Obstacle.NEWS: case.news_at is not None,
            Obstacle.DELIVERY: case.unfinished > 0,
            Obstacle.NO_PROOF: case.unproven > 0,
            Obstacle.NO_RULE: due_on is None,
            Obstacle.NOT_DUE: due_on is not None and due_on > local_date(self.clock(), self.zone),
        }
        return next((obstacle for obstacle, is_there in found.items() if is_there), None)


def _days_kept(case: EndedCase, rules: Sequence[RetentionRule]) -> int | None:
    outcome = _outcome(case)
    return next((rule.days for rule in rules if (rule.form, rule.outcome) == (case.form, outcome)), None)


def _outcome(case: EndedCase) -> RetentionOutcome:
    if case.is_taken_back:
        return RetentionOutcome.TAKEN_BACK
    return RetentionOutcome.ANSWERED if case.status is CaseStatus.ANSWERED else RetentionOutcome.CLOSED
