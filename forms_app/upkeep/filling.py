"""A new database that is filled with all that another one holds, and taken into use only when nothing is missing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage import closing
from forms_app.storage.closing import Move
from forms_app.storage.contents import closable
from forms_app.storage.copying import Opened, Watch, count_on, fill, tally
from forms_app.storage.engine import reading
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema, migrate

Progress = Callable[[str], Watch]
"""Makes what is told of one phase, such as "copy" and "verify"."""
_OURS = frozenset({"alembic_version", "moves"})


class NotEmpty(PortalError):
    """Only an empty place is filled; this one holds something already, and it was not touched."""


class AlreadyFilled(PortalError):
    """This very copy was brought to its end before, and the new place is in use since; nothing was done."""


class NotTheSame(PortalError):
    """What arrived is not what was sent, so the new place is not taken into use."""


def prepare(target: sa.Engine, schema: Schema, move: Move) -> None:
    """Make an empty place with the present schema, closed to everybody else; one that this move has begun to fill
    is as it was. Raises NotEmpty, and AlreadyFilled where this move is over.

    What an earlier move left that was given up is cleared away: nobody but that move could ever write there.
    """
    if _is_new(target, move):
        migrate(target, schema)
    with closing.deciding(target) as connection:
        found = closing.closed_by(connection)
        if found and found.is_source:
            raise NotEmpty(place_of(target.url))
        is_begun = found is not None and found.id == move.id
        if found and not is_begun:
            closing.reopen(connection, schema, found.id)
            _clear(connection, schema)
        if not is_begun:
            closing.announce(connection, move)
    closing.close(target, schema)
    if not is_begun:
        _demand_empty(target, schema, move)


def _clear(connection: sa.Connection, schema: Schema) -> None:
    for table in reversed(closable(schema)):
        connection.execute(sa.delete(table))


def _demand_empty(target: sa.Engine, schema: Schema, move: Move) -> None:
    """Now that nobody can write there, for good. Raises NotEmpty."""
    with closing.deciding(target) as connection:
        is_empty = not _holds_anything(connection)
        if not is_empty:
            closing.reopen(connection, schema, move.id)
    if not is_empty:
        raise NotEmpty(place_of(target.url))


def receive(
    source: sa.Engine,
    target: sa.Engine,
    tables: Sequence[sa.Table],
    progress: Progress,
    *,
    opened: Opened = closing.opened,
) -> list[Tally]:
    """Copy what is missing out of one snapshot, then read all of it back and compare. Raises NotTheSame."""
    watch = progress("copy")
    with reading(source) as connection:
        sent = [fill(connection, target, table, opened=opened, watch=watch) for table in tables]
    watch = progress("verify")
    with reading(target) as connection:
        arrived = [tally(connection, table, watch=watch) for table in tables]
    different = [one.table for one, other in zip(sent, arrived, strict=True) if one != other]
    if different:
        raise NotTheSame(", ".join(different))
    return sent


def take_into_use(target: sa.Engine, schema: Schema, move: Move, tables: Sequence[sa.Table], *, now: datetime) -> None:
    """Let everybody write in the new place."""
    with target.begin() as connection:
        for table in tables:
            count_on(connection, table)
        closing.open_filled(connection, schema, move.id, now=now)


def place_of(url: sa.URL) -> str:
    """Where a database is, for people to read: without user and password."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').resolve()}"
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{host}{port}/{url.database}"


def _is_new(target: sa.Engine, move: Move) -> bool:
    """Whether migrating it can do no harm, which is asked before anything is changed. Raises NotEmpty."""
    with reading(target) as connection:
        names = set(sa.inspect(connection).get_table_names())
        if "moves" in names:
            found = closing.find(connection, move.id)
            if found and found.finished_at:
                raise AlreadyFilled(place_of(target.url))
            if found or closing.closed_by(connection):
                return False
        if names and "alembic_version" not in names:
            raise NotEmpty(place_of(target.url))
        if _holds_anything(connection):
            raise NotEmpty(place_of(target.url))
    return True


def _holds_anything(connection: sa.Connection) -> bool:
    names = set(sa.inspect(connection).get_table_names()) - _OURS
    return any(connection.execute(sa.select(1).select_from(sa.table(name)).limit(1)).first() for name in sorted(names))
