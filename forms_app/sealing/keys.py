"""The municipality's opening keys, as age identity files.

For the staff surface and the worker only: the citizen surface never imports this module.
"""

from pathlib import Path

import pyrage
from pyrage.x25519 import Identity

from forms_app.sealing.secret_files import KeyFileUnreadable, append_secret, read_secret, write_secret


def load_identities(path: Path) -> tuple[Identity, ...]:
    """Every identity of the file: a ring of old and new keys opens both. Raises `KeyFileUnreadable`."""
    lines = [line.strip() for line in read_secret(path).splitlines()]
    secrets = [line for line in lines if line and not line.startswith("#")]
    if not secrets:
        raise KeyFileUnreadable(f"{path}: no identity in it")
    try:
        return tuple(Identity.from_str(secret) for secret in secrets)
    except pyrage.IdentityError:
        raise KeyFileUnreadable(f"{path}: not an age identity") from None


def new_identity_file(path: Path) -> str:
    """Writes a fresh identity as `age-keygen` would and returns its public key. Raises `KeyFileExists`."""
    identity = Identity.generate()
    public_key = str(identity.to_public())
    write_secret(path, f"# public key: {public_key}\n{identity}\n")
    return public_key


def public_keys(path: Path) -> tuple[str, ...]:
    """The public key of each identity of the file, in its order. Raises `KeyFileUnreadable`."""
    return tuple(str(identity.to_public()) for identity in load_identities(path))


def add_identity(path: Path) -> str:
    """Adds a fresh identity to a ring and returns its public key; what stood there is never touched.

    Raises `KeyFileUnreadable` for a file that holds no identities, or that may not be written.
    """
    load_identities(path)
    identity = Identity.generate()
    public_key = str(identity.to_public())
    try:
        append_secret(path, f"# public key: {public_key}\n{identity}\n")
    except OSError as error:
        raise KeyFileUnreadable(f"{path}: {error.strerror}") from None
    return public_key
