"""The README's recipe for a machine, typed command by command on a Debian with systemd, PostgreSQL and nginx.

What comes of it runs, is confined, and is exchanged for a new version without anybody noticing.
"""

import json
from collections.abc import Iterator

import pytest

from tests.acceptance.running_portal import wait_for
from tests.deploy.booted import Booted, why_not
from tests.deploy.front_server import make_certificate
from tests.deploy.readme_commands import commands_below
from tests.deploy.real_portal import real_deployment

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.xdist_group("booted"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]

PORTAL = "/opt/portal/current/.venv/bin/portal"
ON_A_MACHINE = commands_below("On a machine of its own")
A_NEW_VERSION = commands_below("A new version")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    """A machine on which the README was followed to its end."""
    booted = Booted()
    try:
        booted.wait()
        _prepare(booted, make_certificate(tmp_path_factory.mktemp("tls")).parent)
        _follow_the_readme(booted)
        yield booted
    finally:
        booted.end()


def _prepare(machine: Booted, tls) -> None:  # type: ignore[no-untyped-def]
    """What the README leaves to others: Debian's packages, the certificate, a mail server."""
    machine.run("sh", "-ec", "pg_lsclusters --no-header | grep -q . || pg_createcluster 15 main")
    machine.run("sh", "-ec", "systemctl start postgresql@$(pg_lsclusters --no-header | awk '{print $1\"-\"$2; exit}')")
    machine.run("install", "-D", "-m", "755", "/dev/stdin", "/usr/local/bin/make", stdin="#!/bin/sh\n")
    for name in ("portal.pem", "portal.key"):
        machine.run("install", "-D", "/dev/stdin", f"/etc/portal/tls/{name}", stdin=(tls / name).read_text("ascii"))
    command = "/opt/portal/0.1.0/.venv/bin/python3 -m aiosmtpd -n -l 127.0.0.1:25 -c aiosmtpd.handlers.Sink"
    machine.run("systemd-run", "--quiet", "--unit=mail", *command.split())


def _follow_the_readme(machine: Booted) -> None:
    machine.write("/opt/portal/0.1.0/portal.toml", real_deployment([]))
    for block in ON_A_MACHINE:
        if block.startswith("apt-get "):
            continue
        if "enable --now" in block:
            # So that the worker finds at once what it is to open; otherwise it looks again after a minute.
            machine.run("systemctl", "start", "portal-citizen-web.socket")
            machine.run("sh", "-e", stdin=ON_A_MACHINE[-2])
        printed = machine.run("sh", "-e", stdin=block)
        if "keys new" in block:
            _fill_in(machine, [word for word in printed.split() if word.startswith("age1")])
        if "enable --now" in block:
            wait_for(lambda: "ready" in machine.run("sh", "-e", stdin=ON_A_MACHINE[-2]), "it is ready", seconds=120)


def _fill_in(machine: Booted, public: list[str]) -> None:
    recovery = machine.run("sh", "-ec", f"cd $(mktemp -d) && {PORTAL} keys new recovery.txt").split()
    recipients = [*public, *(word for word in recovery if word.startswith("age1"))]
    machine.write("/opt/portal/0.1.0/portal.toml", real_deployment(recipients))
    mail = "PORTAL_SMTP_HOST=127.0.0.1\nPORTAL_SMTP_TLS=none\nPORTAL_MAIL_FROM=portal@example.org\n"
    machine.run("sh", "-ec", "cat >> /etc/portal/portal.env", stdin=mail)
    machine.run("sh", "-ec", "cat >> /etc/portal/worker.env", stdin="PORTAL_ALARM_MAIL=drift@example.org\n")


def main_pid(machine: Booted, unit: str) -> str:
    return machine.run("systemctl", "show", "--property=MainPID", "--value", unit).strip()


def test_everything_runs_and_nothing_has_failed(machine: Booted) -> None:
    assert machine.run("systemctl", "list-units", "--failed", "--no-legend", "portal*", "nginx*") == ""
    for unit in ("citizen-web", "staff-web", "worker-deliver", "watch-metrics"):
        assert machine.run("systemctl", "is-active", f"portal-{unit}.service").strip() == "active"
    assert "portal_submissions" in machine.run("curl", "-sS", "http://127.0.0.1:9464/metrics")


def test_only_those_who_may_open_have_the_opening_key(machine: Booted) -> None:
    def has(unit: str) -> set[str]:
        inside = ["nsenter", "--target", main_pid(machine, unit), "--mount", "ls", f"/run/credentials/{unit}.service"]
        return set(machine.run(*inside).split())

    assert has("portal-citizen-web") == {"session", "receipts.pem"}
    assert has("portal-watch-metrics") == {"session", "receipts.pem"}
    assert has("portal-staff-web") == {"session", "receipts.pem", "trail.pem", "opening.txt", "oidc"}
    assert has("portal-worker-deliver") == {"session", "receipts.pem", "trail.pem", "opening.txt"}
    for place in ("/etc/portal/secrets", "/run/credentials/portal-worker-deliver.service"):
        assert "Permission denied" in machine.fails(
            "runuser", "-u", "portal-citizen", "--", "cat", f"{place}/opening.txt"
        )


