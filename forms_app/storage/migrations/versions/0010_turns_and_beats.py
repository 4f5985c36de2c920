"""Several workers on several hosts: whose turn a repeated job is, and who is still there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was done yet, and nobody has beaten."""
    op.create_table(
        "turns",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_turns")),
    )
    op.create_table(
        "beats",
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("beat_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_beats")),
    )


def downgrade() -> None:
    """Every job is due again."""
    op.drop_table("beats")
    op.drop_table("turns")
