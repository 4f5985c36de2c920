"""What is unsafe about the files and the machine: who else can read, what lies on one disk, what time it is."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from forms_app.books.certificates import NoCertificate, valid_until
from forms_app.books.journals import Journals, JournalUnreadable
from forms_app.books.watching import CERTIFICATE_DAYS
from forms_app.cli.finding import Finding, warning
from forms_app.cli.production.side import Side
from forms_app.settings import Settings

_OTHERS, _OTHERS_MAY_WRITE = 0o007, 0o022
_LAST_DAYS = 7
_LEAST_FREE = 2_000_000_000
_TIMEX_BYTES, _TIME_ERROR = 512, 5
_NETWORK_DISKS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "ceph", "9p")


def machine(settings: Settings, side: Side, now: datetime) -> Iterator[Finding]:
    """What can be seen without asking another machine."""
    yield from _secrets(settings)
    yield _data(settings)
    yield _room(settings)
    yield from _journals(settings, side)
    yield from _certificate(settings, side, now)
    yield _clock()


def _secrets(settings: Settings) -> Iterator[Finding]:
    found = [settings.signing_key, settings.audit_key, *settings.operations.secret_files]
    if settings.opening_keys:
        found.append(settings.opening_keys)
    folder = settings.channel_secrets
    if folder and folder.is_dir():
        found += [folder, *(path for path in folder.iterdir() if path.is_file())]
    for path in sorted({path.resolve() for path in found if path.exists()}):
        mode = path.stat().st_mode
        if mode & _OTHERS:
            yield Finding(f"secret {path}", "every user of this machine can read it", f"chmod o= {path}")
        elif mode & _OTHERS_MAY_WRITE:
            yield Finding(f"secret {path}", "its group can exchange it", f"chmod g-w {path}")
        else:
            yield Finding(f"secret {path}")


def _data(settings: Settings) -> Finding:
    if settings.data.is_dir() and settings.data.stat().st_mode & _OTHERS:
        fault = "every user of this machine can look into it: the database, the journals, the outbox"
        return Finding(f"folder {settings.data}", fault, f"chmod o= {settings.data}")
    return Finding(f"folder {settings.data}")


def _room(settings: Settings) -> Finding:
    """What cannot be written is answered with a page that says to try again: nobody can send anything then."""
    free = shutil.disk_usage(settings.data).free if settings.data.is_dir() else _LEAST_FREE
    if free < _LEAST_FREE:
        return warning("room on the disk", f"{free // 1_000_000} MB are left in {settings.data}", "make room")
    return Finding("room on the disk")


def _journals(settings: Settings, side: Side) -> Iterator[Finding]:
    if side is Side.WORKER:
        try:
            Journals(settings.operations.journals).count()
        except JournalUnreadable as error:
            yield Finding("issue journals", f"{error.meaning()} {error}", "correct PORTAL_JOURNALS")
    url, folder = sa.make_url(settings.database_url), settings.journal.parent
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is None or not (file.exists() and folder.is_dir()):
        return
    if folder.stat().st_dev == file.stat().st_dev:
        fault = "lies on the disk of the database: whatever takes one takes the other, and nobody can tell what is lost"
        mend = "mount another disk there, or ship it to another machine as it is written: see the README"
        yield warning(f"issue journal in {folder}", fault, mend)
    if _file_system(file) in _NETWORK_DISKS:
        fault = "lies on a network disk, where SQLite loses what it has promised"
        yield Finding(f"database {file}", fault, "use a disk of this machine, or PostgreSQL")


def _file_system(path: Path) -> str:
    """The kind of the file system that the path is on; "" where the system does not say."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return ""
    holding = [(place, kind) for place, kind in mounts if path.resolve().is_relative_to(place)]
    return max(holding, key=lambda one: len(one[0]), default=("", ""))[1]


def _certificate(settings: Settings, side: Side, now: datetime) -> Iterator[Finding]:
    path = settings.operations.certificate
    if path is None:
        if side is Side.WORKER:
            fault = "nobody watches when it ends"
            yield warning("certificate of the site", fault, "set PORTAL_TLS_CERTIFICATE to the file, if it is here")
        return
    try:
        left = valid_until(path) - now
    except NoCertificate as error:
        yield Finding("certificate of the site", f"{error.meaning()} {error}", "correct PORTAL_TLS_CERTIFICATE")
        return
    fault = f"ends in {max(0, left.days)} days"
    if left < timedelta(days=CERTIFICATE_DAYS):
        is_warning = left >= timedelta(days=_LAST_DAYS)
        yield Finding("certificate of the site", fault, "renew it, and reload the web server", is_warning)
    else:
        yield Finding("certificate of the site")


def _clock() -> Finding:
    """The kernel knows whether anything keeps its clock right."""
    adjtimex = getattr(ctypes.CDLL(None, use_errno=True), "adjtimex", None)
    answer = adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) if adjtimex else os.EX_OK
    if answer == _TIME_ERROR:
        fault = "nothing keeps this machine's clock right, and deadlines are counted from it"
        return warning("clock", fault, "run systemd-timesyncd or chrony")
    return Finding("clock")
