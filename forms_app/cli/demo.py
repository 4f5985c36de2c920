"""What a demonstration makes for itself on its first start: keys and secrets under PORTAL_DATA, kept from then on."""

import secrets
from pathlib import Path

from forms_app import durable
from forms_app.sealing.keys import new_identity_file, public_keys
from forms_app.sealing.secret_files import write_secret
from forms_app.sealing.signature import new_signing_key
from forms_app.settings import DemoFiles


def prepare(data: Path) -> None:
    """Make what is not there yet; never replace a key that something may be sealed to."""
    files = DemoFiles(data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.secret_key.parent.mkdir(parents=True, exist_ok=True)
    # The folder channel takes a missing folder for a mount that is gone, so it never makes its own.
    (data / "outbox").mkdir(exist_ok=True)
    durable.sync(data)
    if not files.secret_key.exists():
        write_secret(files.secret_key, secrets.token_urlsafe(48))
    if not files.signing_key.exists():
        new_signing_key(files.signing_key)
    for key in (files.opening_key, files.recovery_key):
        if not key.exists():
            new_identity_file(key)
    if not files.recipients.exists():
        keys = [*public_keys(files.opening_key), *public_keys(files.recovery_key)]
        durable.replace(files.recipients, "\n".join(keys) + "\n")
