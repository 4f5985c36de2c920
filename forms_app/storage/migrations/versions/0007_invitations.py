"""Invitations to confirm what someone else has sent, and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KIND = "ck_follow_ups_kind"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody was invited before."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_invitations_submission_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_invitations_submission_id")),
    )
    _allow("'addition', 'withdrawal', 'revocation', 'confirmation'")


def downgrade() -> None:
    """The answers stay as rows that belong to no case, as what else was sent later would."""
    op.execute("DELETE FROM follow_ups WHERE kind = 'confirmation'")
    _allow("'addition', 'withdrawal', 'revocation'")
    op.drop_table("invitations")


def _allow(kinds: str) -> None:
    with op.batch_alter_table("follow_ups") as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({kinds})")
