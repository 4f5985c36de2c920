"""The canary: a secret that the citizen side seals to a list of recipients, so that somebody opens it before a citizen
depends on it.

Whoever confirms hands the secret back. It is an HMAC under the citizen side's own secret key over the fingerprint of
the list, so that the citizen side knows it without keeping it, and nobody else can make it up: neither who can write to
the database nor who knows the public keys. It needs no key to sign with on the side that opens.
"""

import hmac
import json
from collections.abc import Sequence
from hashlib import sha256

from pyrage.x25519 import Identity

from forms_app.errors import PortalError
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.envelope import Recipients, open_envelope, seal

_LABEL = b"portal canary v1\0"


class NoCanary(PortalError):
    """What was opened is not the canary of this list of recipients."""


def secret_of(secret_key: str, fingerprint: str) -> str:
    """What the canary of this list holds, in hex."""
    return hmac.new(secret_key.encode(), _LABEL + fingerprint.encode(), sha256).hexdigest()


def seal_canary(secret_key: str, recipients: Recipients) -> bytes:
    """A new canary, which each of the recipients can open."""
    fingerprint = recipients.fingerprint
    document = {"what": "canary", "fingerprint": fingerprint, "secret": secret_of(secret_key, fingerprint)}
    return seal(canonical_json(document), recipients)


def open_canary(envelope: bytes, identities: Sequence[Identity], *, fingerprint: str) -> str:
    """The secret. Raises `CannotOpen`, and `NoCanary` for anything else than the canary of this list."""
    try:
        document = json.loads(open_envelope(envelope, identities))
        kind, list_, secret = (document[name] for name in ("what", "fingerprint", "secret"))
    except (ValueError, TypeError, KeyError):
        raise NoCanary(fingerprint) from None
    if (kind, list_) != ("canary", fingerprint) or not isinstance(secret, str):
        raise NoCanary(fingerprint)
    return secret


def proves(secret_key: str, fingerprint: str, proof: str) -> bool:
    """Whether this is the secret: whoever gave it back has opened the canary."""
    return hmac.compare_digest(secret_of(secret_key, fingerprint).encode(), proof.encode())
