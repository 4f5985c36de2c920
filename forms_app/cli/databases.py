"""Brings both databases, where this process may reach them, to the present schema, gives each role its rights, and
refuses those that were moved elsewhere.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.settings import Settings, Surface
from forms_app.storage import roles
from forms_app.storage.closing import closed_by
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.migrate import Schema, SchemaTooLate, is_current, migrate


class NoRoles(PortalError):
    """SQLite knows no roles: whoever may open the file may do everything with it."""


class MovedAway(PortalError):
    """This database was copied to another place and is not used any more: name the new one, and start again."""


class MovingAway(PortalError):
    """This database is being copied and takes nothing: wait for the copy, or repeat it, or open it with --reopen."""


class NotFilled(PortalError):
    """This database was not filled to the end: repeat the `portal copy-database` or `portal restore` that fills it."""


def databases_of(settings: Settings) -> Mapping[Schema, str]:
    """The URL of each that this process may reach: that of the staff surface only where it is served from here."""
    found = {Schema.PORTAL: settings.database_url}
    if Surface.STAFF in settings.surfaces:
        found[Schema.STAFF] = settings.staff_database_url
    return found


def demand_open(engine: sa.Engine) -> None:
    """Raise MovedAway, MovingAway or NotFilled with the other place, where nobody can write."""
    with reading(engine) as connection:
        found = closed_by(connection)
    if found is None:
        return
    if not found.is_source:
        raise NotFilled(f"from {found.place}")
    if found.finished_at:
        raise MovedAway(f"to {found.place}, {found.finished_at:%Y-%m-%d %H:%M} UTC")
    raise MovingAway(f"to {found.place}, begun {found.begun_at:%Y-%m-%d %H:%M} UTC")


def demand_all_open(settings: Settings) -> None:
    """As `demand_open`, of all that this process may reach."""
    for url in databases_of(settings).values():
        engine = make_engine(url)
        try:
            demand_open(engine)
        finally:
            engine.dispose()


def migrate_all(databases: Mapping[Schema, str], *, with_roles: bool = False) -> None:
    """Bring each, by its URL, to the present schema. Raises NoRoles, SchemaTooLate, and what a database raises."""
    for schema, url in databases.items():
        engine = make_engine(url)
        try:
            migrate(engine, schema)
            if with_roles:
                _grant(engine, schema)
        finally:
            engine.dispose()


def _grant(engine: sa.Engine, schema: Schema) -> None:
    if engine.dialect.name != "postgresql":
        raise NoRoles
    if not is_current(engine, schema):
        # The rights that a later version has given would be gone.
        raise SchemaTooLate
    with engine.begin() as connection:
        roles.grant(connection, schema)
