"""What somebody was told of, so that they are not told again each minute, whichever worker does it."""

from enum import StrEnum

import sqlalchemy as sa

from forms_app.storage.columns import UTCDateTime, one_of
from forms_app.storage.tables import metadata


class Turn(StrEnum):
    """What there is to tell of an alarm."""

    BEGINS = "begins"
    GROWS = "grows"
    LASTS = "lasts"
    ENDS = "ends"


alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("kind", sa.String, primary_key=True),
    # A municipality, a channel, a host: what it is about, never whom.
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("began_at", UTCDateTime, nullable=False),
    sa.Column("told_at", UTCDateTime, nullable=False),
    sa.Column("told_count", sa.Integer, nullable=False),
    sa.Column("ended_at", UTCDateTime),
    # What a mail must still say.
    sa.Column("unsent", sa.String),
    one_of("unsent", Turn),
)
