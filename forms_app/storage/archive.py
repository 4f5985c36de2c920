"""A database as one file that is finished: written once, then read only, and never changed by reading it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from forms_app.durable import sync
from forms_app.errors import PortalError
from forms_app.storage.engine import make_engine
from forms_app.storage.functions import digest
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.sqlite import driver

_OWNER_ONLY = 0o600


class ArchiveDamaged(PortalError):
    """The file is no whole SQLite database."""


@contextmanager
def writing(path: Path, schema: Schema) -> Iterator[sa.Engine]:
    """A new SQLite database with the present schema; afterwards the file is whole by itself, and on disk.

    Raises ArchiveDamaged where what was written cannot be read.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    engine = make_engine(sa.URL.create("sqlite", database=str(path)))
    try:
        migrate(engine, schema)
        yield engine
    finally:
        engine.dispose()
    with closing(driver.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    Path(f"{path}.writer").unlink()
    demand_whole(path)
    sync(path)


@contextmanager
def opened(path: Path) -> Iterator[sa.Engine]:
    """The file as a database that cannot be written to; not even its neighbours change."""
    engine = sa.create_engine(
        "sqlite://", module=driver, creator=lambda: _connect(path), poolclass=sa.NullPool, hide_parameters=True
    )
    try:
        yield engine
    finally:
        engine.dispose()


def demand_whole(path: Path) -> None:
    """Raise ArchiveDamaged unless SQLite finds nothing wrong, and no row refers to one that is not there."""
    try:
        with closing(_connect(path)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except driver.DatabaseError as error:
        raise ArchiveDamaged(f"{path.name}: {error}") from error
    if found != "ok" or orphan:
        raise ArchiveDamaged(f"{path.name}: {found if found != 'ok' else f'orphans in {orphan[0]}'}")


def _connect(path: Path) -> "driver.Connection":
    connection = driver.connect(
        f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.create_function("portal_digest", 2, digest, deterministic=True)
    return connection
