"""Every table, in types that mean the same on SQLite and PostgreSQL."""

from enum import StrEnum

import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage.columns import NAMING, ROW_NUMBER, UTCDateTime, one_of


class CaseStatus(StrEnum):
    """Where a case stands, as staff say it; what happened when is kept in dated columns beside it."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    ANSWERED = "answered"
    CLOSED = "closed"


class DeliveryStatus(StrEnum):
    """Where one delivery to one channel stands."""

    TODO = "todo"
    DOING = "doing"
    SUCCEEDED = "succeeded"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How one attempt at a delivery ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LEASE_EXPIRED = "lease_expired"


class AnsweredBy(StrEnum):
    """How the municipality gave its answer."""

    DIGITAL_POST = "digital_post"
    LETTER = "letter"
    MEETING = "meeting"
    PHONE = "phone"


class Source(StrEnum):
    """How a form came in: sent by the citizen, or keyed in by a case worker."""

    ONLINE = "online"
    PAPER = "paper"
    PHONE = "phone"
    VISIT = "visit"


class TargetGroup(StrEnum):
    """Whom a case is about: whoever has not come of age, or everybody else."""

    CHILDREN = "children"
    ADULTS = "adults"


metadata = sa.MetaData(naming_convention=NAMING)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("form", sa.String, nullable=False),
    sa.Column("form_version", sa.Integer, nullable=False),
    sa.Column("public_half", sa.Text, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("saved_at", UTCDateTime, nullable=False, index=True),
)

draft_steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("draft_id", sa.ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.String, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("saved_at", UTCDateTime, nullable=False),
)

draft_files = sa.Table(
    "draft_files",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("draft_id", sa.ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    # Files chosen together are added at the same instant, and are shown in the order they were chosen.
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("details", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("cleaned", sa.LargeBinary),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("added_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("draft_id", "position"),
)

submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("reference", sa.String, nullable=False, unique=True),
    # No foreign key: the draft may go, and its id alone keeps a second click from becoming a second case.
    sa.Column("draft_id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("form", sa.String, nullable=False),
    sa.Column("form_version", sa.Integer, nullable=False),
    sa.Column("municipality", sa.String, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("accepted_at", UTCDateTime, nullable=False),
    sa.Column("recipients_fingerprint", sa.String, nullable=False, index=True),
    sa.Column("public_half", sa.Text, nullable=False),
    sa.Column("target_group", sa.String),
    sa.Column("summary", sa.LargeBinary),
    sa.Column("answers", sa.LargeBinary),
    sa.Column("own_copy", sa.LargeBinary),
    # The receipt without the answers: it stays when the citizen's own copy goes.
    sa.Column("own_receipt", sa.LargeBinary),
    sa.Column("sealed_hash", sa.String(64), nullable=False),
    sa.Column("erased_at", UTCDateTime),
    sa.CheckConstraint(
        "erased_at IS NOT NULL OR (summary IS NOT NULL AND answers IS NOT NULL)", name="kept_until_erased"
    ),
)
# All that the books and the metrics count, so that no envelope is read over each minute.
sa.Index(
    "ix_submissions_counted",
    *(submissions.c[name] for name in ("accepted_at", "municipality", "form", "language", "reference")),
    *(submissions.c[name] for name in ("sealed_hash", "erased_at", "id")),
)

_is_erased = sa.text("erased_at IS NOT NULL")
# Whoever remembers names asks again and again what was erased since.
sa.Index("ix_submissions_erased_at", submissions.c.erased_at, sqlite_where=_is_erased, postgresql_where=_is_erased)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("follows", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.UniqueConstraint("follows", "number"),
    one_of("kind", FollowUpKind),
)

# Whoever has the code whose id this is may answer; the code and the text are readable to nobody else.
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), nullable=False, unique=True),
    # Gone once it is answered.
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("answered_at", UTCDateTime),
)

own_files = sa.Table(
    "own_files",
    metadata,
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("sealed_hash", sa.String(64), nullable=False),
    # Never a row of its own: the files that came in are counted against those stored and handed over.
    sa.Column("cleaned", sa.LargeBinary),
    sa.Column("cleaned_hash", sa.String(64)),
    sa.UniqueConstraint("submission_id", "position"),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), nullable=False, unique=True),
    sa.Column("municipality", sa.String, nullable=False, index=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("is_late", sa.Boolean, nullable=False),
    sa.Column("is_unconfirmed", sa.Boolean, nullable=False),
    sa.Column("is_unscanned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("opened_at", UTCDateTime),
    sa.Column("handed_over_at", UTCDateTime),
    sa.Column("withdrawn_at", UTCDateTime),
    sa.Column("revoked_at", UTCDateTime),
    # When something came in after the case was last opened.
    sa.Column("news_at", UTCDateTime),
    # Who works on it: the id of a member of staff, who stand in a database of their own.
    sa.Column("assignee", sa.Uuid, index=True),
    sa.Column("assigned_at", UTCDateTime),
    # Cases about the same person, joined by a case worker, have the same one.
    sa.Column("family", sa.Uuid, index=True),
    # How it came, and on which day if that is another than the day it was stored.
    sa.Column("source", sa.String, nullable=False, server_default=Source.ONLINE),
    sa.Column("received_on", sa.Date),
    one_of("status", CaseStatus),
    one_of("source", Source),
)

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("id", ROW_NUMBER, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="RESTRICT"), nullable=False, index=True),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("text", sa.String),
    sa.Column("answered_on", sa.Date),
    sa.Column("answered_by", sa.String),
    one_of("status", CaseStatus),
    one_of("answered_by", AnsweredBy),
)

deadlines = sa.Table(
    "deadlines",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("fact", sa.String, nullable=False),
    # When what was due was done; only what is not done counts as a next date.
    sa.Column("done_on", sa.Date),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", ROW_NUMBER, primary_key=True),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    # RESTRICT, so that erasing a submission can never erase what is still owed.
    sa.Column("submission_id", sa.ForeignKey("submissions.id", ondelete="RESTRICT"), nullable=False, index=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("due_at", sa.Double, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("max_attempts", sa.Integer, nullable=False),
    sa.Column("started_at", sa.Double),
    sa.Column("leased_until", sa.Double),
    sa.Column("lease", sa.String),
    sa.Column("last_error", sa.String),
    sa.Column("finished_at", sa.Double),
    one_of("state", DeliveryStatus),
)
_is_todo, _is_doing = sa.text("state = 'todo'"), sa.text("state = 'doing'")
_is_given_up = sa.text("state = 'given_up'")
sa.Index(
    "ix_deliveries_due",
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=_is_todo,
    postgresql_where=_is_todo,
)
# There are few, and every look into the inbox asks for them.
sa.Index(
    "ix_deliveries_given_up",
    deliveries.c.submission_id,
    sqlite_where=_is_given_up,
    postgresql_where=_is_given_up,
)
sa.Index("ix_deliveries_leased", deliveries.c.leased_until, sqlite_where=_is_doing, postgresql_where=_is_doing)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("delivery_id", sa.ForeignKey("deliveries.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("error", sa.String),
    one_of("outcome", Outcome),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", ROW_NUMBER, primary_key=True),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False, index=True),
)

limits = sa.Table(
    "limits",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("ends_at", UTCDateTime, nullable=False, index=True),
)
