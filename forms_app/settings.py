"""The only reader of the environment: what this process was started with, checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from forms_app.errors import PortalError
from forms_app.files.virus import VirusScanner, WrongScannerAddress
from forms_app.mail_server import MailServer, MailTls
from forms_app.municipality import BadDeployment, Deployment, load_deployment
from forms_app.sealing.envelope import Recipients, TooFewRecipients, WrongRecipient
from forms_app.storage.limits import Counted

REPOSITORY = Path(__file__).parents[1]
MOST_DRAFT_DAYS = 365
_MOST_PER_HOUR = 1_000_000
_LONGEST_READING_SECONDS = 60
_MOST_PROXIES = 10


class SettingsMissing(PortalError):
    """The portal cannot start: settings are missing or wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where everything is. `opening_keys` is a path only: the citizen surface never reads it and need not have it.

    Without `mail` none is promised to anybody or sent. `site_address` is what links in mails begin with, or empty. A
    draft that is not sent is deleted `draft_days` after it was last saved. `per_hour` is for each address; when
    more than `codes_alarm` codes lead nowhere in an hour, all together, an error is logged. The client's address
    is taken from what the nearest `trusted_proxies` say.
    """

    deployment: Deployment
    data: Path
    database_url: str
    secret_key: str
    signing_key: Path
    recipients: Mapping[str, Recipients]
    opening_keys: Path | None
    mail: MailServer | None
    site_address: str
    draft_days: int
    per_hour: Mapping[Counted, int]
    codes_alarm: int
    fastest_seconds: int
    trusted_proxies: int
    virus_scanner: VirusScanner | None
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
    port = _port(environ, "PORT", 8000, faults)
    mail = _mail(environ, faults)
    site_address = _site_address(environ, faults)
    virus_scanner = _virus_scanner(environ, faults)
    draft_days = _number(environ, "PORTAL_DRAFT_DAYS", 30, faults, most=MOST_DRAFT_DAYS)
    against_floods = _against_floods(environ, faults, is_demo=demo is not None)
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
        mail=mail,
        site_address=site_address,
        draft_days=draft_days,
        **against_floods,
        virus_scanner=virus_scanner,
        site=Path(environ.get("PORTAL_SITE") or REPOSITORY / "build" / "site"),
        assets=Path(environ.get("PORTAL_ASSETS") or REPOSITORY / "build" / "assets"),
        host=host,
        port=port,
    )


def _against_floods(environ: Mapping[str, str], faults: list[str], *, is_demo: bool) -> dict[str, Any]:
    """The fields of Settings that say how much one address may do, and how an address is known."""
    return {
        "per_hour": _per_hour(environ, faults),
        "codes_alarm": _number(environ, "PORTAL_CODES_ALARM", 200, faults, most=_MOST_PER_HOUR),
        "fastest_seconds": _number(
            environ, "PORTAL_FASTEST_SECONDS", 2, faults, least=0, most=_LONGEST_READING_SECONDS
        ),
        "trusted_proxies": _trusted_proxies(environ, faults, is_demo=is_demo),
    }


def _deployment(environ: Mapping[str, str], faults: list[str]) -> Deployment | None:
    try:
        return deployment_of(environ)
    except BadDeployment as error:
        faults.append(str(error))
        return None


def _mail(environ: Mapping[str, str], faults: list[str]) -> MailServer | None:
    host = environ.get("PORTAL_SMTP_HOST")
    if not host:
        return None
    tls = environ.get("PORTAL_SMTP_TLS") or MailTls.STARTTLS
    if tls not in list(MailTls):
        faults.append(f"PORTAL_SMTP_TLS must be one of {', '.join(MailTls)}")
        tls = MailTls.STARTTLS
    user = environ.get("PORTAL_SMTP_USER") or None
    if user and tls == MailTls.NONE:
        faults.append("PORTAL_SMTP_USER: a password is not sent over a connection without TLS")
    ca_file = _path(environ, "PORTAL_SMTP_CA_FILE", None)
    if ca_file and not ca_file.is_file():
        faults.append(f"PORTAL_SMTP_CA_FILE: no such file: {ca_file}")
    return MailServer(
        host=host,
        port=_port(environ, "PORTAL_SMTP_PORT", MailTls(tls).usual_port, faults),
        tls=MailTls(tls),
        sender=_sender(environ, faults),
        user=user,
        password=_secret(environ, "PORTAL_SMTP_PASSWORD", None, faults, shortest=1) if user else "",
        ca_file=ca_file,
    )


def _sender(environ: Mapping[str, str], faults: list[str]) -> str:
    try:
        address = validate_email(environ.get("PORTAL_MAIL_FROM", ""), check_deliverability=False)
    except EmailNotValidError:
        address = None
    if address and address.ascii_email:
        return address.ascii_email
    faults.append("PORTAL_MAIL_FROM must be an e-mail address such as portal@example.org")
    return ""


def _site_address(environ: Mapping[str, str], faults: list[str]) -> str:
    given = environ.get("PORTAL_SITE_ADDRESS", "").rstrip("/")
    parts = urlsplit(given)
    if given and (parts.scheme not in ("https", "http") or given != f"{parts.scheme}://{parts.netloc}"):
        faults.append("PORTAL_SITE_ADDRESS must be like https://portal.example.org, with nothing after the name")
    return given


def _per_hour(environ: Mapping[str, str], faults: list[str]) -> dict[Counted, int]:
    return {
        Counted.CODE: _number(environ, "PORTAL_CODES_PER_HOUR", 10, faults, most=_MOST_PER_HOUR),
        Counted.DRAFT: _number(environ, "PORTAL_DRAFTS_PER_HOUR", 30, faults, most=_MOST_PER_HOUR),
        Counted.SUBMISSION: _number(environ, "PORTAL_SUBMISSIONS_PER_HOUR", 20, faults, most=_MOST_PER_HOUR),
        Counted.UPLOAD: _number(environ, "PORTAL_UPLOADS_PER_HOUR", 120, faults, most=_MOST_PER_HOUR),
        Counted.INVITATION: _number(environ, "PORTAL_INVITATIONS_PER_HOUR", 10, faults, most=_MOST_PER_HOUR),
    }


def _trusted_proxies(environ: Mapping[str, str], faults: list[str], *, is_demo: bool) -> int:
    """Outside the demo it must be said: behind a proxy that nobody told us of, all citizens would share one limit."""
    if not is_demo and not environ.get("PORTAL_TRUSTED_PROXIES"):
        faults.append("PORTAL_TRUSTED_PROXIES is not set: how many proxies stand in front (0: none)")
    return _number(environ, "PORTAL_TRUSTED_PROXIES", 0, faults, least=0, most=_MOST_PROXIES)


def _virus_scanner(environ: Mapping[str, str], faults: list[str]) -> VirusScanner | None:
    address = environ.get("PORTAL_VIRUS_SCANNER")
    try:
        return VirusScanner.at(address) if address else None
    except WrongScannerAddress:
        faults.append("PORTAL_VIRUS_SCANNER must be like /run/clamav/clamd.ctl or 127.0.0.1:3310")
        return None


def _secret(environ: Mapping[str, str], name: str, demo: Path | None, faults: list[str], *, shortest: int = 32) -> str:
    path = _path(environ, f"{name}_FILE", demo)
    try:
        secret = environ.get(name) or (path.read_text("utf-8").strip() if path else "")
    except OSError as error:
        faults.append(f"{name}: {error.strerror}: {path}")
        return ""
    if len(secret) < shortest:
        faults.append(f"{name} is missing" + (f" or shorter than {shortest} characters" if shortest > 1 else ""))
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


def _port(environ: Mapping[str, str], name: str, usual: int, faults: list[str]) -> int:
    given = environ.get(name, str(usual))
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    faults.append(f"{name} must be a number from 1 to 65535")
    return 0


def _number(environ: Mapping[str, str], name: str, usual: int, faults: list[str], *, least: int = 1, most: int) -> int:
    given = environ.get(name) or str(usual)
    if given.isdecimal() and least <= int(given) <= most:
        return int(given)
    faults.append(f"{name} must be a number from {least} to {most}")
    return usual
