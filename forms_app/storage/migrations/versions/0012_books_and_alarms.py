"""The books are counted each minute off an index of their own, and what somebody was told of is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNTED = [
    "accepted_at",
    "municipality",
    "form",
    "language",
    "reference",
    "sealed_hash",
    "erased_at",
    "id",
]


def upgrade() -> None:
    """The new index begins with the column that the old one was of."""
    op.create_table(
        "alarms",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsent", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_alarms")),
        sa.CheckConstraint("unsent IN ('begins', 'grows', 'lasts', 'ends')", name=op.f("ck_alarms_unsent")),
    )
    op.create_index("ix_submissions_counted", "submissions", _COUNTED)
    op.drop_index("ix_submissions_accepted_at", table_name="submissions")


def downgrade() -> None:
    """Every alarm that still lasts begins anew."""
    op.create_index("ix_submissions_accepted_at", "submissions", ["accepted_at"])
    op.drop_index("ix_submissions_counted", table_name="submissions")
    op.drop_table("alarms")
