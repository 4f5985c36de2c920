"""What receivers have signed: that they have a parcel, and which."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has acknowledged anything yet."""
    op.create_table(
        "acknowledgements",
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_acknowledgements")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_acknowledgements_delivery_id"), ondelete="RESTRICT"
        ),
    )


def downgrade() -> None:
    """The proofs are gone; that a case was handed over stays noted."""
    op.drop_table("acknowledgements")
