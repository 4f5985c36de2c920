"""What staff work on: a case per submission, with its legal dates and what became of it."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage.tables import CaseStatus, Source, cases, deadlines


class UnknownCase(PortalError):
    """No case belongs to this submission."""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date the law gives, or the municipality's own target; `fact` names the entry in the country's facts that it was
    counted from, or is COMPLAINT_TARGET, and `done_on` is the day when it was met.
    """

    case_id: uuid.UUID
    kind: str
    due_on: date
    fact: str
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case and its deadlines, the nearest first."""

    id: uuid.UUID
    submission_id: uuid.UUID
    municipality: str
    status: CaseStatus
    is_late: bool
    is_unconfirmed: bool
    is_unscanned: bool
    """A file that no parser opened, or that no virus scanner has looked at, is among those sent."""
    opened_at: datetime | None
    handed_over_at: datetime | None
    withdrawn_at: datetime | None
    revoked_at: datetime | None
    news_at: datetime | None
    """When the citizen sent something more, if that is later than the last time somebody opened the case."""
    assignee: uuid.UUID | None
    """The member of staff who works on it."""
    assigned_at: datetime | None
    family: uuid.UUID | None
    """The same for all cases that were joined because they are about one person."""
    source: Source
    received_on: date | None
    """The day it came in, where that is not the day it was stored: a letter that was keyed in."""
    deadlines: tuple[Deadline, ...]

    @property
    def taken_back_at(self) -> datetime | None:
        """When the citizen withdrew it, or revoked the power of attorney."""
        return self.withdrawn_at or self.revoked_at


def insert(
    connection: sa.Connection,
    *,
    id: uuid.UUID,
    submission_id: uuid.UUID,
    municipality: str,
    is_late: bool,
    is_unconfirmed: bool,
    is_unscanned: bool = False,
    source: Source = Source.ONLINE,
    received_on: date | None = None,
    deadlines: Iterable[Deadline] = (),
) -> None:
    """Open a case, received and unread, with the dates the law gives it."""
    connection.execute(
        _INSERT,
        {
            "id": id,
            "submission_id": submission_id,
            "municipality": municipality,
            "status": CaseStatus.RECEIVED,
            "is_late": is_late,
            "is_unconfirmed": is_unconfirmed,
            "is_unscanned": is_unscanned,
            "source": source,
            "received_on": received_on,
        },
    )
    rows = [asdict(deadline) for deadline in deadlines]
    if rows:
        connection.execute(_INSERT_DEADLINES, rows)


def of(connection: sa.Connection, submission_id: uuid.UUID) -> Case:
    """The case of a submission; raises UnknownCase."""
    row = connection.execute(_CASE, {"submission": submission_id}).one_or_none()
    if row is None:
        raise UnknownCase(submission_id)
    dates = connection.execute(_DEADLINES, {"case": row.id})
    return Case(
        **dict(row._mapping) | {"status": CaseStatus(row.status), "source": Source(row.source)},
        deadlines=tuple(Deadline(**line._mapping) for line in dates),
    )


def held(connection: sa.Connection, submission_id: uuid.UUID) -> Case:
    """As `of`, and nobody else changes it until the transaction ends; raises UnknownCase."""
    connection.execute(_HOLD, {"submission": submission_id})
    return of(connection, submission_id)


def mark_opened(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when the case was first opened; False where that was noted before."""
    return _mark(connection, _MARK_OPENED, submission_id, now)


def mark_handed_over(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when a receiver proved to have the case; False where that was noted before."""
    return _mark(connection, _MARK_HANDED_OVER, submission_id, now)


def mark_read(connection: sa.Connection, submission_id: uuid.UUID, *, news_at: datetime) -> None:
    """Note that somebody has seen what came in at `news_at`; what has come since then stays news."""
    connection.execute(_MARK_READ, {"submission": submission_id, "seen": news_at})


def mark_added(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime, is_unscanned: bool) -> None:
    """Note that the citizen sent more documents; `is_unscanned` where nothing has looked at one of them."""
    mark_news(connection, submission_id, now=now)
    if is_unscanned:
        connection.execute(_MARK_UNSCANNED, {"submission": submission_id})


def mark_news(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> None:
    """Note that something has come in that nobody has seen."""
    connection.execute(_MARK_NEWS, {"submission": submission_id, "moment": now})


def mark_withdrawn(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when the citizen withdrew it; False where that was noted before."""
    return _mark_taken_back(connection, _MARK_WITHDRAWN, submission_id, now)


def mark_revoked(connection: sa.Connection, submission_id: uuid.UUID, *, now: datetime) -> bool:
    """Note when the power of attorney was revoked; False where that was noted before."""
    return _mark_taken_back(connection, _MARK_REVOKED, submission_id, now)


def set_status(connection: sa.Connection, case_id: uuid.UUID, status: CaseStatus) -> None:
    """Where the case stands from now on; what staff said about it is kept in `case_events`."""
    connection.execute(_SET_STATUS, {"case": case_id, "new_status": status})


def add_deadline(connection: sa.Connection, deadline: Deadline) -> None:
    """One more date the law gives; of a kind that the case has already, it is counted anew and open again."""
    same = (deadlines.c.case_id == deadline.case_id, deadlines.c.kind == deadline.kind)
    connection.execute(sa.delete(deadlines).where(*same))
    connection.execute(_INSERT_DEADLINES, [asdict(deadline)])


_INSERT = sa.insert(cases)
_INSERT_DEADLINES = sa.insert(deadlines)
_CASE = sa.select(cases).where(cases.c.submission_id == sa.bindparam("submission"))
_HOLD = sa.select(cases.c.id).where(cases.c.submission_id == sa.bindparam("submission")).with_for_update()
_DEADLINES = (
    sa.select(deadlines)
    .where(deadlines.c.case_id == sa.bindparam("case"))
    .order_by(deadlines.c.due_on, deadlines.c.kind)
)


def _marking(column: sa.Column[datetime]) -> sa.Update:
    return (
        sa.update(cases)
        .where(cases.c.submission_id == sa.bindparam("submission"), column.is_(None))
        .values({column: sa.bindparam("moment")})
    )


_MARK_OPENED = _marking(cases.c.opened_at)
_MARK_HANDED_OVER = _marking(cases.c.handed_over_at)
_MARK_WITHDRAWN = _marking(cases.c.withdrawn_at)
_MARK_REVOKED = _marking(cases.c.revoked_at)
_IS_CASE = cases.c.submission_id == sa.bindparam("submission")
_MARK_NEWS = sa.update(cases).where(_IS_CASE).values(news_at=sa.bindparam("moment"))
_MARK_READ = sa.update(cases).where(_IS_CASE, cases.c.news_at == sa.bindparam("seen")).values(news_at=None)
_MARK_UNSCANNED = sa.update(cases).where(_IS_CASE).values(is_unscanned=True)
_SET_STATUS = sa.update(cases).where(cases.c.id == sa.bindparam("case")).values(status=sa.bindparam("new_status"))


def _mark(connection: sa.Connection, marking: sa.Update, submission_id: uuid.UUID, now: datetime) -> bool:
    return connection.execute(marking, {"submission": submission_id, "moment": now}).rowcount == 1


def _mark_taken_back(connection: sa.Connection, marking: sa.Update, submission_id: uuid.UUID, now: datetime) -> bool:
    is_new = _mark(connection, marking, submission_id, now)
    if is_new:
        mark_news(connection, submission_id, now=now)
    return is_new
