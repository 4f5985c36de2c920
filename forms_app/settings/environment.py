"""Reads single variables of the environment; what is wrong with them is gathered, so that all of it is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from forms_app.errors import PortalError


class SettingsMissing(PortalError):
    """The portal cannot start: settings are missing or wrong."""


@dataclass(frozen=True)
class Environment:
    """What this process was started with. What is wrong joins `faults`, and something harmless stands in for it."""

    values: Mapping[str, str]
    faults: list[str]
    secret_files: list[Path] = field(default_factory=list)
    """Those that a secret was read from."""

    def text(self, name: str, usual: str = "") -> str:
        """The value; a variable that is set to nothing counts as not set."""
        return self.values.get(name) or usual

    def path(self, name: str, usual: Path | None = None) -> Path | None:
        """A path, which need not exist."""
        given = self.values.get(name)
        return Path(given) if given else usual

    def secret(self, name: str, usual: Path | None = None, *, shortest: int = 32) -> str:
        """The secret of that name, or what stands in the file that NAME_FILE names."""
        path = self.path(f"{name}_FILE", usual)
        if path and not self.values.get(name):
            self.secret_files.append(path)
        try:
            secret = self.values.get(name) or (path.read_text("utf-8").strip() if path else "")
        except OSError as error:
            self.faults.append(f"{name}: {error.strerror}: {path}")
            return ""
        if len(secret) < shortest:
            is_short = f" or shorter than {shortest} characters" if shortest > 1 else ""
            self.faults.append(f"{name} is missing{is_short}")
        return secret

    def port(self, name: str, usual: int) -> int:
        """A TCP port."""
        given = self.values.get(name, str(usual))
        if given.isdecimal() and 0 < int(given) < 65536:
            return int(given)
        self.faults.append(f"{name} must be a number from 1 to 65535")
        return 0

    def number(self, name: str, usual: int, *, least: int = 1, most: int) -> int:
        """A whole number within limits."""
        given = self.text(name, str(usual))
        if given.isdecimal() and least <= int(given) <= most:
            return int(given)
        self.faults.append(f"{name} must be a number from {least} to {most}")
        return usual

    def origin(self, name: str) -> str:
        """Scheme and host such as https://portal.example.org; "" where nothing is given."""
        given = self.text(name).rstrip("/")
        parts = urlsplit(given)
        if given and (parts.scheme not in ("https", "http") or given != f"{parts.scheme}://{parts.netloc}"):
            self.faults.append(f"{name} must be like https://portal.example.org, with nothing after the name")
        return given

    def demand_file(self, name: str, path: Path | None) -> Path | None:
        """The same path; a fault where it leads nowhere."""
        if path and not path.is_file():
            self.faults.append(f"{name}: no such file: {path}")
        return path
