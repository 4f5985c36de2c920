"""The only reader of the environment: what this process was started with, checked as a whole."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms_app.files.virus import VirusScanner, WrongScannerAddress
from forms_app.mail_server import MailServer
from forms_app.municipality import BadDeployment, Deployment, load_deployment
from forms_app.sealing.envelope import Recipients, TooFewRecipients, WrongRecipient
from forms_app.settings.demo_files import DemoFiles
from forms_app.settings.environment import Environment, SettingsMissing
from forms_app.settings.floods import against_floods
from forms_app.settings.mail import mail_server
from forms_app.settings.operations import Address, Operations, operations
from forms_app.settings.operations import share_measurements as _share_measurements
from forms_app.settings.staff import LoginProvider, Surface, login_provider, surfaces
from forms_app.storage.limits import Counted
from forms_app.storage.schemas import Schema

__all__ = [
    "Address",
    "DemoFiles",
    "LoginProvider",
    "Operations",
    "Settings",
    "SettingsMissing",
    "Surface",
    "data_folder",
    "databases",
    "deployment_of",
    "from_environ",
    "share_measurements",
]

REPOSITORY = Path(__file__).parents[2]
MOST_DRAFT_DAYS = 365
_MOST_PROCESSES = 64


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where everything is. `opening_keys` is a path only: the citizen surface never reads it and need not have it.

    Without `mail` none is promised to anybody or sent. `site_address` is what links in mails begin with, or empty. A
    draft that is not sent is deleted `draft_days` after it was last saved. `per_hour` is for each address; when
    more than `codes_alarm` codes lead nowhere in an hour, all together, an error is logged. The client's address
    is taken from what the nearest `trusted_proxies` say. Staff are served where there is a `login`. `audit_key` signs
    the heads of the audit trail. `channel_secrets` is the folder with the files that channels in `portal.toml` name.
    """

    deployment: Deployment
    surfaces: frozenset[Surface]
    login: LoginProvider | None
    data: Path
    database_url: str
    staff_database_url: str
    secret_key: str
    signing_key: Path
    audit_key: Path
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
    channel_secrets: Path | None
    operations: Operations
    site: Path
    assets: Path
    paper: Path
    host: str
    port: int
    web_processes: int

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration, which tells so on every page and listens on this machine only."""
        return self.deployment.demo

    @property
    def journal(self) -> Path:
        """The issue journal: every reference that was ever shown, outside the database."""
        return self.data / "journal" / "issued.jsonl"

    @property
    def late_journal(self) -> Path:
        """What the worker notes of what no journal knew of."""
        return self.journal.with_name("issued-late.jsonl")

    @property
    def journals(self) -> tuple[Path, ...]:
        """Every place where issue journals lie: the folder of this host's own, and what is collected of others."""
        return (self.journal.parent, *self.operations.journals)

    @property
    def audit_heads(self) -> Path:
        """The signed heads of the audit trail, outside the database."""
        return self.data / "journal" / "audit-heads.jsonl"

    @property
    def outbox(self) -> Path:
        """Where the folder channel writes."""
        return self.data / "outbox"


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything that must outlive a restart is kept."""
    return Path(environ.get("PORTAL_DATA") or REPOSITORY / "var").resolve()


def share_measurements(environ: MutableMapping[str, str] = os.environ) -> None:
    """Let the web processes of this host measure together; to be called before `forms_app.web` is imported."""
    _share_measurements(environ, data_folder(environ))


def deployment_of(environ: Mapping[str, str] = os.environ) -> Deployment:
    """What portal.toml says. Raises BadDeployment."""
    return load_deployment(Path(environ.get("PORTAL_CONFIG") or REPOSITORY / "portal.toml"))


def databases(environ: Mapping[str, str] = os.environ) -> dict[Schema, str]:
    """Where the databases are that this process may reach: that of the staff where it is named or staff are served.

    No other setting is asked for, so that whoever owns the tables needs no key. Raises BadDeployment.
    """
    environment = Environment(environ, [])
    found = {Schema.PORTAL: _database_url(environment)}
    is_demo = deployment_of(environ).demo
    if environment.text("STAFF_DATABASE_URL") or Surface.STAFF in surfaces(environment, is_demo=is_demo):
        found[Schema.STAFF] = _staff_database_url(environment)
    return found


def _database_url(environment: Environment) -> str:
    return environment.text("DATABASE_URL", f"sqlite:///{data_folder(environment.values) / 'portal.sqlite'}")


def _staff_database_url(environment: Environment) -> str:
    return environment.text("STAFF_DATABASE_URL", f"sqlite:///{data_folder(environment.values) / 'staff.sqlite'}")


def from_environ(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read everything and raise SettingsMissing with all that is wrong at once.

    NAME_FILE may be given instead of NAME for secrets. In demo mode what is not given is taken from files under
    PORTAL_DATA.
    """
    faults: list[str] = []
    environment = Environment(environ, faults)
    data = data_folder(environ)
    deployment = _deployment(environment)
    demo = DemoFiles(data) if deployment and deployment.demo else None
    secret_key = environment.secret("PORTAL_SECRET_KEY", demo.secret_key if demo else None)
    signing_key = environment.path("PORTAL_SIGNING_KEY_FILE", demo.signing_key if demo else None)
    if signing_key is None:
        faults.append("PORTAL_SIGNING_KEY_FILE is not set")
    recipients = _recipients(deployment, demo, faults) if deployment else {}
    listening = _listening(environment, is_demo=demo is not None)
    mail = mail_server(environment)
    promised = _promised(environment, is_demo=demo is not None)
    served = surfaces(environment, is_demo=demo is not None)
    login = login_provider(environment, is_demo=demo is not None) if Surface.STAFF in served else None
    opening_keys = _opening_keys(environment, served, demo)
    watched = operations(environment, data, has_mail=mail is not None)
    if faults:
        raise SettingsMissing("; ".join(faults))
    assert deployment
    assert signing_key
    return Settings(
        deployment=deployment,
        surfaces=served,
        login=login,
        data=data,
        database_url=_database_url(environment),
        staff_database_url=_staff_database_url(environment),
        secret_key=secret_key,
        signing_key=signing_key,
        audit_key=environment.path("PORTAL_AUDIT_KEY_FILE", signing_key) or signing_key,
        recipients=recipients,
        opening_keys=opening_keys,
        mail=mail,
        **promised,
        channel_secrets=environment.path("PORTAL_CHANNEL_SECRETS"),
        operations=watched,
        **_built(environment),
        **listening,
    )


