"""The tables of the staff surface. A member is known by what the login says of them, never by a password."""

from enum import StrEnum

import sqlalchemy as sa

from forms_app.storage.columns import NAMING, UTCDateTime, one_of
from forms_app.storage.moves_table import moves_table
from forms_app.storage.tables import TargetGroup


class Role(StrEnum):
    """What somebody may do in one municipality. A coordinator is a case worker with a capacity."""

    CASE_WORKER = "case_worker"
    UNIT_LEADER = "unit_leader"
    AUDITOR = "auditor"


metadata = sa.MetaData(naming_convention=NAMING)

members = sa.Table(
    "members",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("issuer", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("added_at", UTCDateTime, nullable=False),
    # A member who left stays, for the audit trail names them.
    sa.Column("removed_at", UTCDateTime),
    sa.UniqueConstraint("issuer", "subject"),
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("member_id", sa.ForeignKey("members.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("municipality", sa.String, primary_key=True),
    sa.Column("role", sa.String, primary_key=True),
    one_of("role", Role),
)

coordinators = sa.Table(
    "coordinators",
    metadata,
    sa.Column("member_id", sa.ForeignKey("members.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("municipality", sa.String, primary_key=True),
    sa.Column("target_group", sa.String, primary_key=True),
    sa.Column("capacity", sa.Integer, nullable=False),
    one_of("target_group", TargetGroup),
    sa.CheckConstraint("capacity >= 0", name="capacity"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    # A hash of what the cookie holds, so that whoever reads the table is logged in nowhere.
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("member_id", sa.ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    sa.Column("municipality", sa.String, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("seen_at", UTCDateTime, nullable=False, index=True),
    # What the provider wants to see when somebody logs out there too.
    sa.Column("id_token", sa.Text, nullable=False),
)

moves = moves_table(metadata)
