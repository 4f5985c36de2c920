"""What a receiver signs: that it durably has a parcel, which one, and since when.

What is signed (Ed25519) is canonical JSON of `what` = "acknowledgement", `version` = 1, `key_id`, `delivery_key`,
`manifest_sha256` (in hex, of the bytes of the parcel's manifest) and `received_at` (UTC with microseconds). What is
sent is JSON of `key_id`, `delivery_key`, `manifest_sha256`, `received_at` and `signature`. Keys and signatures are
base64 of their raw bytes, and `key_id` is the first 16 hex digits of the SHA-256 of the raw public key.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from forms_app.errors import PortalError
from forms_app.sealing.canonical import canonical_json, moment_text, read_moment
from forms_app.sealing.signature import key_id_of, verify


class NotAcknowledged(PortalError):
    """What should be an acknowledgement is none, or not signed with a key that is known."""


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """What a receiver says of a delivery."""

    key_id: str
    delivery_key: str
    manifest_sha256: str
    received_at: datetime

    @property
    def canonical(self) -> bytes:
        """The bytes that are signed."""
        typed = {"what": "acknowledgement", "version": 1, "received_at": moment_text(self.received_at)}
        return canonical_json({**asdict(self), **typed})


@dataclass(frozen=True, kw_only=True)
class SignedAcknowledgement:
    """What a receiver said, and what proves that it was the holder of `public_key` who said so."""

    acknowledgement: Acknowledgement
    signature: str
    public_key: str

    @property
    def is_valid(self) -> bool:
        """Whether it is signed with that key."""
        return verify(self.acknowledgement, self.signature, self.public_key)


def read_acknowledgement(body: bytes, public_keys: Iterable[str]) -> SignedAcknowledgement:
    """What was sent, signed with one of these keys. Raises NotAcknowledged."""
    try:
        sent = json.loads(body)
        texts = {name: sent[name] for name in ("key_id", "delivery_key", "manifest_sha256", "signature")}
        received_at = read_moment(sent["received_at"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NotAcknowledged("not an acknowledgement") from None
    if not all(isinstance(text, str) and text.isascii() for text in texts.values()):
        raise NotAcknowledged("not an acknowledgement")
    signature = texts.pop("signature")
    said = Acknowledgement(received_at=received_at, **texts)
    for public_key in public_keys:
        signed = SignedAcknowledgement(acknowledgement=said, signature=signature, public_key=public_key)
        if key_id_of(public_key) == said.key_id and signed.is_valid:
            return signed
    raise NotAcknowledged("not signed with a key that is known")
