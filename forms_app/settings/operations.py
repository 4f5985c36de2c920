"""What those who run the portal are told by, and where."""

import logging
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from forms_app.settings.environment import Environment

SHARED_MEASUREMENTS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client looks for the folder that the processes of a host share. It knows no other way."""
_ADDRESS = "PORTAL_METRICS_ADDRESS"
_MEMORY = Path("/dev/shm")  # noqa: S108, for nobody else can write where we do, see share_measurements
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where something listens."""

    host: str
    port: int


@dataclass(frozen=True, kw_only=True)
class Operations:
    """`journals` are issue journals of other hosts, besides this one's own. Alarms are mailed to `alarm_mail`, if it is
    not empty. Metrics are served at `metrics` or not at all; `measurements` is the folder of what the web processes
    of this host have measured. `certificate` is that of the site. Nobody but this process should read `secret_files`.
    """

    journals: tuple[Path, ...] = ()
    alarm_mail: str = ""
    metrics: Address | None = None
    measurements: Path
    certificate: Path | None = None
    log_level: int = logging.INFO
    secret_files: tuple[Path, ...] = ()


def operations(environment: Environment, data: Path, *, has_mail: bool) -> Operations:
    """All of it; nothing is required. To be called when the secrets have been read."""
    return Operations(
        journals=tuple(Path(one) for one in environment.text("PORTAL_JOURNALS").split(":") if one),
        alarm_mail=_alarm_mail(environment, has_mail=has_mail),
        metrics=_metrics(environment),
        measurements=measurements(environment.values, data),
        certificate=environment.path("PORTAL_TLS_CERTIFICATE"),
        log_level=_log_level(environment),
        secret_files=tuple(environment.secret_files),
    )


def measurements(values: Mapping[str, str], data: Path) -> Path:
    """The folder that the web processes of this host share.

    In memory, where that can be had: the system kills whoever has a file mapped when its disk is full or breaks.
    """
    given = values.get(SHARED_MEASUREMENTS)
    if given or not _MEMORY.is_dir():
        return Path(given or data / "measurements")
    return _MEMORY / f"portal-{os.geteuid()}-{sha256(bytes(data.resolve())).hexdigest()[:16]}"


def share_measurements(values: MutableMapping[str, str], data: Path) -> None:
    """Let the processes of this host measure together, if somebody asks what they have measured.

    It must be said before the first of them imports prometheus-client, which looks in the environment then, and never
    again. Raises PermissionError where another user has taken the place of the folder in memory.
    """
    is_chosen = bool(values.get(SHARED_MEASUREMENTS))
    if not (is_chosen or values.get(_ADDRESS)):
        return
    folder = measurements(values, data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_chosen and folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} is another user's: set {SHARED_MEASUREMENTS}")
    values[SHARED_MEASUREMENTS] = str(folder)


def _alarm_mail(environment: Environment, *, has_mail: bool) -> str:
    given = environment.text("PORTAL_ALARM_MAIL")
    if not given:
        return ""
    if not has_mail:
        environment.faults.append("PORTAL_ALARM_MAIL: there is no mail server to send through, see PORTAL_SMTP_HOST")
    try:
        address = validate_email(given, check_deliverability=False).ascii_email
    except EmailNotValidError:
        address = None
    if address is None:
        environment.faults.append("PORTAL_ALARM_MAIL must be an e-mail address such as operations@example.org")
    return address or ""


def _metrics(environment: Environment) -> Address | None:
    given = environment.text(_ADDRESS)
    if not given:
        return None
    try:
        parts = urlsplit(f"//{given}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host and port and given.rpartition(":")[0].strip("[]").lower() == host:
        return Address(host=host, port=port)
    environment.faults.append("PORTAL_METRICS_ADDRESS must be like 127.0.0.1:9464")
    return None


def _log_level(environment: Environment) -> int:
    given = environment.text("PORTAL_LOG_LEVEL", "info").lower()
    if given not in _LEVELS:
        environment.faults.append(f"PORTAL_LOG_LEVEL must be one of {', '.join(_LEVELS)}")
    return _LEVELS.get(given, logging.INFO)
