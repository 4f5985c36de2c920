"""All tables of a database, in an order in which they can be filled."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from forms_app.storage import alarm_tables, casework_tables, tables, worker_tables
from forms_app.storage.migrate import Schema
from forms_app.storage.staff import tables as staff_tables

# Importing them is what makes them known.
for _others in (alarm_tables.alarms, casework_tables.canaries, worker_tables.moves):
    assert _others.metadata is tables.metadata

_METADATA: Mapping[Schema, sa.MetaData] = {Schema.PORTAL: tables.metadata, Schema.STAFF: staff_tables.metadata}
_OF_THE_PLACE = frozenset({"moves", "beats"})
"""What is true of the database itself: where it came from, and which workers are at work in it."""
_OF_THE_MOMENT = frozenset({"sessions"})
"""Who is logged in: nobody is after a restore, and their tokens have no business in a backup."""


def closable(schema: Schema) -> Sequence[sa.Table]:
    """Every table that takes nothing more in a closed database."""
    return [table for table in _METADATA[schema].sorted_tables if table.name != "moves"]


def movable(schema: Schema) -> Sequence[sa.Table]:
    """Every table that goes along to another place, each after those that it refers to."""
    return [table for table in _METADATA[schema].sorted_tables if table.name not in _OF_THE_PLACE]


def lasting(schema: Schema) -> Sequence[sa.Table]:
    """Every table that is kept in a backup, in the same order."""
    return [table for table in movable(schema) if table.name not in _OF_THE_MOMENT]
