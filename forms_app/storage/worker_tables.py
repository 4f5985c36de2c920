"""What workers tell each other, by the database's clock in seconds since 1970; and where the database went."""

import sqlalchemy as sa

from forms_app.storage.moves_table import moves_table
from forms_app.storage.tables import metadata

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("job", sa.String, primary_key=True),
    # Until then it is somebody's, or done.
    sa.Column("next_at", sa.Double, nullable=False),
)

beats = sa.Table(
    "beats",
    metadata,
    sa.Column("worker", sa.Uuid, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("beat_at", sa.Double, nullable=False),
)

moves = moves_table(metadata)
