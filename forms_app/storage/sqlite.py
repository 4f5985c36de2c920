"""SQLite, opened so that what is committed is durable; the only home of SQL just for SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from forms_app.storage.failures import CLOSED_WORD, BrokenReferences, DatabaseBusy, DatabaseClosed, UnusableDatabase
from forms_app.storage.functions import digest
from forms_app.storage.gate import WriterGate

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    try:
        from pysqlite3 import dbapi2 as driver
    except ImportError:  # pragma: no cover
        import sqlite3 as driver

__all__ = ["READING", "driver", "has_wal_reset_fix", "make_engine", "migrating"]

READING = {"reading": True}
"""The execution options of a connection that only reads."""
_POOL_SIZE = 8


def make_engine(url: sa.URL, *, busy_seconds: float) -> sa.Engine:
    """As `engine.make_engine`; raises UnusableDatabase for anything but a file."""
    if (url.database or ":memory:").startswith((":memory:", "file:")):
        raise UnusableDatabase("sqlite")
    engine = sa.create_engine(
        url,
        module=driver,
        connect_args={
            "factory": _GatedConnection,
            "timeout": busy_seconds,
            "check_same_thread": False,
            # We say BEGIN ourselves: a deferred transaction that turns into a write is refused at once.
            "isolation_level": None,
        },
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_SIZE,
        # Otherwise an error's text holds the code's derivatives and whole envelopes.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _say_closed)
    return engine


@contextmanager
def migrating(connection: sa.Connection) -> Iterator[None]:
    """A transaction in which tables can be rebuilt.

    With foreign keys enforced, dropping the old copy of a table would cascade into its children, and SQLite
    ignores a change of that setting inside a transaction.
    """
    driver_connection = _driver_connection(connection)
    driver_connection.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise BrokenReferences
    finally:
        driver_connection.execute("PRAGMA foreign_keys=ON")


def has_wal_reset_fix(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2), which corrupts files."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


class _GatedConnection(driver.Connection):
    """A driver connection that leaves the writer's gate when its transaction ends, however it ends."""

    def __init__(self, database: str, *, timeout: float, **options: Any) -> None:
        super().__init__(database, timeout=timeout, **options)
        self.patience_seconds = timeout
        self.gate = WriterGate(Path(f"{database}.writer"))

    def commit(self) -> None:
        super().commit()
        self.gate.leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.gate.leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.gate.close()


def _driver_connection(connection: sa.Connection) -> _GatedConnection:
    found = connection.connection.driver_connection
    assert isinstance(found, _GatedConnection)
    return found


def _prepare(connection: _GatedConnection, unused_record: object) -> None:
    journal, synchronous = ("wal", "FULL") if has_wal_reset_fix(driver.sqlite_version_info) else ("delete", "EXTRA")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != journal:
        _change_journal(connection, journal)
    for pragma in (
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("portal_digest", 2, digest, deterministic=True)


def _change_journal(connection: _GatedConnection, journal: str) -> None:
    # Only one process at a time may change it, and several start at once.
    connection.gate.enter(connection.patience_seconds)
    try:
        if connection.execute(f"PRAGMA journal_mode={journal}").fetchone()[0] != journal:
            raise UnusableDatabase(journal)
    finally:
        connection.gate.leave()


def _begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
        return
    driver_connection = _driver_connection(connection)
    driver_connection.gate.enter(driver_connection.patience_seconds)
    try:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException as error:
        driver_connection.gate.leave()
        if _is_busy(error):
            raise DatabaseBusy from error
        raise


def _say_closed(context: sa.ExceptionContext) -> None:
    """A trigger raises what stands in it."""
    if str(context.original_exception) == CLOSED_WORD:
        raise DatabaseClosed from context.original_exception


def _is_busy(error: BaseException) -> bool:
    """Whether somebody who does not know the gate, such as a backup tool, holds the write lock."""
    return isinstance(error, sa.exc.OperationalError) and (
        getattr(error.orig, "sqlite_errorname", None) == "SQLITE_BUSY"
    )
