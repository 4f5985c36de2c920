"""What a receiver does to acknowledge a parcel: all that its own system has to know."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms_app.sealing.acknowledgement import SignedAcknowledgement, read_acknowledgement


def public_key_of(private_key: Ed25519PrivateKey) -> str:
    """As it stands in portal.toml."""
    return b64encode(private_key.public_key().public_bytes_raw()).decode()


def acknowledgement(private_key: Ed25519PrivateKey, manifest_sha256: str, *, key: str) -> bytes:
    """What it answers with. Written without a function of the portal, as any receiver would."""
    said = {
        "what": "acknowledgement",
        "version": 1,
        "key_id": sha256(private_key.public_key().public_bytes_raw()).hexdigest()[:16],
        "delivery_key": key,
        "manifest_sha256": manifest_sha256,
        "received_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    signed = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps(said | {"signature": b64encode(private_key.sign(signed)).decode()}).encode()


def acknowledged(private_key: Ed25519PrivateKey, manifest_sha256: str, *, key: str) -> SignedAcknowledgement:
    """The same as the portal reads it."""
    body = acknowledgement(private_key, manifest_sha256, key=key)
    return read_acknowledgement(body, [public_key_of(private_key)])
