"""Brings a database to the present schema: that of the portal, or that of the staff surface.

While a new version takes over, processes of two versions work on one database. So a migration only adds, and its id is
a number: "0014". One that takes something away, once no process of any version asks for it, says in its id which
migration a process must know to go on: "0021_for_0018"; and so do all that come after it.
"""

import re
import time
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.storage.engine import migrating, reading
from forms_app.storage.failures import DatabaseBusy, DatabaseClosed
from forms_app.storage.schemas import Schema as Schema

if TYPE_CHECKING:
    from alembic.config import Config

_ID = re.compile(r"(?P<number>[0-9]{4})(?:_for_(?P<oldest>[0-9]{4}))?")
_FILE = re.compile(rf"(?P<id>{_ID.pattern})_[a-z_]+")
"""A script is named after the id of its migration, and what it is about."""
_SECONDS_TO_TRY = 60.0
_SECONDS_BETWEEN = 0.5


class Standing(StrEnum):
    """How the schema of a database stands to this code."""

    PRESENT = "present"
    LATER = "later"
    """A later version has migrated it, and has only added to what this code asks for."""
    EARLIER = "migrate"
    TOO_LATE = "outdated"
    """A later version has taken something away that this code asks for."""

    @property
    def is_usable(self) -> bool:
        """Whether this code can read and write there."""
        return self in (Standing.PRESENT, Standing.LATER)


class SchemaTooLate(PortalError):
    """A later version of the portal has migrated this database: use that version."""


class SchemaTooEarly(PortalError):
    """The database has not the schema of this version: `portal migrate` brings it there."""


def alembic_config(connection: sa.Connection | None = None, schema: Schema = Schema.PORTAL) -> "Config":
    """Alembic's configuration for our scripts; commands that touch rows need the `connection` they run on."""
    # Every process asks how a database stands, and few migrate: the others start a third of a second sooner without it.
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(schema.value).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: sa.Engine, schema: Schema = Schema.PORTAL, *, patience_seconds: float = _SECONDS_TO_TRY) -> None:
    """Run the missing migrations in one transaction; of several processes that start at once, one does it. What a later
    version has only added to is left as it is.

    It asks for its locks a moment at a time, so that nobody waits long behind it. Raises DatabaseBusy where it never
    gets them, and SchemaTooLate.
    """
    until = time.monotonic() + patience_seconds
    while True:
        try:
            _migrate(engine, schema)
            return
        except DatabaseBusy as error:
            if isinstance(error, DatabaseClosed) or time.monotonic() > until:
                raise
        time.sleep(_SECONDS_BETWEEN)


def standing(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> Standing:
    """Whether this code can work on the database, and what is the matter if not."""
    with reading(engine) as connection:
        return _standing(connection, schema)


def is_current(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> bool:
    """Whether the database has exactly the schema this code was written for, as whoever copies it must know."""
    return standing(engine, schema) is Standing.PRESENT


def revision_of(schema: Schema = Schema.PORTAL) -> str:
    """The id of the schema this code was written for."""
    return _known(schema)[0]


def demand_usable(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> None:
    """Raise SchemaTooEarly or SchemaTooLate unless this code can work on the database."""
    found = standing(engine, schema)
    if found is Standing.TOO_LATE:
        raise SchemaTooLate
    if not found.is_usable:
        raise SchemaTooEarly


def oldest_that_can(revision: str) -> str | None:
    """The number of the migration that code must know, at least, to work on a database of this revision; None where the
    id says nothing.
    """
    found = _ID.fullmatch(revision)
    return (found["oldest"] or "0000") if found else None


def _migrate(engine: sa.Engine, schema: Schema) -> None:
    with migrating(engine) as connection:
        found = _standing(connection, schema)
        if found is Standing.TOO_LATE:
            raise SchemaTooLate
        if found is Standing.EARLIER:
            from alembic import command

            command.upgrade(alembic_config(connection, schema), "head")


def _standing(connection: sa.Connection, schema: Schema) -> Standing:
    known = _known(schema)
    found = _revision(connection)
    if found == known[0]:
        return Standing.PRESENT
    if found is None or found in known:
        return Standing.EARLIER
    oldest = oldest_that_can(found)
    return Standing.LATER if oldest and oldest <= known[0][:4] else Standing.TOO_LATE


def _revision(connection: sa.Connection) -> str | None:
    """What Alembic has written down; nothing in a new database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


@cache
def _known(schema: Schema) -> tuple[str, ...]:
    """The ids of our migrations, the last one first."""
    names = (_FILE.fullmatch(path.stem) for path in (schema.value / "versions").glob("*.py"))
    return tuple(sorted((name["id"] for name in names if name), reverse=True))
