"""What a PostgreSQL server says of itself and of whom it lets in: whether it keeps what it takes, what they may do."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from forms_app.storage.roles import RIGHTS, DatabaseRole

_DEEDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
_OF_COLUMNS = frozenset({"SELECT", "INSERT", "UPDATE"})
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True, kw_only=True)
class Login:
    """Whom the server takes us for. `is_mighty`: they may do everything, or make databases and others like them."""

    name: str
    is_mighty: bool
    owns_tables: bool
    is_in_clear: bool
    """They come over the network without TLS."""


_LOGIN = sa.text(
    "SELECT current_user, rolsuper OR rolcreaterole OR rolcreatedb, "
    "EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user), "
    "inet_server_addr() IS NOT NULL AND inet_server_addr() IS DISTINCT FROM inet_client_addr() "
    "AND NOT EXISTS (SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) "
    "FROM pg_roles WHERE rolname = current_user"
)
_STANDBY = sa.text("SHOW synchronous_standby_names")
_NOW = sa.text("SELECT extract(epoch FROM clock_timestamp())::double precision")
_HAS = sa.text("SELECT has_table_privilege(:table, :deed)")
_HAS_SOMEWHERE = sa.text("SELECT has_any_column_privilege(:table, :deed)")


def login(connection: sa.Connection) -> Login:
    """Whoever this connection belongs to."""
    name, is_mighty, owns_tables, is_in_clear = connection.execute(_LOGIN).one()
    return Login(name=name, is_mighty=is_mighty, owns_tables=owns_tables, is_in_clear=is_in_clear)


def too_many_rights(connection: sa.Connection, role: DatabaseRole) -> list[str]:
    """What whoever this connection belongs to may do besides what a process of this role needs."""
    return [
        f"{deed} on {table}"
        for table, allowed in RIGHTS[role].items()
        for deed in _beyond(connection, table, *_split(allowed))
    ]


def _beyond(connection: sa.Connection, table: str, whole: set[str], of_columns: set[str]) -> Iterator[str]:
    for deed in _DEEDS:
        if deed in whole:
            continue
        asked = _HAS_SOMEWHERE if deed in _OF_COLUMNS and deed not in of_columns else _HAS
        if connection.execute(asked, {"table": table, "deed": deed}).scalar():
            yield deed


def _split(allowed: str) -> tuple[set[str], set[str]]:
    """The deeds that are allowed to a whole table, and to some of its columns."""
    found = re.findall(r"([A-Z]+)( \()?", allowed)
    return {deed for deed, columns in found if not columns}, {deed for deed, columns in found if columns}


def not_durable(url: str) -> Mapping[str, str]:
    """The settings under which the server may forget what it has taken, as they are for somebody who asks for no other,
    which the portal itself does where it may.
    """
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        shown = {name: connection.execute(sa.text(f"SHOW {name}")).scalar_one() for name in _DURABLE}
    return {name: value for name, value in shown.items() if value in ("off", "local")}


def has_standby(connection: sa.Connection) -> bool:
    """Whether a commit waits for another machine."""
    return bool(connection.execute(_STANDBY).scalar_one())


def clock(connection: sa.Connection) -> float:
    """The server's, in seconds since 1970."""
    return float(connection.execute(_NOW).scalar_one())
