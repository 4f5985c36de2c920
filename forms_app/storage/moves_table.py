"""The table in which a database says that it was moved elsewhere, or that it is being filled."""

import sqlalchemy as sa

from forms_app.storage.columns import UTCDateTime


def moves_table(metadata: sa.MetaData) -> sa.Table:
    """The same in the database of the portal and in that of the staff; it never moves itself."""
    return sa.Table(
        "moves",
        metadata,
        # Of the copy: the same in both databases.
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("is_source", sa.Boolean, nullable=False),
        # Where the other one is, without a user or a password.
        sa.Column("place", sa.String, nullable=False),
        sa.Column("begun_at", UTCDateTime, nullable=False),
        sa.Column("finished_at", UTCDateTime),
    )