def test_the_pages_for_citizens_have_no_network_and_cannot_write_elsewhere(machine: Booted) -> None:
    machine.write("/usr/local/bin/try", TRY)
    tried = machine.run(
        *("systemd-run", "--quiet", "--pipe", "--wait", "--collect", "--unit=portal-citizen-try"),
        *("/opt/portal/current/.venv/bin/python3", "/usr/local/bin/try"),
    )
    assert json.loads(tried) == {
        "a network": "OSError",
        "a file in its folder": "",
        "a file of another": "PermissionError",
        "a file of the system": "OSError",
        "what others are doing": "",
        "memory that is written and run": "PermissionError",
        "a namespace": "PermissionError",
        "the tables of the staff": "OperationalError",
        "the owner's tables": "ProgrammingError",
    }


TRY = """
import ctypes, json, mmap, os, socket
from pathlib import Path
import sqlalchemy as sa

def said(deed):
    try:
        deed()
    except Exception as error:
        return type(error).__name__
    return ""

def unshare():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "unshare")

def others():
    seen = [one for one in Path("/proc").glob("[0-9]*") if one.stat().st_uid != os.geteuid()]
    assert not seen, seen

def ask(statement, database="portal"):
    engine = sa.create_engine(f"postgresql+psycopg:///{database}?host=/var/run/postgresql")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)

print(json.dumps({
    "a network": said(lambda: socket.socket(socket.AF_INET)),
    "a file in its folder": said(lambda: Path("/var/lib/portal/citizen/journal/try").write_text("")),
    "a file of another": said(lambda: Path("/var/lib/portal/staff/try").write_text("")),
    "a file of the system": said(lambda: Path("/usr/try").write_text("")),
    "what others are doing": said(others),
    "memory that is written and run": said(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)),
    "a namespace": said(unshare),
    "the tables of the staff": said(lambda: ask("SELECT 1", "portal_staff")),
    "the owner's tables": said(lambda: ask("UPDATE submissions SET answers = NULL")),
}))
"""


def test_a_new_version_takes_over_while_people_send(machine: Booted) -> None:
    """Through nginx and TLS, in three languages; what they send reaches the outbox and the books close."""
    script = "cd /opt/portal/current && exec .venv/bin/python3 -m tests.deploy.someone_inside /run/enough"
    sending = machine.start("sh", "-ec", script)
    machine.run("ln", "-sfn", "0.1.0", "/opt/portal/0.2.0")
    machine.run("sh", "-e", stdin=A_NEW_VERSION[1])
    assert machine.run("readlink", "/opt/portal/current").strip() == "0.2.0"
    wait_for(lambda: '"ready"' in machine.run("sh", "-e", stdin=ON_A_MACHINE[-2]), "the new one answers", seconds=60)
    machine.run("touch", "/run/enough")
    said, complained = sending.communicate(timeout=300)
    assert sending.returncode == 0, complained
    told = json.loads(said)
    assert told["failed"] == []
    assert len(told["references"]) >= 3
    assert None not in told["references"]
    wait_for(lambda: set(told["references"]) <= outbox(machine), "all is handed over", seconds=120)
    listed = json.loads(machine.run("portal-as", "staff", "inbox", "--json"))
    assert {one["reference"] for one in listed} == set(told["references"])
    machine.run("portal-as", "worker", "books")


def outbox(machine: Booted) -> set[str]:
    return set(machine.run("sh", "-c", "ls -A /var/lib/portal/outbox/*/ | grep -v '^[.]'").split())


def test_uploads_wait_in_memory(machine: Booted) -> None:
    master = machine.run("cat", "/run/nginx.pid").strip()
    kind = machine.run("nsenter", "--target", master, "--mount", "findmnt", "-n", "-o", "FSTYPE", "/run/portal-uploads")
    assert kind.strip() == "tmpfs"


def test_a_backup_is_made_and_is_whole(machine: Booted) -> None:
    machine.run("systemctl", "start", "portal-owner-backup")
    folder = machine.run("sh", "-c", "ls -d /var/backups/portal/*").strip()
    machine.run("runuser", "-u", "portal-owner", "--", PORTAL, "backup", "--check", folder)


def test_whoever_stops_it_stops_all_of_it(machine: Booted) -> None:
    machine.run("systemctl", "stop", "portal.target", "portal-citizen-web.socket", "portal-staff-web.socket")
    machine.run("systemctl", "stop", "mail")
    wait_for(lambda: not running(machine), "all of it ends", seconds=60)
    assert "exit-code" not in machine.run("systemctl", "list-units", "--failed", "--no-legend", "portal*")


def running(machine: Booted) -> str:
    return machine.run("sh", "-c", "pgrep --list-full --full ^/opt/portal/ || true")