def _deployment(environment: Environment) -> Deployment | None:
    try:
        return deployment_of(environment.values)
    except BadDeployment as error:
        environment.faults.append(str(error))
        return None


def _promised(environment: Environment, *, is_demo: bool) -> dict[str, Any]:
    """The fields of Settings that say what citizens meet: how long, how much and how safely."""
    return {
        "site_address": environment.origin("PORTAL_SITE_ADDRESS"),
        "draft_days": environment.number("PORTAL_DRAFT_DAYS", 30, most=MOST_DRAFT_DAYS),
        "virus_scanner": _virus_scanner(environment),
        **against_floods(environment, is_demo=is_demo),
    }


def _listening(environment: Environment, *, is_demo: bool) -> dict[str, Any]:
    """The fields of Settings that say where the web server listens, and with how many processes."""
    host = environment.text("HOST", "127.0.0.1")
    if is_demo and host not in ("127.0.0.1", "localhost", "::1"):
        environment.faults.append("HOST: a demo listens on this machine only")
    return {
        "host": host,
        "port": environment.port("PORT", 8000),
        "web_processes": environment.number("WEB_CONCURRENCY", 2, most=_MOST_PROCESSES),
    }


def _opening_keys(environment: Environment, served: frozenset[Surface], demo: DemoFiles | None) -> Path | None:
    path = environment.path("PORTAL_OPENING_KEYS_FILE", demo.opening_key if demo else None)
    if Surface.STAFF in served and path is None:
        environment.faults.append("PORTAL_OPENING_KEYS_FILE is not set: staff can open nothing without it")
    return path


def _built(environment: Environment) -> dict[str, Any]:
    """The fields of Settings that say where the build has put what it makes."""
    built = REPOSITORY / "build"
    return {
        "site": environment.path("PORTAL_SITE") or built / "site",
        "assets": environment.path("PORTAL_ASSETS") or built / "assets",
        "paper": environment.path("PORTAL_PAPER") or built / "paper",
    }


def _virus_scanner(environment: Environment) -> VirusScanner | None:
    address = environment.text("PORTAL_VIRUS_SCANNER")
    try:
        return VirusScanner.at(address) if address else None
    except WrongScannerAddress:
        environment.faults.append("PORTAL_VIRUS_SCANNER must be like /run/clamav/clamd.ctl or 127.0.0.1:3310")
        return None


def _recipients(deployment: Deployment, demo: DemoFiles | None, faults: list[str]) -> dict[str, Recipients]:
    own = demo.recipients.read_text("utf-8").split() if demo and demo.recipients.exists() else []
    found = {}
    for municipality in deployment.municipalities:
        try:
            found[municipality.key] = Recipients(tuple(municipality.recipients or own))
        except (TooFewRecipients, WrongRecipient) as error:
            faults.append(f"municipality {municipality.key}: {error.meaning()}")
    return found
