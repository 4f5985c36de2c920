"""What the two databases spell differently, under one name each."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class database_now(FunctionElement[float]):
    """The database's clock in seconds since 1970: one clock for all workers on all hosts."""

    type = sa.Double()
    inherit_cache = True


class uuid_in(FunctionElement[uuid.UUID]):
    """A column of text as an id, to compare it with one; what is no id is like none."""

    type = sa.Uuid()
    inherit_cache = True


@compiles(uuid_in, "sqlite")
def _uuid_in_sqlite(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps an id as 32 digits."""
    return f"replace({compiler.process(element.clauses, **options)}, '-', '')"


@compiles(uuid_in, "postgresql")
def _uuid_in_postgresql(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"(CASE WHEN {text} ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN {text}::uuid END)"


@compiles(database_now, "sqlite")
def _now_in_sqlite(unused_element: database_now, unused_compiler: SQLCompiler, **unused_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _now_in_postgresql(unused_element: database_now, unused_compiler: SQLCompiler, **unused_options: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"


def inserting(
    table: sa.Table, spell: Callable[[sqlite.Insert | postgresql.Insert], sa.Executable]
) -> Mapping[str, sa.Executable]:
    """An INSERT that says what to do with a row that is there already, by the name of the dialect."""
    return {"sqlite": spell(sqlite.insert(table)), "postgresql": spell(postgresql.insert(table))}
