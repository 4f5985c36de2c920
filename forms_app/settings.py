"""The only reader of the environment: what this process was started with, checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from forms_app.errors import PortalError
from forms_app.municipality import BadDeployment, Deployment, load_deployment
from forms_app.sealing.envelope import Recipients, TooFewRecipients, WrongRecipient

REPOSITORY = Path(__file__).parents[1]


class SettingsMissing(PortalError):
    """The portal cannot start: settings are missing or wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where everything is. `opening_keys` is a path only: the citizen surface never reads it and need not have it."""

    deployment: Deployment
    data: Path
    database_url: str
    secret_key: str
    signing_key: Path
    recipients: Mapping[str, Recipients]
    opening_keys: Path | None
    site: Path
    assets: Path
    host: str
    port: int

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration, which tells so on every page and listens on this machine only."""
        return self.deployment.demo

    @property
    def journal(self) -> Path:
        """The issue journal: every reference that was ever shown, outside the database."""
        return self.data / "journal" / "issued.jsonl"

    @property
    def outbox(self) -> Path:
        """Where the folder channel writes."""
        return self.data / "outbox"


@dataclass(frozen=True)
class DemoFiles:
    """Where a demonstration keeps the keys it makes for itself."""

    data: Path

    @property
    def secret_key(self) -> Path:
        """Signs the session cookie, which holds the CSRF token and nothing else."""
        return self.data / "keys" / "session.secret"

    @property
    def signing_key(self) -> Path:
        """Signs receipts."""
        return self.data / "keys" / "receipts.pem"

    @property
    def opening_key(self) -> Path:
        """The working key of the demo's case workers."""
        return self.data / "keys" / "opening.txt"

    @property
    def recovery_key(self) -> Path:
        """In a real deployment this one lies in a safe."""
        return self.data / "keys" / "recovery.txt"

    @property
    def recipients(self) -> Path:
        """The public halves of both, one a line: all that the citizen surface needs."""
        return self.data / "keys" / "recipients.txt"


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything that must outlive a restart is kept."""
    return Path(environ.get("PORTAL_DATA") or REPOSITORY / "var").resolve()


def deployment_of(environ: Mapping[str, str] = os.environ) -> Deployment:
    """What portal.toml says. Raises BadDeployment."""
    return load_deployment(Path(environ.get("PORTAL_CONFIG") or REPOSITORY / "portal.toml"))


def from_environ(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read everything and raise SettingsMissing with all that is wrong at once.

    NAME_FILE may be given instead of NAME for secrets. In demo mode what is not given is taken from files under
    PORTAL_DATA.
    """
    faults: list[str] = []
    data = data_folder(environ)
    deployment = _deployment(environ, faults)
    demo = DemoFiles(data) if deployment and deployment.demo else None
    secret_key = _secret(environ, "PORTAL_SECRET_KEY", demo.secret_key if demo else None, faults)
    signing_key = _path(environ, "PORTAL_SIGNING_KEY_FILE", demo.signing_key if demo else None)
    if signing_key is None:
        faults.append("PORTAL_SIGNING_KEY_FILE is not set")
    recipients = _recipients(deployment, demo, faults) if deployment else {}
    host = environ.get("HOST", "127.0.0.1")
    if demo and host not in ("127.0.0.1", "localhost", "::1"):
        faults.append("HOST: a demo listens on this machine only")
    port = _port(environ, faults)
    if faults:
        raise SettingsMissing("; ".join(faults))
    assert deployment
    assert signing_key
    return Settings(
        deployment=deployment,
        data=data,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data / 'portal.sqlite'}",
        secret_key=secret_key,
        signing_key=signing_key,
        recipients=recipients,
        opening_keys=_path(environ, "PORTAL_OPENING_KEYS_FILE", demo.opening_key if demo else None),
        site=Path(environ.get("PORTAL_SITE") or REPOSITORY / "build" / "site"),
        assets=Path(environ.get("PORTAL_ASSETS") or REPOSITORY / "build" / "assets"),
        host=host,
        port=port,
    )


def _deployment(environ: Mapping[str, str], faults: list[str]) -> Deployment | None:
    try:
        return deployment_of(environ)
    except BadDeployment as error:
        faults.append(str(error))
        return None


def _secret(environ: Mapping[str, str], name: str, demo: Path | None, faults: list[str]) -> str:
    path = _path(environ, f"{name}_FILE", demo)
    try:
        secret = environ.get(name) or (path.read_text("utf-8").strip() if path else "")
    except OSError as error:
        faults.append(f"{name}: {error.strerror}: {path}")
        return ""
    if len(secret) < 32:
        faults.append(f"{name} is missing or shorter than 32 characters")
    return secret


def _path(environ: Mapping[str, str], name: str, demo: Path | None) -> Path | None:
    return Path(environ[name]) if environ.get(name) else demo


def _recipients(deployment: Deployment, demo: DemoFiles | None, faults: list[str]) -> dict[str, Recipients]:
    own = demo.recipients.read_text("utf-8").split() if demo and demo.recipients.exists() else []
    found = {}
    for municipality in deployment.municipalities:
        try:
            found[municipality.key] = Recipients(tuple(municipality.recipients or own))
        except (TooFewRecipients, WrongRecipient) as error:
            faults.append(f"municipality {municipality.key}: {error.meaning()}")
    return found


def _port(environ: Mapping[str, str], faults: list[str]) -> int:
    given = environ.get("PORT", "8000")
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    faults.append("PORT must be a number from 1 to 65535")
    return 0
