"""What staff do with a case: who works on it, notes, complaints, proofs of hand-over, the chain of the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OF_STAFF = ("audit_heads", "audit_links", "canaries", "case_notes", "complaints", "sign_offs")


def upgrade() -> None:
    """Nobody worked on any case here before, and all of them were sent by citizens."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("assignee", sa.Uuid()))
        table.add_column(sa.Column("assigned_at", _INSTANT))
        table.add_column(sa.Column("family", sa.Uuid()))
        table.add_column(sa.Column("source", sa.String(), nullable=False, server_default="online"))
        table.add_column(sa.Column("received_on", sa.Date()))
        table.create_check_constraint(op.f("ck_cases_source"), "source IN ('online', 'paper', 'phone', 'visit')")
        table.create_index(op.f("ix_cases_assignee"), ["assignee"])
        table.create_index(op.f("ix_cases_family"), ["family"])
    with op.batch_alter_table("deadlines") as table:
        table.add_column(sa.Column("done_on", sa.Date()))
    is_given_up = sa.text("state = 'given_up'")
    op.create_index(
        "ix_deliveries_given_up",
        "deliveries",
        ["submission_id"],
        sqlite_where=is_given_up,
        postgresql_where=is_given_up,
    )
    _notes_and_complaints()
    _proofs()


def downgrade() -> None:
    """What staff added is gone; what citizens sent stays."""
    for table_name in _OF_STAFF:
        op.drop_table(table_name)
    op.drop_index("ix_deliveries_given_up", table_name="deliveries")
    with op.batch_alter_table("deadlines") as table:
        table.drop_column("done_on")
    with op.batch_alter_table("cases") as table:
        table.drop_index(op.f("ix_cases_family"))
        table.drop_index(op.f("ix_cases_assignee"))
        table.drop_constraint(op.f("ck_cases_source"), type_="check")
        for column in ("received_on", "source", "family", "assigned_at", "assignee"):
            table.drop_column(column)


def _notes_and_complaints() -> None:
    op.create_table(
        "case_notes",
        _row_number(),
        _case(),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
        _to_case("case_notes"),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_table(
        "complaints",
        _case(),
        sa.Column("outcome", sa.String()),
        sa.Column("reconsidered_on", sa.Date()),
        sa.Column("replied_on", sa.Date()),
        sa.Column("is_maintained", sa.Boolean()),
        sa.Column("forwarded_on", sa.Date()),
        sa.CheckConstraint("outcome IN ('upheld', 'partly', 'not_upheld')", name=op.f("ck_complaints_outcome")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_complaints")),
        _to_case("complaints"),
    )


def _proofs() -> None:
    op.create_table(
        "sign_offs",
        _row_number(),
        _case(),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        _to_case("sign_offs"),
    )
    op.create_index(op.f("ix_sign_offs_case_id"), "sign_offs", ["case_id"])
    op.create_table(
        "audit_links",
        _row_number("number"),
        _row_number("entry_id"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_links_entry_id")),
        _to_entry("audit_links"),
    )
    op.create_table(
        "audit_heads",
        _row_number("number"),
        _row_number("entry_id"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_at", _INSTANT, nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_heads")),
        sa.ForeignKeyConstraint(
            ["number"], ["audit_links.number"], name=op.f("fk_audit_heads_number"), ondelete="RESTRICT"
        ),
        _to_entry("audit_heads"),
    )
    op.create_table(
        "canaries",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT),
        sa.Column("proof", sa.String(64)),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_canaries")),
    )


def _row_number(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _case() -> sa.Column[object]:
    return sa.Column("case_id", sa.Uuid(), nullable=False)


def _to_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{table}_case_id"), ondelete="RESTRICT")


def _to_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry_id"], ["audit.id"], name=op.f(f"fk_{table}_entry_id"), ondelete="RESTRICT")
