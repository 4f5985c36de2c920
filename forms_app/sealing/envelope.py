"""Seals bytes to public keys and opens them again, as age v1 files (X25519) that Debian's `age` reads too.

An age file hides who can open it and notices every changed or missing byte, but anyone who knows the public
keys can make one: what is inside says what it belongs to (see `submission`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyrage
from pyrage.x25519 import Identity, Recipient

from forms_app.errors import PortalError


class TooFewRecipients(PortalError):
    """A recipient list needs two different public keys: the working key and the recovery key kept offline."""


class WrongRecipient(PortalError):
    """A recipient is no age X25519 public key ("age1…")."""


class CannotOpen(PortalError):
    """An envelope was sealed to other keys, or its bytes have changed or are cut."""


@dataclass(frozen=True)
class Recipients:
    """Public keys ("age1…") of which any one can open. Raises `TooFewRecipients` and `WrongRecipient`."""

    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.keys)) < 2:
            raise TooFewRecipients(f"{len(set(self.keys))}")
        for key in self.keys:
            _recipient(key)

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of the sorted keys, one a line: tells which rows still need an old key."""
        return sha256("\n".join(sorted(set(self.keys))).encode()).hexdigest()


def seal(plaintext: bytes, recipients: Recipients) -> bytes:
    """An envelope that each of the recipients can open."""
    sealed: bytes = pyrage.encrypt(plaintext, [_recipient(key) for key in sorted(set(recipients.keys))])
    return sealed


def seal_to_one(plaintext: bytes, public_half: str) -> bytes:
    """An envelope for the citizen alone: the own copy, or a message. Raises `WrongRecipient`."""
    sealed: bytes = pyrage.encrypt(plaintext, [_recipient(public_half)])
    return sealed


def open_envelope(envelope: bytes, identities: Sequence[Identity]) -> bytes:
    """What was sealed, if any of the identities fits. Raises `CannotOpen`."""
    try:
        opened: bytes = pyrage.decrypt(envelope, list(identities))
    except pyrage.DecryptError as error:
        raise CannotOpen(str(error)) from None
    return opened


def _recipient(key: str) -> Recipient:
    try:
        return Recipient.from_str(key)
    except pyrage.RecipientError:
        raise WrongRecipient(key) from None
