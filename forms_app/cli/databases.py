"""Brings both databases, where this process may reach them, to the present schema, and gives each role its rights."""

import sqlalchemy as sa

from forms_app.errors import PortalError
from forms_app.settings import Settings, Surface
from forms_app.storage import roles
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate


class NoRoles(PortalError):
    """SQLite knows no roles: whoever may open the file may do everything with it."""


def migrate_all(settings: Settings, *, with_roles: bool = False) -> None:
    """Also that of the staff surface, if it is served from here. Raises NoRoles."""
    databases = {Schema.PORTAL: settings.database_url}
    if Surface.STAFF in settings.surfaces:
        databases[Schema.STAFF] = settings.staff_database_url
    for schema, url in databases.items():
        engine = make_engine(url)
        migrate(engine, schema)
        if with_roles:
            _grant(engine, schema)
        engine.dispose()


def _grant(engine: sa.Engine, schema: Schema) -> None:
    if engine.dialect.name != "postgresql":
        raise NoRoles
    with engine.begin() as connection:
        roles.grant(connection, schema)
