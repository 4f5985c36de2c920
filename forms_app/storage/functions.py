"""What the two databases spell differently, under one name each."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
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


_DIGEST_BYTES = 5


def digest(reference: str, sealed_hash: str) -> int:
    """A number that speaks for both together. Millions of them can be added without leaving 64 bits."""
    return int.from_bytes(sha256(f"{reference} {sealed_hash}".encode()).digest()[:_DIGEST_BYTES], "big")


class digest_of(FunctionElement[int]):
    """The same of two columns. SQLite is taught it when a connection is opened."""

    type = sa.BigInteger()
    inherit_cache = True


class day_of(FunctionElement[date]):
    """The day of an instant in UTC, to be ordered by: nobody's day is told by it."""

    type = sa.Date()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _day_in_sqlite(element: day_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


@compiles(day_of, "postgresql")
def _day_in_postgresql(element: day_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"(({compiler.process(element.clauses, **options)}) AT TIME ZONE 'UTC')::date"


@compiles(uuid_in, "sqlite")
def _uuid_in_sqlite(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps an id as 32 digits."""
    return f"replace({compiler.process(element.clauses, **options)}, '-', '')"


@compiles(uuid_in, "postgresql")
def _uuid_in_postgresql(element: uuid_in, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"(CASE WHEN {text} ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN {text}::uuid END)"


@compiles(digest_of, "sqlite")
def _digest_in_sqlite(element: digest_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"portal_digest({compiler.process(element.clauses, **options)})"


@compiles(digest_of, "postgresql")
def _digest_in_postgresql(element: digest_of, compiler: SQLCompiler, **options: Any) -> str:
    reference, sealed_hash = (compiler.process(one, **options) for one in element.clauses)
    in_hex = f"encode(sha256(convert_to({reference} || ' ' || {sealed_hash}, 'UTF8')), 'hex')"
    return f"('x' || substr({in_hex}, 1, {2 * _DIGEST_BYTES}))::bit({8 * _DIGEST_BYTES})::bigint"


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
