"""What channels are made with: places, servers and secrets of this machine."""

from dataclasses import dataclass
from pathlib import Path

from forms_app.clock import Clock, utc_now
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.documents.filenames import safe_name
from forms_app.mail_server import MailServer
from forms_app.sealing.secret_files import KeyFileUnreadable, read_secret


class SecretMissing(KeyFileUnreadable):
    """A file that portal.toml names is not in the folder PORTAL_CHANNEL_SECRETS, or cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """`secrets` is the folder with the keys and passwords that `portal.toml` calls by their file names."""

    outbox: Path
    secrets: Path | None = None
    mail: MailServer | None = None
    returns: ReturnAddresses | None = None
    is_demo: bool = False
    clock: Clock = utc_now

    def secret(self, name: str) -> str:
        """What the file of this name holds, read anew each time, so that it can be exchanged. Raises SecretMissing."""
        return read_secret(self.secret_file(name)).strip()

    def secret_file(self, name: str) -> Path:
        """Where the file of this name lies. Raises SecretMissing."""
        path = self.secrets / name if self.secrets and safe_name(name) == name else None
        if path is None or not path.is_file():
            raise SecretMissing(name)
        return path
