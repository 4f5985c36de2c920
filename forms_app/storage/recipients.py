"""Which lists of recipients stored rows are sealed to."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from forms_app.storage.casework_tables import case_notes
from forms_app.storage.tables import submissions


@dataclass(frozen=True, kw_only=True)
class SealedList:
    """The rows that are sealed to one list, erased ones not counted; `samples` are the newest and the oldest."""

    fingerprint: str
    rows: int
    samples: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class SealedAnswers:
    """The answers of one submission, as they lie there."""

    fingerprint: str
    envelope: bytes


_KEPT = submissions.c.answers.is_not(None)
_LISTS = (
    sa.select(submissions.c.recipients_fingerprint, sa.func.count())
    .where(_KEPT)
    .group_by(submissions.c.recipients_fingerprint)
    .order_by(submissions.c.recipients_fingerprint)
)
_OF_LIST = sa.select(submissions.c.answers).where(_KEPT, submissions.c.recipients_fingerprint == sa.bindparam("list"))
_ENDS = (
    _OF_LIST.order_by(submissions.c.accepted_at.desc()).limit(1),
    _OF_LIST.order_by(submissions.c.accepted_at).limit(1),
)
_NOTES = sa.select(case_notes.c.sealed).where(case_notes.c.sealed.is_not(None))
_IDS = sa.select(submissions.c.id).where(_KEPT).order_by(submissions.c.accepted_at.desc())
_ANSWERS = sa.select(submissions.c.recipients_fingerprint, submissions.c.answers).where(
    submissions.c.id == sa.bindparam("wanted")
)


def lists(connection: sa.Connection) -> list[SealedList]:
    """Every list that something is still sealed to."""
    return [
        SealedList(
            fingerprint=fingerprint,
            rows=rows,
            samples=tuple(connection.execute(end, {"list": fingerprint}).scalar_one() for end in _ENDS),
        )
        for fingerprint, rows in connection.execute(_LISTS).all()
    ]


def notes(connection: sa.Connection) -> list[bytes]:
    """Every sealed note; a note does not say to which list."""
    return list(connection.execute(_NOTES).scalars())


def sample(connection: sa.Connection, most: int, *, municipality: str | None = None) -> list[SealedAnswers]:
    """The newest and the oldest, and others by chance."""
    query = _IDS if municipality is None else _IDS.where(submissions.c.municipality == municipality)
    ids = list(connection.execute(query).scalars())
    chosen = ids if len(ids) <= most else [ids[0], ids[-1], *_some(ids[1:-1], most - 2)]
    found = [connection.execute(_ANSWERS, {"wanted": one}).one() for one in chosen[:most]]
    return [SealedAnswers(fingerprint=one.recipients_fingerprint, envelope=one.answers) for one in found]


def _some(among: Sequence[uuid.UUID], most: int) -> list[uuid.UUID]:
    return random.SystemRandom().sample(among, max(0, most))
