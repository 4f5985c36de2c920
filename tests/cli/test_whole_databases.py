"""`portal copy-database`, `portal backup` and `portal restore`, as those who run the portal call them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from command import Command
from form_journeys import Journey, reference_of
from moving_away import close

from forms_app.cli.progress import Progress
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage.closing import is_closed
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.tables import submissions


@pytest.fixture
def sent(client: CheckedClient, settings: Settings) -> str:
    """A form that was sent; who works here is known too."""
    staff = make_engine(settings.staff_database_url)
    migrate(staff, Schema.STAFF)
    staff.dispose()
    return reference_of(Journey(client, Language.NB, "application").send())


@pytest.fixture
def here(settings: Settings, sent: str) -> str:
    return settings.database_url


@pytest.fixture
def there(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'there.sqlite'}"


def references_in(url: str) -> list[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(sa.select(submissions.c.reference)).scalars())
    engine.dispose()
    return found


def test_a_copy_prints_each_table_and_what_to_change(portal: Command, here: str, there: str, sent: str) -> None:
    ended = portal("copy-database", here, there)
    assert "Copied to sqlite:///" in ended.stdout
    assert "Let DATABASE_URL name TO" in ended.stdout
    assert any(line.split()[:3] == ["submissions", "1", "rows"] for line in ended.stdout.splitlines())
    told = [line.split()[:4] for line in ended.stderr.splitlines()]
    assert ["copy", "submissions", "1", "rows"] in told
    assert ["verify", "submissions", "1", "rows"] in told
    assert "\r" not in ended.stderr
    assert references_in(there) == [sent]


def test_what_was_moved_says_where_to_and_no_password(
    portal: Command, here: str, there: str, database: sa.Engine
) -> None:
    portal("copy-database", here, there)
    for words in (["check"], ["serve"]):
        ended = portal(*words, exit_code=1)
        assert f"to {there}" in ended.stdout + ended.stderr
    assert "was copied to another place" in portal("check", exit_code=1).stdout
    assert "ok     database takes what is sent" in portal("check", DATABASE_URL=there).stdout
    assert "very copy" in portal("copy-database", here, there, exit_code=1).stderr
    assert "in use" in portal("copy-database", "--reopen", here, exit_code=1).stderr
    assert "open again" in portal("copy-database", "--reopen", "--although-moved", here).stdout
    assert not is_closed(database)
    assert "is open" in portal("copy-database", "--reopen", here, exit_code=1).stderr


@pytest.mark.parametrize(
    ("is_source", "told"), [(True, "is being copied and takes nothing"), (False, "was not filled to the end")]
)
def test_what_is_not_usable_yet_says_so(portal: Command, database: sa.Engine, is_source: bool, told: str) -> None:
    close(database, is_source=is_source)
    assert told in portal("check", exit_code=1).stdout
    assert told in portal("serve", exit_code=1).stderr


def test_the_staffs_database_is_copied_by_its_own_name(
    portal: Command, sent: str, settings: Settings, there: str
) -> None:
    ended = portal("copy-database", "--staff", settings.staff_database_url, there)
    assert "STAFF_DATABASE_URL" in ended.stdout
    assert any(line.startswith("members") for line in ended.stdout.splitlines())


@pytest.mark.parametrize("words", [["sqlite:///a"], ["nothing"], ["nothing", "sqlite:///b"]])
def test_what_is_no_url_or_missing_is_asked_for(portal: Command, words: list[str], tmp_path: Path) -> None:
    assert "Usage" in portal("copy-database", *words, exit_code=2).stderr


SLOWLY = """
import sys, time
from forms_app.cli import main, progress

class Slowly(progress.Progress):
    def __call__(self, table, done, total):
        super().__call__(table, done, total)
        if table == "submissions" and done:
            print("half way", flush=True)
            time.sleep(60)

from forms_app.cli import backups, moving
moving.Progress = backups.Progress = Slowly
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_copy_that_is_interrupted_opens_the_source_again(
    environ: dict[str, str], here: str, there: str, database: sa.Engine, number: signal.Signals
) -> None:
    told = interrupt(environ, number, "copy-database", here, there)
    assert "Interrupted. FROM is open again" in told
    assert not is_closed(database)
    copied = make_engine(there)
    assert is_closed(copied)
    copied.dispose()


def test_a_backup_that_is_interrupted_leaves_nothing(environ: dict[str, str], sent: str, tmp_path: Path) -> None:
    told = interrupt(environ, signal.SIGTERM, "backup", str(tmp_path / "backup"))
    assert "Interrupted. Nothing is left of the backup." in told
    assert not list(tmp_path.glob("*backup*"))


