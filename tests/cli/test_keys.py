"""`portal keys`: exchanging the working key, and the restore drill with Debian's age."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from command import Command
from form_journeys import LEAST, reference_of
from rehearsed_journeys import Rehearsed

from forms_app.clock import utc_now
from forms_app.language import Language
from forms_app.sealing.envelope import Recipients, seal
from forms_app.sealing.keys import public_keys
from forms_app.settings import DemoFiles, Settings
from forms_app.storage import audit, canaries
from forms_app.storage.casework_tables import case_notes
from forms_app.storage.engine import reading
from forms_app.storage.tables import cases, submissions


@pytest.fixture
def files(settings: Settings) -> DemoFiles:
    return DemoFiles(settings.data)


@pytest.fixture
def send(client: CheckedClient) -> Callable[[], str]:
    def send_one() -> str:
        return reference_of(Rehearsed(client, Language.NB, "complaint", {**LEAST, "municipality": "arendal"}).send())

    return send_one


def last_action(database: sa.Engine) -> str:
    with reading(database) as connection:
        return audit.entries(connection)[-1].action


def test_rotating_adds_a_key_and_says_what_else_to_do(portal: Command, files: DemoFiles, database: sa.Engine) -> None:
    before = files.opening_key.read_text("ascii")
    (old,) = public_keys(files.opening_key)
    told = portal("keys", "rotate").stdout
    kept, new = public_keys(files.opening_key)
    assert kept == old
    assert files.opening_key.read_text("ascii").startswith(before)
    assert files.opening_key.stat().st_mode & 0o777 == 0o600
    assert [line[:2] for line in told.splitlines() if line[0].isdigit()] == ["1.", "2.", "3.", "5."]
    assert files.recipients.read_text("utf-8").split() == [new, *public_keys(files.recovery_key)]
    assert last_action(database) == f"made a key {new}"


def real_portal(environ: dict[str, str], files: DemoFiles, tmp_path: Path) -> dict[str, str]:
    """The variables of the same portal outside the demonstration."""
    toml = Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace("demo = true", "demo = false")
    keys = [*public_keys(files.opening_key), *public_keys(files.recovery_key)]
    listed = ", ".join(f'"{key}"' for key in keys)
    toml = re.sub(r"(\[\[municipalit\w+\]\]\n)", rf"\1recipients = [{listed}]\n", toml)
    config = tmp_path / "real.toml"
    config.write_text(toml, "utf-8")
    return {
        "PORTAL_CONFIG": str(config),
        "PORTAL_SECRET_KEY_FILE": str(files.secret_key),
        "PORTAL_SIGNING_KEY_FILE": str(files.signing_key),
        "PORTAL_OPENING_KEYS_FILE": str(files.opening_key),
        "PORTAL_TRUSTED_PROXIES": "1",
    }


def test_outside_the_demonstration_it_prints_what_to_write_and_changes_nothing_else(
    portal: Command, environ: dict[str, str], files: DemoFiles, tmp_path: Path
) -> None:
    variables = real_portal(environ, files, tmp_path)
    (old,) = public_keys(files.opening_key)
    (recovery,) = public_keys(files.recovery_key)
    config, listed = Path(variables["PORTAL_CONFIG"]).read_bytes(), files.recipients.read_bytes()
    told = portal("keys", "rotate", **variables).stdout
    new = public_keys(files.opening_key)[1]
    assert f'arendal: recipients = ["{new}", "{recovery}"]' in told
    assert old not in told
    assert "4. Put portal.toml on every machine" in told
    assert (Path(variables["PORTAL_CONFIG"]).read_bytes(), files.recipients.read_bytes()) == (config, listed)


def test_a_ring_that_cannot_be_read_is_left_alone(portal: Command, files: DemoFiles) -> None:
    files.opening_key.write_text("tull", "ascii")
    assert "not an age identity" in portal("keys", "rotate", exit_code=1).stderr
    assert files.opening_key.read_text("ascii") == "tull"


@pytest.mark.parametrize("command", ["rotate", "status"])
def test_where_the_opening_key_is_not_it_is_said(
    portal: Command, environ: dict[str, str], files: DemoFiles, tmp_path: Path, command: str
) -> None:
    variables = real_portal(environ, files, tmp_path) | {"PORTAL_OPENING_KEYS_FILE": ""}
    assert "PORTAL_OPENING_KEYS_FILE" in portal("keys", command, exit_code=1, **variables).stderr


def test_status_tells_who_opens_what_and_which_key_may_go(
    portal: Command, send: Callable[[], str], files: DemoFiles, database: sa.Engine, settings: Settings
) -> None:
    send()
    (old,) = public_keys(files.opening_key)
    portal("keys", "rotate")
    new = public_keys(files.opening_key)[1]
    told = portal("keys", "status").stdout
    assert "1 submissions, not sealed to any more" in told
    assert f"Key {old}: needed for 1 submissions, 0 notes" in told
    assert f"Key {new}: needed for 0 submissions, 0 notes, arendal now, bjornafjorden now" in told
    assert "nobody has shown yet" in told
    with database.begin() as connection:
        case = connection.execute(sa.select(cases.c.id)).scalar_one()
        note = {"case_id": case, "at": utc_now(), "author": "staff:1"}
        lists = Recipients((old, new))
        connection.execute(sa.insert(case_notes), note | {"sealed": seal(b"note", lists)})
        canaries.put(connection, settings.recipients["arendal"].fingerprint, seal(b"x", lists), now=utc_now())
        connection.execute(sa.update(submissions).values(summary=None, answers=None, erased_at=utc_now()))
    told = portal("keys", "status").stdout
    assert f"Key {old}: needed for 0 submissions, 1 notes" in told
    with database.begin() as connection:
        connection.execute(sa.update(case_notes).values(sealed=None))
        (waiting,) = canaries.waiting(connection)
        canaries.confirm(connection, waiting, "0" * 64, now=datetime(2026, 11, 22, tzinfo=UTC))
    told = portal("keys", "status").stdout
    assert f"Key {old}: MAY GO" in told
    assert "MAY GO" not in told.partition(new)[2].partition("Key")[0]


def test_no_key_may_go_while_something_cannot_be_opened(
    portal: Command, send: Callable[[], str], files: DemoFiles, database: sa.Engine, tmp_path: Path
) -> None:
    send()
    portal("keys", "rotate")
    portal("keys", "rotate")
    with database.begin() as connection:
        connection.execute(sa.update(submissions).values(answers=b"damaged"))
        case = connection.execute(sa.select(cases.c.id)).scalar_one()
        connection.execute(
            sa.insert(case_notes), {"case_id": case, "at": utc_now(), "author": "staff:1", "sealed": b"damaged"}
        )
    told = portal("keys", "status").stdout
    assert "CANNOT BE OPENED" in told
    assert "1 notes of case workers cannot be opened" in told
    assert "MAY GO" not in told
    assert told.count("keep it while there is something that no key opens") == 2


def unpacked(portal: Command, tmp_path: Path, *options: str) -> Path:
    """What the person at the other machine has."""
    folder = tmp_path / "usb"
    portal("keys", "drill", "export", str(tmp_path / "drill.zip"), *options)
    with zipfile.ZipFile(tmp_path / "drill.zip") as archive:
        archive.extractall(folder)
    return folder


def opened(folder: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """open.sh, with nothing of ours in reach."""
    assert shutil.which("age"), "tests/install-system-packages installs it"
    command = ["sh", "open.sh", str(key)]
    environment = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_the_drill_passes_with_the_recovery_key(
    portal: Command, send: Callable[[], str], files: DemoFiles, database: sa.Engine, tmp_path: Path
) -> None:
    reference = send()
    send()
    folder = unpacked(portal, tmp_path)
    done = opened(folder, files.recovery_key)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["ok      0001.age", "ok      0002.age"]
    assert "PASSED: 2 of 2 were opened." in portal("keys", "drill", "import", str(folder / "result.txt")).stdout
    assert last_action(database).startswith("drill passed ")
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".age")
    assert reference.encode() not in everything
    assert b"AGE-SECRET-KEY" not in everything
    for word in LEAST.values():
        assert not isinstance(word, str) or len(word) < 6 or word.encode() not in everything


def test_the_drill_fails_with_a_wrong_key(
    portal: Command, send: Callable[[], str], database: sa.Engine, tmp_path: Path
) -> None:
    send()
    folder = unpacked(portal, tmp_path)
    portal("keys", "new", str(tmp_path / "wrong.txt"))
    done = opened(folder, tmp_path / "wrong.txt")
    assert done.returncode == 1
    assert "FAILED  0001.age" in done.stdout
    told = portal("keys", "drill", "import", str(folder / "result.txt"), exit_code=1).stdout
    assert "NOT OPENED  0001.age" in told
    assert "FAILED: 0 of 1 were opened." in told
    assert last_action(database).startswith("drill failed ")


def test_the_drill_fails_where_a_byte_has_changed(
    portal: Command, send: Callable[[], str], files: DemoFiles, tmp_path: Path
) -> None:
    send()
    send()
    folder = unpacked(portal, tmp_path)
    changed = bytearray((folder / "sealed" / "0002.age").read_bytes())
    changed[-1] ^= 1
    (folder / "sealed" / "0002.age").write_bytes(changed)
    assert opened(folder, files.recovery_key).returncode == 1
    assert "1 of 2" in portal("keys", "drill", "import", str(folder / "result.txt"), exit_code=1).stdout


def test_the_working_key_proves_nothing_about_the_recovery_key(
    portal: Command, send: Callable[[], str], files: DemoFiles, tmp_path: Path
) -> None:
    send()
    folder = unpacked(portal, tmp_path)
    assert opened(folder, files.opening_key).returncode == 0
    told = portal("keys", "drill", "import", str(folder / "result.txt"), exit_code=1).stdout
    assert "This was the working key" in told


def test_a_result_cannot_be_made_without_opening(portal: Command, send: Callable[[], str], tmp_path: Path) -> None:
    send()
    folder = unpacked(portal, tmp_path)
    drill, *rows = (folder / "expected.txt").read_text("ascii").splitlines()
    made_up = "\n".join([drill, *(f"{row} {row.split()[1]}" for row in rows)])
    (folder / "result.txt").write_text(made_up, "ascii")
    portal("keys", "drill", "import", str(folder / "result.txt"), exit_code=1)
    (folder / "result.txt").write_text(made_up.replace("0001.age", "0002.age"), "ascii")
    assert "not of a drill" in portal("keys", "drill", "import", str(folder / "result.txt"), exit_code=1).stderr


@pytest.mark.parametrize("text", ["", "tull", "drill 1\n", "drill 1\na b\n", "skill 1\na b c\n", "drill 1\nkey\n"])
def test_what_is_no_result_is_refused(portal: Command, tmp_path: Path, text: str) -> None:
    (tmp_path / "result.txt").write_text(text, "ascii")
    assert "no result" in portal("keys", "drill", "import", str(tmp_path / "result.txt"), exit_code=1).stderr


def test_a_sample_is_of_some_of_one_municipality(portal: Command, send: Callable[[], str], tmp_path: Path) -> None:
    for unused_time in range(4):
        send()
    folder = unpacked(portal, tmp_path, "--rows", "3", "--municipality", "arendal")
    assert len(list((folder / "sealed").iterdir())) == 3
    refused = portal("keys", "drill", "export", str(tmp_path / "x.zip"), "--municipality", "rudersdal", exit_code=1)
    assert "no submission" in refused.stderr
    assert "no municipality" in portal(
        "keys", "drill", "export", str(tmp_path / "x.zip"), "--municipality", "nowhere", exit_code=1
    ).stderr  # fmt: skip
    before = (tmp_path / "drill.zip").read_bytes()
    assert "nothing was changed" in portal("keys", "drill", "export", str(tmp_path / "drill.zip"), exit_code=1).stderr
    assert (tmp_path / "drill.zip").read_bytes() == before


def test_the_script_says_what_is_missing(portal: Command, send: Callable[[], str], tmp_path: Path) -> None:
    send()
    folder = unpacked(portal, tmp_path)
    assert "Cannot read" in opened(folder, tmp_path / "nowhere.txt").stdout
    nothing = subprocess.run(["sh", "open.sh"], cwd=folder, capture_output=True, text=True, check=False)
    assert nothing.returncode != 0
    assert "usage" in nothing.stderr


def test_check_says_when_a_drill_is_due(
    portal: Command, environ: dict[str, str], files: DemoFiles, database: sa.Engine, tmp_path: Path
) -> None:
    variables = real_portal(environ, files, tmp_path)
    assert "restore drill: DUE, none has passed yet" in portal("check", **variables).stdout
    for days, told in ((400, "restore drill: DUE, the last one passed on"), (3, "restore drill: the last one passed")):
        with database.begin() as connection:
            at = utc_now() - timedelta(days=days)
            audit.record(connection, at=at, actor="cli:x", action="drill passed 1", subject="all")
        assert told in portal("check", **variables).stdout
    assert "restore drill" not in portal("check").stdout
