"""PostgreSQL, opened so that what is committed is durable; the only home of SQL just for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from forms_app.storage.failures import CLOSED_CODE, DatabaseBusy, DatabaseClosed

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""The execution options of a connection that only reads: they travel with BEGIN and cost no round trip."""
_POOL_SIZE = 8
_SECONDS_TO_CONNECT = 5
_SECONDS_TILL_DEAD = 15
"""How long a server may be silent before the connection counts as cut."""
_MIGRATION_LOCK = 0x706F7274616C
_MILLISECONDS_TO_ASK = 2000
_BUSY = {
    "55P03",  # lock_not_available: lock_timeout has passed
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
}


def make_engine(url: sa.URL, *, busy_seconds: float) -> sa.Engine:
    """As `engine.make_engine`, for a server that may be on another host."""
    settings = {
        # What was acknowledged is on disk, and on the standby where the server waits for one.
        "synchronous_commit": "on",
        "lock_timeout": f"{int(busy_seconds * 1000)}ms",
        # A process that hangs in the middle must not hold what others wait for.
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "connect_timeout": _SECONDS_TO_CONNECT,
            "tcp_user_timeout": _SECONDS_TILL_DEAD * 1000,
            "application_name": "portal",
        },
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_SIZE,
        # The server may have been restarted since the last request.
        pool_pre_ping=True,
        # Otherwise an error's text holds the code's derivatives and whole envelopes.
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _say_busy)
    event.listen(engine, "handle_error", _keep_quiet)
    return engine


@contextmanager
def migrating(connection: sa.Connection) -> Iterator[None]:
    """A transaction that no other migration runs beside, and that asks for a table only for a moment."""
    with connection.begin():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        # Whoever waits for a table holds up all who come after.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_MILLISECONDS_TO_ASK}ms'")
        yield


def _say_busy(context: sa.ExceptionContext) -> None:
    """Waiting too long has one name on both databases, and so has a database that was moved."""
    code = getattr(context.original_exception, "sqlstate", None)
    if code in _BUSY:
        raise DatabaseBusy from context.original_exception
    if code == CLOSED_CODE:
        raise DatabaseClosed from context.original_exception


def _keep_quiet(context: sa.ExceptionContext) -> None:
    """The server quotes the row it refused, under DETAIL; nobody needs to read it."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if wrapped and (primary := getattr(getattr(error, "diag", None), "message_primary", None)):
        error.args = (primary,)
        wrapped.args = (f"({type(error).__name__}) {primary}",)
