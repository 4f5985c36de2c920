"""Copies tables from one database to another of either kind, in as little memory as the largest row takes.

A table is read in the order of its primary key, which is the same on both kinds. So the rows that are there already
are the first ones, and a copy goes on after the last of them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from forms_app.storage.engine import reading
from forms_app.storage.fingerprints import Tally, Teller

_MOST_ROWS = 500
_MOST_BYTES = 4_000_000

Key = tuple[Any, ...]
Rows = Sequence[sa.Row[Any]]
Watch = Callable[[str, int, int], None]
"""Told now and then the name of the table, how many of its rows are done, and how many there are."""
Opened = Callable[[sa.Connection, sa.Table], AbstractContextManager[None]]
"""Makes a table take rows for one transaction."""


def fill(source: sa.Connection, target: sa.Engine, table: sa.Table, *, opened: Opened, watch: Watch) -> Tally:
    """Copy what is missing in the target, one transaction for each batch; the tally is that of the source.

    Raises what a database raises; what was copied by then stays.
    """
    teller = Teller(table)
    with reading(target) as connection:
        last = _last(connection, table)
    for rows in _told(source, table, teller, watch):
        missing = [dict(row._mapping) for row in rows if last is None or _key(table, row) > last]
        if missing:
            with target.begin() as connection, opened(connection, table):
                connection.execute(sa.insert(table), missing)
    return teller.tally


def tally(connection: sa.Connection, table: sa.Table, *, watch: Watch) -> Tally:
    """That of the rows that are there."""
    teller = Teller(table)
    for unused_rows in _told(connection, table, teller, watch):
        pass
    return teller.tally


def _told(connection: sa.Connection, table: sa.Table, teller: Teller, watch: Watch) -> Iterator[Rows]:
    """All rows in batches, each told once it has been dealt with."""
    done, total = 0, count(connection, table)
    watch(table.name, done, total)
    for rows in batches(connection, table):
        for row in rows:
            teller.add(row)
        yield rows
        done += len(rows)
        watch(table.name, done, total)


def count(connection: sa.Connection, table: sa.Table) -> int:
    """How many rows there are."""
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let the database number new rows after the last one that is there; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    last = sa.select(sa.func.max(column)).scalar_subquery()
    named = sa.func.pg_get_serial_sequence(table.name, column.name)
    following = sa.func.setval(named, sa.func.coalesce(last, 1), last.is_not(None))
    connection.execute(sa.select(following).where(named.is_not(None)))


def batches(connection: sa.Connection, table: sa.Table) -> Iterator[Rows]:
    """All rows in order, as many at a time as are small enough together; a row that is larger comes alone."""
    after: Key | None = None
    while keys := connection.execute(_sizes(table, connection.dialect.name, after)).all():
        for end in _cuts([row[-1] for row in keys]):
            upto = tuple(keys[end][:-1])
            rows = connection.execute(_between(table, connection.dialect.name, after, upto)).all()
            after = upto
            yield rows


def _cuts(sizes: Sequence[int]) -> Iterator[int]:
    """Where each batch ends."""
    together = 0
    for place, size in enumerate(sizes):
        if together and together + size > _MOST_BYTES:
            yield place - 1
            together = 0
        together += size
    yield len(sizes) - 1


def _sizes(table: sa.Table, dialect: str, after: Key | None) -> sa.Select[Any]:
    """The keys of the next rows, each with the size of its row: the length of a value is known without reading it."""
    lengths = [
        sa.func.coalesce(sa.func.length(one), 0) for one in table.columns if isinstance(one.type, sa.LargeBinary)
    ]
    size = sum(lengths, start=sa.literal(0))
    order = _order(table, dialect)
    query = sa.select(*table.primary_key, size).order_by(*order).limit(_MOST_ROWS)
    return query.where(_tuple(order) > _values(table, after)) if after else query


def _between(table: sa.Table, dialect: str, after: Key | None, upto: Key) -> sa.Select[Any]:
    order = _order(table, dialect)
    query = sa.select(table).where(_tuple(order) <= _values(table, upto)).order_by(*order)
    return query.where(_tuple(order) > _values(table, after)) if after else query


def _last(connection: sa.Connection, table: sa.Table) -> Key | None:
    backwards = [one.desc() for one in _order(table, connection.dialect.name)]
    found = connection.execute(sa.select(*table.primary_key).order_by(*backwards).limit(1)).first()
    return tuple(found) if found else None


def _key(table: sa.Table, row: sa.Row[Any]) -> Key:
    return tuple(row._mapping[column] for column in table.primary_key)


def _order(table: sa.Table, dialect: str) -> list[sa.ColumnElement[Any]]:
    """By the bytes of texts, as SQLite does: PostgreSQL has the order of some language."""
    if dialect != "postgresql":
        return list(table.primary_key)
    return [sa.collate(one, "C") if isinstance(one.type, sa.String) else one for one in table.primary_key]


def _tuple(columns: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    return columns[0] if len(columns) == 1 else sa.tuple_(*columns)


def _values(table: sa.Table, key: Key) -> sa.ColumnElement[Any]:
    typed = [sa.literal(value, column.type) for value, column in zip(key, table.primary_key, strict=True)]
    return _tuple(typed)
