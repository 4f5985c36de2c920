"""Those who remember what cases are called can ask what was erased since they looked last."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IS_ERASED = sa.text("erased_at IS NOT NULL")


def upgrade() -> None:
    """Most submissions are not erased, and the index holds those only that are."""
    op.create_index(
        "ix_submissions_erased_at",
        "submissions",
        ["erased_at"],
        sqlite_where=_IS_ERASED,
        postgresql_where=_IS_ERASED,
    )


def downgrade() -> None:
    """They ask for all of them."""
    op.drop_index("ix_submissions_erased_at", table_name="submissions")
