"""What receivers have signed: the proof that they have what was handed over, kept as long as the delivery itself."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from forms_app.sealing.acknowledgement import Acknowledgement, SignedAcknowledgement
from forms_app.sealing.signature import key_id_of
from forms_app.storage.casework_tables import acknowledgements
from forms_app.storage.tables import deliveries

_INSERT = sa.insert(acknowledgements)
_OF = (
    sa.select(
        deliveries.c.key,
        acknowledgements.c.manifest_sha256,
        acknowledgements.c.received_at,
        acknowledgements.c.public_key,
        acknowledgements.c.signature,
    )
    .join_from(acknowledgements, deliveries)
    .where(deliveries.c.submission_id == sa.bindparam("submission"))
    .order_by(deliveries.c.id)
)


def insert(connection: sa.Connection, delivery_id: int, signed: SignedAcknowledgement, *, now: datetime) -> None:
    """Keep what was verified at this moment; a delivery is acknowledged once."""
    said = signed.acknowledgement
    connection.execute(
        _INSERT,
        {
            "delivery_id": delivery_id,
            "manifest_sha256": said.manifest_sha256,
            "received_at": said.received_at,
            "verified_at": now,
            "public_key": signed.public_key,
            "signature": signed.signature,
        },
    )


def of(connection: sa.Connection, submission_id: uuid.UUID) -> list[SignedAcknowledgement]:
    """What was signed of a submission's deliveries, as it can be verified anew."""
    return [
        SignedAcknowledgement(
            acknowledgement=Acknowledgement(
                key_id=key_id_of(row.public_key),
                delivery_key=row.key,
                manifest_sha256=row.manifest_sha256,
                received_at=row.received_at,
            ),
            signature=row.signature,
            public_key=row.public_key,
        )
        for row in connection.execute(_OF, {"submission": submission_id})
    ]
