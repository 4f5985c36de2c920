"""The first tables: drafts, submissions, cases, deliveries and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, parents before children."""
    _make_drafts()
    _make_submissions()
    _make_attachments()
    _make_cases()
    _make_deliveries()
    _make_attempts()
    _make_audit()


def downgrade() -> None:
    """Drop the tables, children before parents; their indexes go with them."""
    for table in (
        "audit",
        "attempts",
        "deliveries",
        "deadlines",
        "cases",
        "attachments",
        "submissions",
        "draft_files",
        "draft_steps",
        "drafts",
    ):
        op.drop_table(table)


def _make_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("public_half", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("saved_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_saved_at"), "drafts", ["saved_at"])
    op.create_table(
        "draft_steps",
        sa.Column("draft_id", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", _INSTANT, nullable=False),
        _reference("draft_steps", "draft_id", "drafts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft_id", "step", name=op.f("pk_draft_steps")),
    )
    op.create_table(
        "draft_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        _reference("draft_files", "draft_id", "drafts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_files")),
        sa.UniqueConstraint("draft_id", "position", name=op.f("uq_draft_files_draft_id_position")),
    )


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("draft_id", sa.LargeBinary(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("accepted_at", _INSTANT, nullable=False),
        sa.Column("recipients_fingerprint", sa.String(), nullable=False),
        sa.Column("public_half", sa.Text(), nullable=False),
        sa.Column("target_group", sa.String()),
        sa.Column("summary", sa.LargeBinary()),
        sa.Column("answers", sa.LargeBinary()),
        sa.Column("own_copy", sa.LargeBinary()),
        sa.Column("sealed_hash", sa.String(64), nullable=False),
        sa.Column("erased_at", _INSTANT),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR (summary IS NOT NULL AND answers IS NOT NULL)",
            name=op.f("ck_submissions_kept_until_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_submissions_draft_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_submissions_reference")),
    )
    op.create_index(op.f("ix_submissions_accepted_at"), "submissions", ["accepted_at"])
    op.create_index(op.f("ix_submissions_recipients_fingerprint"), "submissions", ["recipients_fingerprint"])


def _make_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("sealed_hash", sa.String(64), nullable=False),
        _reference("attachments", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("submission_id", "position", name=op.f("uq_attachments_submission_id_position")),
    )


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_unconfirmed", sa.Boolean(), nullable=False),
        sa.Column("opened_at", _INSTANT),
        sa.Column("handed_over_at", _INSTANT),
        sa.CheckConstraint(
            "status IN ('received', 'in_progress', 'waiting_for_citizen', 'answered', 'closed')",
            name=op.f("ck_cases_status"),
        ),
        _reference("cases", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_cases_submission_id")),
    )
    op.create_index(op.f("ix_cases_municipality"), "cases", ["municipality"])
    op.create_table(
        "deadlines",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        _reference("deadlines", "case_id", "cases"),
        sa.PrimaryKeyConstraint("case_id", "kind", name=op.f("pk_deadlines")),
    )


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Double()),
        sa.Column("leased_until", sa.Double()),
        sa.Column("lease", sa.String()),
        sa.Column("last_error", sa.String()),
        sa.Column("finished_at", sa.Double()),
        sa.CheckConstraint(
            "state IN ('todo', 'doing', 'succeeded', 'given_up', 'cancelled')",
            name=op.f("ck_deliveries_state"),
        ),
        _reference("deliveries", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(op.f("ix_deliveries_submission_id"), "deliveries", ["submission_id"])
    _index_only("todo", "ix_deliveries_due", ["due_at", "id"])
    _index_only("doing", "ix_deliveries_leased", ["leased_until"])


def _make_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("delivery_id", _ROW_NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("error", sa.String()),
        sa.CheckConstraint("outcome IN ('succeeded', 'failed', 'lease_expired')", name=op.f("ck_attempts_outcome")),
        _reference("attempts", "delivery_id", "deliveries"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_attempts")),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"])


def _reference(table: str, column: str, parent: str, *, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _index_only(state: str, name: str, columns: list[str]) -> None:
    where = sa.text(f"state = '{state}'")
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
