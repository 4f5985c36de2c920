"""Members of staff, their roles and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody worked here before."""
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_members_issuer_subject")),
    )
    op.create_table(
        "roles",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('case_worker', 'unit_leader', 'auditor')", name=op.f("ck_roles_role")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_roles_member_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("member_id", "municipality", "role", name=op.f("pk_roles")),
    )
    op.create_table(
        "coordinators",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("target_group", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_coordinators_capacity")),
        sa.CheckConstraint("target_group IN ('children', 'adults')", name=op.f("ck_coordinators_target_group")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_coordinators_member_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("member_id", "municipality", "target_group", name=op.f("pk_coordinators")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id_token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sessions_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"])


def downgrade() -> None:
    """Nobody can log in any more."""
    for table in ("sessions", "coordinators", "roles", "members"):
        op.drop_table(table)
