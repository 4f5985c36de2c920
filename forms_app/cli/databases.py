"""Brings both databases, where this process may reach them, to the present schema."""

from forms_app.settings import Settings, Surface
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate


def migrate_all(settings: Settings) -> None:
    """Also that of the staff surface, if it is served from here."""
    databases = {Schema.PORTAL: settings.database_url}
    if Surface.STAFF in settings.surfaces:
        databases[Schema.STAFF] = settings.staff_database_url
    for schema, url in databases.items():
        engine = make_engine(url)
        migrate(engine, schema)
        engine.dispose()
