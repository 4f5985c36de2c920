"""Who alone may copy a database elsewhere: one command at a time, on whichever host; it ends with its process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from forms_app.errors import PortalError

_LOCK = 0x6D6F7665


class BeingCopied(PortalError):
    """Another command copies this database just now."""


@contextmanager
def alone(engine: sa.Engine) -> Iterator[None]:
    """Keep every other such command away meanwhile. Raises BeingCopied."""
    holding = _on_the_server(engine) if engine.dialect.name == "postgresql" else _beside_the_file(engine)
    with holding:
        yield


@contextmanager
def _on_the_server(engine: sa.Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(_LOCK))).scalar():
            raise BeingCopied
        try:
            yield
        finally:
            # A server gives back what a lost connection held, but only some time after it has gone.
            with suppress(sa.exc.DBAPIError):
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
            connection.invalidate()


@contextmanager
def _beside_the_file(engine: sa.Engine) -> Iterator[None]:
    path = Path(f"{engine.url.database}.copying")
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingCopied from None
        try:
            yield
        finally:
            path.unlink()
    finally:
        os.close(file)
