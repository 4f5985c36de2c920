"""What citizens keep of what they sent, sealed so that only their code opens it: until they delete it, or its time is
up. The receipt stays."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.tables import follow_ups, own_files, submissions

_INSERT = sa.insert(own_files)
_FILE = sa.select(own_files.c.sealed).where(
    own_files.c.submission_id == sa.bindparam("submission"), own_files.c.position == sa.bindparam("wanted")
)
_KEPT_FILES = sa.select(own_files.c.position).where(own_files.c.submission_id == sa.bindparam("submission"))
_LATER = sa.select(follow_ups.c.submission_id).where(follow_ups.c.follows == sa.bindparam("first"))
_OF_CASE = sa.or_(submissions.c.id == sa.bindparam("first"), submissions.c.id.in_(_LATER))
_OLD = sa.and_(
    submissions.c.municipality == sa.bindparam("receiver"),
    submissions.c.accepted_at < sa.bindparam("moment"),
    submissions.c.own_copy.is_not(None),
)
_ANY_OLD = sa.select(submissions.c.id).where(_OLD).limit(1)


def _deleting(which: sa.ColumnElement[bool]) -> tuple[sa.Delete, sa.Update]:
    files = sa.delete(own_files).where(own_files.c.submission_id.in_(sa.select(submissions.c.id).where(which)))
    return files, sa.update(submissions).where(which, submissions.c.own_copy.is_not(None)).values(own_copy=None)


_DELETE_CASE = _deleting(_OF_CASE)
_DELETE_OLD = _deleting(_OLD)


def insert_files(connection: sa.Connection, submission_id: uuid.UUID, sealed: Sequence[bytes]) -> None:
    """Keep the citizen's copies of the files of a submission, in order."""
    rows = [
        {"submission_id": submission_id, "position": position, "sealed": envelope}
        for position, envelope in enumerate(sealed, start=1)
    ]
    if rows:
        connection.execute(_INSERT, rows)


def file(connection: sa.Connection, submission_id: uuid.UUID, position: int) -> bytes | None:
    """The envelope of a file; positions begin at 1."""
    return connection.execute(_FILE, {"submission": submission_id, "wanted": position}).scalar()


def kept_files(connection: sa.Connection, submission_id: uuid.UUID) -> frozenset[int]:
    """The positions of the files that there is a copy of."""
    return frozenset(connection.execute(_KEPT_FILES, {"submission": submission_id}).scalars())


def delete(connection: sa.Connection, first: uuid.UUID) -> bool:
    """Delete the copies of a submission and of all that was sent later about it; False where there was none."""
    return _delete(connection, _DELETE_CASE, {"first": first}) > 0


def any_old(connection: sa.Connection, municipality: str, *, accepted_before: datetime) -> bool:
    """Whether `delete_old` would find any: a cheap question, asked before taking the write lock."""
    wanted = {"receiver": municipality, "moment": accepted_before}
    return connection.execute(_ANY_OLD, wanted).first() is not None


def delete_old(connection: sa.Connection, municipality: str, *, accepted_before: datetime) -> int:
    """Delete the copies of what was sent to this municipality before that moment; returns of how many."""
    return _delete(connection, _DELETE_OLD, {"receiver": municipality, "moment": accepted_before})


def _delete(connection: sa.Connection, statements: tuple[sa.Delete, sa.Update], values: dict[str, object]) -> int:
    files, copies = statements
    connection.execute(files, values)
    return connection.execute(copies, values).rowcount
