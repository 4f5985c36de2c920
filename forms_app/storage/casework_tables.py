"""What staff add to a case, and what proves that nothing was changed afterwards. Same database, same types."""

from enum import StrEnum

import sqlalchemy as sa

from forms_app.storage.columns import ROW_NUMBER, UTCDateTime, one_of
from forms_app.storage.tables import metadata


class ComplaintOutcome(StrEnum):
    """What the municipality made of a complaint when it looked at its decision again."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"


case_notes = sa.Table(
    "case_notes",
    metadata,
    sa.Column("id", ROW_NUMBER, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="RESTRICT"), nullable=False, index=True),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    # Sealed to the municipality like what the citizen sent; None once the case is erased.
    sa.Column("sealed", sa.LargeBinary),
)

complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("outcome", sa.String),
    sa.Column("reconsidered_on", sa.Date),
    # Denmark: a decision that was partly changed is sent to the citizen, who has a time to answer.
    sa.Column("replied_on", sa.Date),
    sa.Column("is_maintained", sa.Boolean),
    sa.Column("forwarded_on", sa.Date),
    one_of("outcome", ComplaintOutcome),
)

sign_offs = sa.Table(
    "sign_offs",
    metadata,
    sa.Column("id", ROW_NUMBER, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="RESTRICT"), nullable=False, index=True),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    # What was taken over: the export that the case worker says is kept elsewhere.
    sa.Column("sha256", sa.String(64), nullable=False),
)

# What a receiver signed of a delivery; with the delivery's key these are all the fields that stand under the signature.
acknowledgements = sa.Table(
    "acknowledgements",
    metadata,
    sa.Column("delivery_id", sa.ForeignKey("deliveries.id", ondelete="RESTRICT"), primary_key=True),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.Column("received_at", UTCDateTime, nullable=False),
    sa.Column("verified_at", UTCDateTime, nullable=False),
    sa.Column("public_key", sa.String, nullable=False),
    sa.Column("signature", sa.String, nullable=False),
)

audit_links = sa.Table(
    "audit_links",
    metadata,
    # In the order in which the entries were chained, from 1 without a gap.
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.ForeignKey("audit.id", ondelete="RESTRICT"), nullable=False, unique=True),
    # SHA-256 in hex over the link before, the number and the entry.
    sa.Column("sha256", sa.String(64), nullable=False),
)

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("number", sa.ForeignKey("audit_links.number", ondelete="RESTRICT"), primary_key=True),
    sa.Column("entry_id", sa.ForeignKey("audit.id", ondelete="RESTRICT"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("signed_at", UTCDateTime, nullable=False),
    sa.Column("key_id", sa.String, nullable=False),
    sa.Column("signature", sa.String, nullable=False),
)

canaries = sa.Table(
    "canaries",
    metadata,
    # Of the list of recipients that the citizen side seals to.
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.Column("confirmed_at", UTCDateTime),
    # What was sealed, by whoever could open it; None until then.
    sa.Column("proof", sa.String(64)),
)
