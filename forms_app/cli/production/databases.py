"""What is unsafe about the database: what it may forget, and what this process may do in it."""

import time
from collections.abc import Iterator

import sqlalchemy as sa

from forms_app.books.watching import SILENT_AFTER_SECONDS
from forms_app.cli.context import open_database
from forms_app.cli.finding import Finding, warning
from forms_app.cli.production.side import Side
from forms_app.settings import Settings
from forms_app.storage import beats, canaries, server
from forms_app.storage.engine import DatabaseBusy, reading

_MOST_SECONDS_OFF = 5.0
_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)


def databases(settings: Settings, side: Side) -> Iterator[Finding]:
    """Ask it. That it cannot be reached is told by the plain check."""
    engine = open_database(settings.database_url)
    try:
        with reading(engine) as connection:
            if engine.dialect.name == "sqlite":
                yield from _sqlite(connection)
            else:
                yield from _postgresql(settings.database_url, connection, side)
            yield from _canaries(connection, settings)
            if side is not Side.CITIZEN:
                yield _workers(connection)
    except _FAILED as error:
        yield Finding("database", f"could not be asked ({type(error).__name__})", "portal check, portal migrate")
    finally:
        engine.dispose()


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    hosts = {one.host for one in beats.all(connection)}
    if len(hosts) > 1:
        fault = f"workers of {len(hosts)} hosts have written into one SQLite file: it must never be shared"
        yield Finding("SQLite", fault, "use PostgreSQL: DATABASE_URL, and `portal copy-database`")
    fault = "one host only, no standby, and whoever owns the web process can delete the file"
    yield warning("SQLite", fault, "use PostgreSQL where more than one host or person is at stake")


def _postgresql(url: str, connection: sa.Connection, side: Side) -> Iterator[Finding]:
    for name, value in server.not_durable(url).items():
        is_warning = name == "synchronous_commit"
        fault = f"{name} is {value}: after a crash, what citizens have receipts for may be gone"
        if is_warning:
            fault = f"{name} is {value} for everybody but the portal, which asks for durable commits itself"
        yield Finding(f"PostgreSQL, {name}", fault, f"ALTER SYSTEM SET {name} = on, and restart it", is_warning)
    if not server.has_standby(connection):
        fault = "synchronous_standby_names is empty: a receipt means one disk"
        yield warning("PostgreSQL, standby", fault, "run a synchronous standby on another machine")
    yield from _login(connection, side)
    off = abs(server.clock(connection) - time.time())
    fault = f"the database's clock and this machine's are {off:.0f} seconds apart"
    is_off = off > _MOST_SECONDS_OFF
    yield Finding("clock of the database", *((fault, "let both follow the same time server") if is_off else ()))


def _login(connection: sa.Connection, side: Side) -> Iterator[Finding]:
    who = server.login(connection)
    mend = f"`portal migrate --roles`, and let DATABASE_URL name a login that is in {side.role} and nothing else"
    subject = f"database login {who.name}"
    if who.is_mighty:
        yield Finding(subject, "may do everything on the server, or make others who may", mend)
    elif who.owns_tables:
        yield Finding(subject, "owns the tables, so it can change and drop them", mend)
    elif rights := server.too_many_rights(connection, side.role):
        yield Finding(subject, f"may do what {side.role} need not: {', '.join(rights)}", mend)
    else:
        yield Finding(subject)
    if who.is_in_clear:
        fault = "comes over the network without TLS: codes' derivatives and sealed envelopes travel in clear"
        yield Finding("connection to the database", fault, "add ?sslmode=verify-full to DATABASE_URL")


def _canaries(connection: sa.Connection, settings: Settings) -> Iterator[Finding]:
    places = []
    for place, recipients in settings.recipients.items():
        found = canaries.get(connection, recipients.fingerprint)
        if found is None or found.confirmed_at is None:
            places.append(place)
    fault = f"nobody has shown that they can open what is sent to {', '.join(sorted(places))}: nothing is accepted"
    mend = "start the citizens' process, then the worker with the opening key, and wait a minute: `portal keys status`"
    yield Finding("canaries", *((fault, mend) if places else ()))


def _workers(connection: sa.Connection) -> Finding:
    is_there = any(one.seconds_ago <= SILENT_AFTER_SECONDS for one in beats.all(connection))
    fault = "none has been there for two minutes: nothing is handed over, and nobody looks for what is lost"
    return Finding("workers", *(() if is_there else (fault, "start one: portal work")))
