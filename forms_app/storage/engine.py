"""Opens a database, whichever of the two kinds it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import sqlalchemy as sa

from forms_app.storage import postgresql, sqlite
from forms_app.storage.failures import BrokenReferences, DatabaseBusy, DatabaseClosed, UnusableDatabase

__all__ = [
    "BrokenReferences",
    "DatabaseBusy",
    "DatabaseClosed",
    "UnusableDatabase",
    "make_engine",
    "migrating",
    "reading",
]

_KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def make_engine(url: str | sa.URL, *, busy_seconds: float = 30.0) -> sa.Engine:
    """An engine for `url` ("sqlite:///var/portal.db", "postgresql://portal@db/portal"); make it after the process has
    forked.

    A writer who waits longer than `busy_seconds` gets DatabaseBusy. Raises UnusableDatabase for anything but PostgreSQL
    and a SQLite file.
    """
    parsed = sa.make_url(url)
    kind = parsed.get_backend_name()
    if kind not in _KINDS:
        raise UnusableDatabase(kind)
    engine: sa.Engine = _KINDS[kind].make_engine(parsed, busy_seconds=busy_seconds)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one snapshot and cannot write; it never waits for a writer."""
    options = _KINDS[engine.dialect.name].READING
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction in which the schema changes wholly or not at all, and that no other migration runs beside.

    Raises BrokenReferences if rows are orphaned.
    """
    with engine.connect() as connection, _KINDS[engine.dialect.name].migrating(connection):
        yield connection
