"""How often things were done of late, under keys that say nothing by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was counted before."""
    op.create_table(
        "limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_ends_at"), "limits", ["ends_at"])


def downgrade() -> None:
    """Every count starts anew."""
    op.drop_table("limits")
