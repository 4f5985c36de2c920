"""What is counted for the metrics: over all municipalities together, and off indexes and narrow columns only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.tables import attempts, cases, deliveries, drafts, submissions


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The deliveries of one kind: how many are owed, how many were given up, and since when the oldest is owed."""

    waiting: int
    given_up: int
    oldest: datetime | None


def _state(*names: str) -> sa.ColumnElement[bool]:
    return deliveries.c.state.in_([sa.literal_column(f"'{name}'", sa.String) for name in names])


_SENT = sa.select(submissions.c.form, submissions.c.language, sa.func.count()).group_by(
    submissions.c.form, submissions.c.language
)
# Not EXISTS (SELECT *), which takes the right to read every column.
_WAS_SENT = sa.select(submissions.c.id).where(submissions.c.draft_id == drafts.c.id).exists()
_DRAFTS = sa.select(sa.func.count()).select_from(drafts).where(sa.not_(_WAS_SENT))
_IS_OWED = _state("todo", "doing")
_QUEUE = (
    sa.select(
        deliveries.c.kind,
        sa.func.sum(sa.case((_IS_OWED, 1), else_=0)),
        sa.func.sum(sa.case((_state("given_up"), 1), else_=0)),
        sa.func.min(sa.case((_IS_OWED, submissions.c.accepted_at))),
    )
    .join_from(deliveries, submissions)
    .where(_state("todo", "doing", "given_up"))
    .group_by(deliveries.c.kind)
)
_ATTEMPTS = (
    sa.select(deliveries.c.kind, attempts.c.outcome, sa.func.count())
    .join_from(attempts, deliveries)
    .group_by(deliveries.c.kind, attempts.c.outcome)
)
_IS_OPEN = sa.and_(
    cases.c.status != sa.literal_column("'closed'", sa.String),
    cases.c.withdrawn_at.is_(None),
    cases.c.revoked_at.is_(None),
)


def sent(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """Everything that was ever sent, by form and language."""
    return {(form, language): count for form, language, count in connection.execute(_SENT)}


def drafts_now(connection: sa.Connection) -> int:
    """Forms that were begun and not sent."""
    return connection.execute(_DRAFTS).scalar_one()


def queue(connection: sa.Connection) -> dict[str, Queue]:
    """By kind, those that anything is owed or given up of."""
    return {
        kind: Queue(waiting=int(waiting), given_up=int(given_up), oldest=oldest)
        for kind, waiting, given_up, oldest in connection.execute(_QUEUE)
    }


def tried(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """Attempts that have ended, by kind and outcome."""
    return {(kind, outcome): count for kind, outcome, count in connection.execute(_ATTEMPTS)}


def open_cases(connection: sa.Connection, since: Mapping[str, datetime]) -> dict[tuple[str, bool], int]:
    """How many open cases came in at or after each of these moments and before the one before, which is later; the last
    takes all that are older. By name of the moment, and whether anybody has opened them.
    """
    whens = [(submissions.c.accepted_at >= moment, sa.literal(name)) for name, moment in since.items()]
    age = sa.case(*whens[:-1], else_=whens[-1][1]).label("age")
    is_opened = sa.case((cases.c.opened_at.is_not(None), 1), else_=0).label("is_opened")
    query = (
        sa.select(age, is_opened, sa.func.count())
        .join_from(cases, submissions)
        .where(_IS_OPEN)
        .group_by(sa.text("age"), sa.text("is_opened"))
    )
    return {(name, bool(opened)): count for name, opened, count in connection.execute(query)}
