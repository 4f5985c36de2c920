"""Every step from an empty database to the present schema, as Alembic runs it."""
