"""Brings a database to the present schema: that of the portal, or that of the staff surface."""

from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from forms_app.storage.engine import migrating, reading


class Schema(Enum):
    """What a database is for; the value is where its migrations are."""

    PORTAL = Path(__file__).parent / "migrations"
    STAFF = Path(__file__).parent / "staff" / "migrations"


def alembic_config(connection: sa.Connection | None = None, schema: Schema = Schema.PORTAL) -> Config:
    """Alembic's configuration for our scripts; commands that touch rows need the `connection` they run on."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(schema.value).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> None:
    """Run the missing migrations in one transaction; of several processes that start at once, one does it."""
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection, schema), "head")


def is_current(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> bool:
    """Whether the database has exactly the schema this code was written for."""
    expected = ScriptDirectory.from_config(alembic_config(schema=schema)).get_heads()
    with reading(engine) as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(expected)
