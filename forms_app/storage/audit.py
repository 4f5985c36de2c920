"""Who did what to which case, as a row in the same transaction as the deed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.functions import uuid_in
from forms_app.storage.tables import audit, follow_ups, submissions


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One deed.

    `actor` is a role, and for commands the operating system's user ("cli:ingrid"); `subject` is the id of a submission,
    the key of a municipality or "all". Neither ever names a citizen.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries an auditor looks for: those about the cases of a municipality, about the municipality itself, and
    about all of them. An `action` finds every action that begins with it.
    """

    municipality: str
    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    action: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundEntry:
    """An entry, with the reference of the case it is about, if it is about one."""

    entry: AuditEntry
    reference: str | None


EVERYWHERE = "all"
"""The subject of what is about every municipality."""
_RECORD = sa.insert(audit)


def record(connection: sa.Connection, *, at: datetime, actor: str, action: str, subject: str) -> None:
    """Add an entry to the trail."""
    connection.execute(_RECORD, {"at": at, "actor": actor, "action": action, "subject": subject})


def entries(connection: sa.Connection, subject: str | None = None) -> list[AuditEntry]:
    """The trail in the order it was written, of one subject or of all."""
    query = sa.select(audit).order_by(audit.c.id)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditEntry(**row._mapping) for row in connection.execute(query)]


def of_subjects(connection: sa.Connection, subjects: Iterable[str]) -> list[AuditEntry]:
    """The entries about any of these, in the order they were written."""
    query = sa.select(audit).where(audit.c.subject.in_(list(subjects))).order_by(audit.c.id)
    return [AuditEntry(**row._mapping) for row in connection.execute(query)]


def subjects_of_case(connection: sa.Connection, submission_id: uuid.UUID) -> list[str]:
    """What entries about a case name: what was sent first, and what was sent later about it."""
    later = sa.select(follow_ups.c.submission_id).where(follow_ups.c.follows == submission_id)
    return [str(submission_id), *(str(one) for one in connection.execute(later).scalars())]


def search(connection: sa.Connection, wanted: Wanted, *, limit: int, before: int | None = None) -> list[FoundEntry]:
    """The newest entries first; `before` is the id of the last one on the page before."""
    query = _found_by(wanted).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [
        FoundEntry(entry=AuditEntry(**{name: row[name] for name in _FIELDS}), reference=row["reference"])
        for row in connection.execute(query).mappings()
    ]


def last(connection: sa.Connection, actions: Sequence[str]) -> AuditEntry | None:
    """The newest entry that begins with one of these actions."""
    query = sa.select(audit).where(sa.or_(*map(_begins, actions))).order_by(audit.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return AuditEntry(**row._mapping) if row else None


_FIELDS = tuple(AuditEntry.__dataclass_fields__)


def _begins(action: str) -> sa.ColumnElement[bool]:
    return sa.or_(audit.c.action == action, audit.c.action.startswith(f"{action} ", autoescape=True))


def _found_by(wanted: Wanted) -> sa.Select[tuple[object, ...]]:
    about = audit.outerjoin(submissions, submissions.c.id == uuid_in(audit.c.subject))
    query = sa.select(audit, submissions.c.reference).select_from(about)
    ours = audit.c.subject.in_([wanted.municipality, EVERYWHERE])
    query = query.where(sa.or_(ours, submissions.c.municipality == wanted.municipality))
    if wanted.since:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until:
        query = query.where(audit.c.at < wanted.until)
    if wanted.actor:
        query = query.where(audit.c.actor == wanted.actor)
    if wanted.action:
        query = query.where(_begins(wanted.action))
    if wanted.reference:
        later = submissions.c.reference.startswith(f"{wanted.reference}-", autoescape=True)
        query = query.where(sa.or_(submissions.c.reference == wanted.reference, later))
    return query


def actors(connection: sa.Connection, municipality: str) -> list[str]:
    """Who stands in the entries that an auditor of the municipality may see."""
    found = _found_by(Wanted(municipality=municipality)).with_only_columns(audit.c.actor).distinct()
    return sorted(connection.execute(found).scalars())
