"""Opens the database so that what is committed is durable; the only home of SQL just for SQLite."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from forms_app.errors import PortalError
from forms_app.storage.gate import DatabaseBusy, WriterGate

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    try:
        from pysqlite3 import dbapi2 as driver
    except ImportError:  # pragma: no cover
        import sqlite3 as driver

__all__ = [
    "BrokenReferences", "DatabaseBusy", "UnusableDatabase",
    "database_now", "driver", "has_wal_reset_fix", "make_engine", "migrating", "reading", "uuid_in",
]  # fmt: skip

_POOL_SIZE = 8


class UnusableDatabase(PortalError):
    """The database cannot keep what it is given: it is no SQLite file, or it refuses its journal mode."""


class BrokenReferences(PortalError):
    """A migration left rows that point at nothing; it was rolled back."""


class database_now(FunctionElement[float]):
    """The database's clock in seconds since 1970: one clock for all workers on all hosts."""

    type = sa.Double()
    inherit_cache = True


class uuid_in(FunctionElement[uuid.UUID]):
    """A column of text as an id, to compare it with one; what is no id is like none."""

    type = sa.Uuid()
    inherit_cache = True


@compiles(uuid_in, "sqlite")
def _uuid_in_sqlite(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps an id as 32 digits."""
    return f"replace({compiler.process(element.clauses, **options)}, '-', '')"


@compiles(uuid_in, "postgresql")
def _uuid_in_postgresql(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"(CASE WHEN {text} ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN {text}::uuid END)"


@compiles(database_now, "sqlite")
def _now_in_sqlite(unused_element: database_now, unused_compiler: SQLCompiler, **unused_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _now_in_postgresql(unused_element: database_now, unused_compiler: SQLCompiler, **unused_options: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"


def make_engine(url: str, *, busy_seconds: float = 30.0) -> sa.Engine:
    """An engine for `url` ("sqlite:///var/portal.db"); make it after the process has forked.

    A writer who waits longer than `busy_seconds` gets DatabaseBusy. Raises UnusableDatabase for anything
    but a SQLite file.
    """
    parsed = sa.make_url(url)
    is_file = not (parsed.database or ":memory:").startswith((":memory:", "file:"))
    if parsed.get_backend_name() != "sqlite" or not is_file:
        raise UnusableDatabase(parsed.get_backend_name())
    engine = sa.create_engine(
        parsed,
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
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one snapshot and cannot write; it never waits for a writer."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        yield connection


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A write transaction in which tables can be rebuilt; raises BrokenReferences if rows are orphaned.

    With foreign keys enforced, dropping the old copy of a table would cascade into its children, and SQLite
    ignores a change of that setting inside a transaction.
    """
    with engine.connect() as connection:
        driver_connection = _driver_connection(connection)
        driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
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


def _is_busy(error: BaseException) -> bool:
    """Whether somebody who does not know the gate, such as a backup tool, holds the write lock."""
    return isinstance(error, sa.exc.OperationalError) and (
        getattr(error.orig, "sqlite_errorname", None) == "SQLITE_BUSY"
    )