def interrupt(environ: dict[str, str], number: signal.Signals, *words: str) -> str:
    """What a command says that is told to stop in the middle."""
    running = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *words],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    assert running.stdout.readline() == "half way\n"
    running.send_signal(number)
    began = time.monotonic()
    told = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert time.monotonic() - began < 30
    assert "Traceback" not in told
    return told


def test_a_backup_is_made_checked_and_restored(
    portal: Command, sent: str, there: str, tmp_path: Path, settings: Settings
) -> None:
    folder, staff_there = tmp_path / "backup", f"sqlite:///{tmp_path / 'staff-there.sqlite'}"
    made = portal("backup", str(folder))
    assert "No private key is in it" in made.stdout
    assert {path.name for path in folder.iterdir()} == {"portal.sqlite", "staff.sqlite", "journal", "manifest.json"}
    assert "WHOLE." in portal("backup", "--check", str(folder)).stdout
    new = tmp_path / "new"
    ended = portal("restore", str(folder), "--into", there, "--staff-into", staff_there, PORTAL_DATA=str(new))
    assert "Every receipt that a journal knows of is stored." in ended.stdout
    assert (new / "journal" / "issued.jsonl").read_bytes() == settings.journal.read_bytes()
    assert references_in(there) == [sent]
    assert sent in portal("open", sent, DATABASE_URL=there).stdout


def test_what_was_sent_after_the_backup_is_told_loudly(
    portal: Command, client: CheckedClient, sent: str, there: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    portal("work", "--once")
    portal("backup", str(folder))
    later = reference_of(Journey(client, Language.DA, "complaint").send())
    portal("open", later)
    portal("work", "--once")
    ended = portal("restore", str(folder), "--into", there, exit_code=1)
    assert "1 RECEIPTS WITHOUT A SUBMISSION" in ended.stdout
    assert f"GAP  {later}" in ended.stdout
    assert sent not in ended.stdout
    assert "The audit trail:" in ended.stdout
    assert references_in(there) == [sent]


def test_a_damaged_backup_is_not_restored(portal: Command, sent: str, there: str, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    portal("backup", str(folder), "--without-staff")
    assert "without this database: staff" in portal("restore", str(folder), "--staff-into", there, exit_code=1).stderr
    with (folder / "portal.sqlite").open("ab") as file:
        file.write(b"x")
    assert "FAULT  portal.sqlite was changed" in portal("backup", "--check", str(folder), exit_code=1).stdout
    assert "is damaged" in portal("restore", str(folder), "--into", there, exit_code=1).stderr
    assert not Path(there.removeprefix("sqlite:///")).exists()


def test_a_backup_of_what_had_lost_something_says_so(
    portal: Command, sent: str, database: sa.Engine, settings: Settings, tmp_path: Path
) -> None:
    line = json.loads(settings.journal.read_text().splitlines()[0])
    with settings.journal.open("a") as file:
        file.write(json.dumps(line | {"reference": "K7M2-9QXK"}) + "\n")
    portal("backup", str(tmp_path / "backup"))
    assert "GAP  K7M2-9QXK" in portal("backup", "--check", str(tmp_path / "backup"), exit_code=1).stdout


def test_journals_of_other_hosts_are_saved_under_names_of_their_own(
    portal: Command, sent: str, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "issued.jsonl").write_bytes(settings.journal.read_bytes())
    (tmp_path / "third.txt").write_bytes(settings.journal.read_bytes())
    places = f"{other}:{tmp_path / 'third.txt'}"
    portal("backup", str(tmp_path / "backup"), PORTAL_JOURNALS=places)
    saved = {path.name for path in (tmp_path / "backup" / "journal").iterdir()}
    assert saved == {"issued.jsonl", "issued-elsewhere-1.jsonl", "issued-elsewhere-2.jsonl"}


def test_what_cannot_be_done_is_told_in_a_sentence(portal: Command, sent: str, there: str, tmp_path: Path) -> None:
    assert "Say where to" in portal("restore", str(tmp_path), exit_code=2).stderr
    assert "no backup of the portal" in portal("restore", str(tmp_path), "--into", there, exit_code=1).stderr
    assert "No such file" in portal("backup", str(tmp_path / "no" / "where"), exit_code=1).stderr
    (tmp_path / "taken").mkdir()
    assert "there already" in portal("backup", str(tmp_path / "taken"), exit_code=1).stderr


def test_a_terminal_shows_one_line_that_moves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    progress = Progress("copy")
    monkeypatch.setattr("forms_app.cli.progress._TOLD_EVERY", -1)
    progress("cases", 0, 4_000)
    progress("cases", 1_000, 4_000)
    progress("cases", 4_000, 4_000)
    told = capsys.readouterr().err
    assert " 25 % of 4,000 rows" in told
    assert "rows/s" in told
    assert told.endswith("s\n")
    assert told.count("\n") == 1
