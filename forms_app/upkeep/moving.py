"""Moves a database to another place without losing what is sent meanwhile: it is closed first, and stays closed.

What can happen at each step: until the source is marked as moved, whoever stops here opens it again, and only what
was copied is for nothing. From then on the source stays closed, and the same command finishes what is left. A process
that is killed leaves both closed, and the same command goes on where it was.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage import closing
from forms_app.storage.alone import alone
from forms_app.storage.closing import Move
from forms_app.storage.contents import movable
from forms_app.storage.engine import reading
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema, is_current
from forms_app.upkeep.filling import Progress, place_of, prepare, receive, take_into_use


class NotMigrated(PortalError):
    """The database to copy is not there, or has not the present schema: `portal migrate` first."""


class SamePlace(PortalError):
    """A database cannot be copied onto itself."""


class MovingElsewhere(PortalError):
    """The database is closed, for it is being copied, or was, to another place than this."""


class NotFilled(PortalError):
    """This database is itself being filled by a copy that is not finished; repeat the command that fills it."""


class HasMoved(PortalError):
    """Everything was copied to another place, which is in use; what is written there is not here."""


class NothingClosed(PortalError):
    """The database is open."""


class StillClosed(PortalError):
    """The copy failed and the source could not be opened again: `portal copy-database --reopen` does that."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was copied. `place` is where to; `was_closed` tells that an earlier command had begun it."""

    place: str
    tallies: Sequence[Tally]
    was_closed: bool


def copy_database(source: sa.Engine, target: sa.Engine, schema: Schema, clock: Clock, progress: Progress) -> Moved:
    """Close the source, copy everything, compare, and open the target. Whatever stops it before the end opens the
    source again.

    Raises NotMigrated, SamePlace, MovingElsewhere, NotFilled, AlreadyFilled, NotEmpty, NotTheSame, StillClosed,
    BeingCopied, and what a database raises.
    """
    place = place_of(target.url)
    if place_of(source.url) == place:
        raise SamePlace(place)
    demand_migrated(source, schema)
    with alone(source):
        return _copied(source, target, schema, clock, progress)


def reopen(source: sa.Engine, schema: Schema, *, although_moved: bool = False) -> Move:
    """Let everybody write in the source again, and say which move is given up.

    Raises NotMigrated, NothingClosed, NotFilled, and HasMoved for a finished move unless it is meant.
    """
    demand_migrated(source, schema)
    with closing.deciding(source) as connection:
        found = closing.closed_by(connection)
        if found is None:
            raise NothingClosed(place_of(source.url))
        if not found.is_source:
            raise NotFilled(found.place)
        if found.finished_at and not although_moved:
            raise HasMoved(found.place)
        closing.reopen(connection, schema, found.id)
    return found


def demand_migrated(engine: sa.Engine, schema: Schema) -> None:
    """Raise NotMigrated; a SQLite file that is not there is not made by asking."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if (path and not Path(path).is_file()) or not is_current(engine, schema):
        raise NotMigrated(place_of(engine.url))


def demand_in_use(engine: sa.Engine) -> None:
    """Raise NotFilled for what is just being filled, and HasMoved for what nobody uses any more."""
    with reading(engine) as connection:
        found = closing.closed_by(connection)
    if found and not found.is_source:
        raise NotFilled(found.place)
    if found and found.finished_at:
        raise HasMoved(found.place)


def _copied(source: sa.Engine, target: sa.Engine, schema: Schema, clock: Clock, progress: Progress) -> Moved:
    place, tables = place_of(target.url), movable(schema)
    move, was_closed = _announce(source, place, clock)
    arriving = replace(move, is_source=False, place=place_of(source.url), finished_at=None)
    with _reopened_unless_moved(source, schema, move):
        closing.close(source, schema)
        prepare(target, schema, arriving)
        tallies = receive(source, target, tables, progress)
        with source.begin() as connection:
            closing.finish(connection, move.id, now=clock())
    take_into_use(target, schema, arriving, tables, now=clock())
    return Moved(place=place, tallies=tallies, was_closed=was_closed)


def _announce(source: sa.Engine, place: str, clock: Clock) -> tuple[Move, bool]:
    """The move, and whether an earlier command had begun it."""
    with closing.deciding(source) as connection:
        found = closing.closed_by(connection)
        if found is None:
            move = Move(id=uuid.uuid4(), is_source=True, place=place, begun_at=clock())
            closing.announce(connection, move)
            return move, False
    if not found.is_source:
        raise NotFilled(found.place)
    if found.place != place:
        raise MovingElsewhere(found.place)
    return found, True


@contextmanager
def _reopened_unless_moved(source: sa.Engine, schema: Schema, move: Move) -> Iterator[None]:
    try:
        yield
    except BaseException as stopped:
        try:
            _reopen_unless_moved(source, schema, move)
        except (sa.exc.DBAPIError, PortalError) as error:
            raise StillClosed(f"{type(stopped).__name__}, {type(error).__name__}") from stopped
        raise


def _reopen_unless_moved(source: sa.Engine, schema: Schema, move: Move) -> None:
    with closing.deciding(source) as connection:
        found = closing.closed_by(connection)
        if found and found.id == move.id and found.finished_at is None:
            closing.reopen(connection, schema, move.id)
