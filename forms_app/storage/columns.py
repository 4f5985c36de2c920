"""The types that columns have, the same on SQLite and PostgreSQL, and how constraints are named."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import DontWrapMixin

from forms_app.errors import PortalError


class NotUTC(DontWrapMixin, PortalError):
    """A time without a zone, or in another zone than UTC, was about to be stored."""


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant to the microsecond, aware and in UTC on the way in and on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse what is not UTC; raises NotUTC."""
        if value is not None and value.utcoffset() != timedelta(0):
            raise NotUTC
        return value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Name the zone, which SQLite does not keep and PostgreSQL gives in the session's own."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, kind: type[StrEnum]) -> sa.CheckConstraint:
    """Lets a column hold the members of an enumeration only."""
    allowed = ", ".join(f"'{member}'" for member in kind)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=column)


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, so that a migration can name them too."""

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A number that the database counts up by itself."""
