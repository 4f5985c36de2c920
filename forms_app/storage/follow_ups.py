"""What was sent later about a submission: each is a submission of its own that follows the first."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage.submissions import Submission
from forms_app.storage.tables import follow_ups, submissions


@dataclass(frozen=True, kw_only=True)
class Following:
    """Which submission one follows, as what, and as which in order: 1 is the first."""

    follows: uuid.UUID
    kind: FollowUpKind
    number: int


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What was sent later."""

    kind: FollowUpKind
    number: int
    submission: Submission


_INSERT = sa.insert(follow_ups)
_LAST = sa.select(sa.func.coalesce(sa.func.max(follow_ups.c.number), 0)).where(
    follow_ups.c.follows == sa.bindparam("first")
)
_COUNT = sa.select(sa.func.count()).where(
    follow_ups.c.follows == sa.bindparam("first"), follow_ups.c.kind == sa.bindparam("wanted")
)
_FOLLOWS = sa.select(follow_ups.c.follows, follow_ups.c.kind, follow_ups.c.number).where(
    follow_ups.c.submission_id == sa.bindparam("submission")
)
_OF = (
    sa.select(submissions, follow_ups.c.kind, follow_ups.c.number)
    .join_from(follow_ups, submissions, follow_ups.c.submission_id == submissions.c.id)
    .where(follow_ups.c.follows == sa.bindparam("first"))
    .order_by(follow_ups.c.number)
)


def insert(connection: sa.Connection, submission_id: uuid.UUID, following: Following) -> None:
    """Say what a stored submission follows. The number is part of its reference, which nothing else can have."""
    connection.execute(_INSERT, {"submission_id": submission_id, **vars(following)})


def last_number(connection: sa.Connection, first: uuid.UUID) -> int:
    """The number of what was sent last about this submission; 0 where nothing was."""
    number: int = connection.execute(_LAST, {"first": first}).scalar_one()
    return number


def count(connection: sa.Connection, first: uuid.UUID, kind: FollowUpKind) -> int:
    """How much of this kind was sent later about this submission."""
    number: int = connection.execute(_COUNT, {"first": first, "wanted": kind}).scalar_one()
    return number


def of(connection: sa.Connection, first: uuid.UUID) -> list[FollowUp]:
    """All that was sent later about a submission, in order."""
    return [
        FollowUp(
            kind=FollowUpKind(row.kind),
            number=row.number,
            submission=Submission(**{name: getattr(row, name) for name in Submission.__dataclass_fields__}),
        )
        for row in connection.execute(_OF, {"first": first})
    ]


def following(connection: sa.Connection, submission_id: uuid.UUID) -> Following | None:
    """What this submission follows; None for a form."""
    row = connection.execute(_FOLLOWS, {"submission": submission_id}).one_or_none()
    return None if row is None else Following(follows=row.follows, kind=FollowUpKind(row.kind), number=row.number)
