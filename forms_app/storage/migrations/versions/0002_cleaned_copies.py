"""Cleaned copies beside files, and a mark on cases with a file that nothing has looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Files that came in before have no copy, and nothing has looked at them."""
    op.add_column("draft_files", sa.Column("cleaned", sa.LargeBinary()))
    op.add_column("attachments", sa.Column("cleaned", sa.LargeBinary()))
    op.add_column("attachments", sa.Column("cleaned_hash", sa.String(64)))
    op.add_column("cases", sa.Column("is_unscanned", sa.Boolean(), nullable=False, server_default=sa.false()))
    cases = sa.table("cases", sa.column("submission_id"), sa.column("is_unscanned"))
    with_files = sa.select(sa.table("attachments", sa.column("submission_id")).c.submission_id)
    op.execute(sa.update(cases).where(cases.c.submission_id.in_(with_files)).values(is_unscanned=sa.true()))


def downgrade() -> None:
    """The copies go; the files they were made of stay."""
    op.drop_column("cases", "is_unscanned")
    op.drop_column("attachments", "cleaned_hash")
    op.drop_column("attachments", "cleaned")
    op.drop_column("draft_files", "cleaned")
