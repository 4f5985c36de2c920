"""Encrypts the rows of a draft under the citizen's code, so that the database alone reads nothing.

A row is a random nonce of 12 bytes and the AES-256-GCM ciphertext. The draft's id and the step's name are
authenticated with it: a row moved to another draft or step is refused.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forms_app.errors import PortalError

_NONCE_LENGTH = 12
_TAG_LENGTH = 16


class DraftUnreadable(PortalError):
    """A row of a draft cannot be decrypted: another code, another place, or changed bytes."""


def encrypt(key: bytes, plaintext: bytes, *, draft_id: bytes, step: str) -> bytes:
    """The row to store for a step; `key` has 32 bytes."""
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, _place(draft_id, step))


def decrypt(key: bytes, row: bytes, *, draft_id: bytes, step: str) -> bytes:
    """What `encrypt` was given. Raises `DraftUnreadable`."""
    if len(row) < _NONCE_LENGTH + _TAG_LENGTH:
        raise DraftUnreadable(step)
    try:
        return AESGCM(key).decrypt(row[:_NONCE_LENGTH], row[_NONCE_LENGTH:], _place(draft_id, step))
    except InvalidTag:
        raise DraftUnreadable(step) from None


def _place(draft_id: bytes, step: str) -> bytes:
    """Unambiguous: the id's length stands before it, so that no id and step can be read as another pair."""
    return b"portal draft v1\0" + len(draft_id).to_bytes(4) + draft_id + step.encode("utf-8")
