"""What is sent later, what becomes of a case, and the citizen's own files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MARKS = ("withdrawn_at", "revoked_at", "news_at")


def upgrade() -> None:
    """What was sent before keeps its receipt inside the own copy, and has no copies of its files."""
    op.add_column("submissions", sa.Column("own_receipt", sa.LargeBinary()))
    for mark in _MARKS:
        op.add_column("cases", sa.Column(mark, _INSTANT))
    _make_follow_ups()
    _make_own_files()
    _make_case_events()


def downgrade() -> None:
    """What was sent later stays as rows that belong to no case."""
    for table in ("case_events", "own_files", "follow_ups"):
        op.drop_table(table)
    for mark in reversed(_MARKS):
        op.drop_column("cases", mark)
    op.drop_column("submissions", "own_receipt")


def _make_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('addition', 'withdrawal', 'revocation')", name=op.f("ck_follow_ups_kind")),
        _reference("follow_ups", "submission_id", "submissions"),
        _reference("follow_ups", "follows", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("follows", "number", name=op.f("uq_follow_ups_follows_number")),
    )


def _make_own_files() -> None:
    op.create_table(
        "own_files",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _reference("own_files", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_own_files")),
    )


def _make_case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("text", sa.String()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("answered_by", sa.String()),
        sa.CheckConstraint(
            "status IN ('received', 'in_progress', 'waiting_for_citizen', 'answered', 'closed')",
            name=op.f("ck_case_events_status"),
        ),
        sa.CheckConstraint(
            "answered_by IN ('digital_post', 'letter', 'meeting', 'phone')", name=op.f("ck_case_events_answered_by")
        ),
        _reference("case_events", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_case_id"), "case_events", ["case_id"])


def _reference(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
