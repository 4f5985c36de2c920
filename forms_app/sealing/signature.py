"""Signed receipts: the municipality can tell a receipt that the portal issued from one that was made up.

Other things are signed in the same way (`trail`); each says under `what` what it is, so that a signature of one never
passes for that of another. What is signed of a receipt (Ed25519) is canonical JSON of these fields: `what` =
"receipt", `version` = 1, `key_id`, `reference`, `municipality`, `form`, `form_version`, `language`, `accepted_at` (UTC
with microseconds), `files` (a list of `name`, `size`, `sha256`, `kind`) and `content_hash`. Public keys and signatures
are base64 of their raw bytes. The private key is on the citizen surface, so a receipt counts together with its stored
row or its line in the issue journal.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from forms_app.errors import PortalError
from forms_app.language import Language
from forms_app.sealing.attached import FileFacts
from forms_app.sealing.canonical import canonical_json, moment_text
from forms_app.sealing.secret_files import KeyFileUnreadable, read_secret, write_secret

RECEIPT_VERSION = 1


class WrongSigningKey(PortalError):
    """A receipt names another signing key than the one asked to sign it."""


class Statement(Protocol):
    """Something to be signed."""

    @property
    def key_id(self) -> str:
        """The `key_id` of the signer."""

    @property
    def canonical(self) -> bytes:
        """The bytes that are signed. They name the kind of statement, and the key."""


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts:
    """What a receipt states."""

    version: int = RECEIPT_VERSION
    key_id: str
    """The `key_id` of the signer, so that a receipt is checked with the key of its time."""
    reference: str
    municipality: str
    form: str
    form_version: int
    language: Language
    accepted_at: datetime
    files: tuple[FileFacts, ...]
    content_hash: str

    @property
    def canonical(self) -> bytes:
        """The bytes that are signed."""
        files = [file.as_sent for file in self.files]
        typed = {"what": "receipt", "accepted_at": moment_text(self.accepted_at), "files": files}
        return canonical_json({**asdict(self), **typed})


class ReceiptSigner:
    """Signs statements, such as receipts, with one private key."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        raw = private_key.public_key().public_bytes_raw()
        self._private_key = private_key
        self.public_key = b64encode(raw).decode()
        self.key_id = _key_id(raw)

    def sign(self, facts: Statement) -> str:
        """The signature in base64. Raises `WrongSigningKey`."""
        if facts.key_id != self.key_id:
            raise WrongSigningKey(facts.key_id)
        return b64encode(self._private_key.sign(facts.canonical)).decode()


def verify(facts: Statement, signature: str, public_key: str) -> bool:
    """Whether the holder of `public_key` (base64) signed exactly these facts; malformed is not signed."""
    try:
        raw = b64decode(public_key, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(b64decode(signature, validate=True), facts.canonical)
    except (InvalidSignature, ValueError):
        return False
    return facts.key_id == _key_id(raw)


def key_id_of(public_key: str) -> str:
    """How statements name this public key (base64); "" for what is none."""
    try:
        return _key_id(b64decode(public_key, validate=True))
    except ValueError:
        return ""


def new_signing_key(path: Path) -> str:
    """Writes a fresh private key as PEM and returns its public key in base64. Raises `KeyFileExists`."""
    private_key = Ed25519PrivateKey.generate()
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(path, pem.decode("ascii"))
    return ReceiptSigner(private_key).public_key


def load_signing_key(path: Path) -> ReceiptSigner:
    """The signer whose key the file holds. Raises `KeyFileUnreadable`."""
    try:
        private_key = serialization.load_pem_private_key(read_secret(path).encode(), password=None)
    except (ValueError, TypeError):
        raise KeyFileUnreadable(f"{path}: not a private key in PEM") from None
    if not isinstance(private_key, Ed25519PrivateKey):
        raise KeyFileUnreadable(f"{path}: not an Ed25519 key")
    return ReceiptSigner(private_key)


def _key_id(raw_public_key: bytes) -> str:
    """16 hex digits of the public key's SHA-256: short enough to print."""
    return sha256(raw_public_key).hexdigest()[:16]
