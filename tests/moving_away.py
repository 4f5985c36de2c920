"""Closes a database as `portal copy-database` does, and opens it again."""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa

from forms_app.storage import closing
from forms_app.storage.closing import Move
from forms_app.storage.migrate import Schema

NEW_PLACE = "postgresql://db.example.org/portal"


def close(engine: sa.Engine, schema: Schema = Schema.PORTAL, **facts: object) -> Move:
    """The move that keeps it closed from here on."""
    usual = {"id": uuid.uuid4(), "is_source": True, "place": NEW_PLACE, "begun_at": datetime.now(UTC)}
    move = Move(**usual | facts)  # type: ignore[arg-type]
    with closing.deciding(engine) as connection:
        closing.announce(connection, move)
    closing.close(engine, schema)
    return move


def reopen(engine: sa.Engine, move: Move, schema: Schema = Schema.PORTAL) -> None:
    with closing.deciding(engine) as connection:
        closing.reopen(connection, schema, move.id)
