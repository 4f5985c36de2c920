"""The drill: a backup made while everybody goes on, restored into a new place of either kind with nothing missing."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from movable_clock import MovableClock
from moving_away import close
from whole_portal import EmptyPlace, Filled, amounts, of_both_kinds, silent, url_of, watching

from forms_app.books.closing import Gap
from forms_app.books.closing import close as close_books
from forms_app.books.journal import IssueJournal
from forms_app.books.journals import Journals
from forms_app.settings import Settings
from forms_app.storage import archive, audit, submissions
from forms_app.storage.archive import ArchiveDamaged
from forms_app.storage.engine import DatabaseClosed, make_engine, migrating, reading
from forms_app.storage.migrate import Schema, SchemaTooLate, alembic_config, is_current, revision_of
from forms_app.storage.staff import members
from forms_app.storage.tables import attachments, cases
from forms_app.storage.tables import submissions as submissions_table
from forms_app.upkeep import checking, manifest
from forms_app.upkeep.backup import FolderTaken, Sources, back_up
from forms_app.upkeep.filling import AlreadyFilled, NotEmpty
from forms_app.upkeep.manifest import Manifest, NotABackup
from forms_app.upkeep.moving import HasMoved, NotFilled, NotMigrated
from forms_app.upkeep.restoring import put_journals, restore

Save = Callable[..., Manifest]
OUTSIDE = frozenset({"beats", "sessions"})
"""What no backup holds."""


@pytest.fixture
def journal(owner_settings: Settings) -> Path:
    owner_settings.journal.parent.mkdir(parents=True, exist_ok=True)
    return owner_settings.journal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "monday"


@pytest.fixture
def save(database: sa.Engine, staff_database: sa.Engine, journal: Path, folder: Path, clock: MovableClock) -> Save:
    """Backs both databases up, with the journal as far as it is there."""

    def save(progress: Callable[..., object] = silent, to: Path = folder) -> Manifest:
        databases = {Schema.STAFF: staff_database, Schema.PORTAL: database}
        lines = {path.name: path for path in journal.parent.iterdir()}
        sources = Sources(databases=databases, lines=lines)
        return back_up(to, sources, version="1.2", clock=clock, progress=progress)  # type: ignore[arg-type]

    return save


def issue(journal: Path, database: sa.Engine, references: Sequence[str]) -> None:
    """As the portal does before it shows receipts."""
    with reading(database) as connection:
        for reference in references:
            row = submissions.by_reference(connection, reference)
            assert row
            IssueJournal(journal).issue(row.accepted_at, reference, row.municipality, row.sealed_hash)


def everything_in(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in found}


@of_both_kinds
def test_what_was_sent_before_a_backup_began_is_in_it_whole_whoever_goes_on_writing(
    filled: Filled,
    database: sa.Engine,
    staff_database: sa.Engine,
    save: Save,
    journal: Path,
    folder: Path,
    empty_place: EmptyPlace,
    clock: MovableClock,
) -> None:
    before = list(filled.codes)
    issue(journal, database, before)
    is_over, errors = threading.Event(), []

    def keep_sending() -> None:
        sent = Filled(settings=filled.settings, engine=database, clock=MovableClock(clock()), identities=())
        while not is_over.is_set():
            try:
                issue(journal, database, [sent.send()])
            except Exception as error:  # pragma: no cover
                errors.append(error)
                return

    senders = [threading.Thread(target=keep_sending) for unused_number in range(2)]
    for sender in senders:
        sender.start()
    try:
        made = save()
    finally:
        is_over.set()
        for sender in senders:
            sender.join(60)
    assert errors == []
    assert everything_in(folder).keys() == {*(one.path for one in made.files), "manifest.json"}
    assert manifest.read(folder) == made
    assert list(checking.faults(folder, made, silent)) == []
    assert list(checking.gaps(folder, made)) == []

    saved = everything_in(folder)
    new, new_staff = empty_place(), empty_place()
    for schema, target in ((Schema.PORTAL, new), (Schema.STAFF, new_staff)):
        tallies = restore(folder, made, schema, target, clock, silent)
        assert list(tallies) == list(made.databases[schema].tables)
        assert [one for one in amounts(target, schema) if one.table not in OUTSIDE] == list(tallies)
    assert everything_in(folder) == saved
    assert amounts(new_staff, Schema.STAFF) == amounts(staff_database, Schema.STAFF)
    filled.assert_is_in(new)
    assert_no_half_submission(new)
    # Whoever sent while it was made has a receipt, and the living journal tells which of them are not here.
    books = close_books(new, Journals([journal.parent]), now=made.begun_at)
    missing = {one.reference for one in books.findings if one.gap is Gap.MISSING}
    assert {one.gap for one in books.findings} <= {Gap.MISSING}
    assert missing.isdisjoint(before)
    with reading(database) as there, reading(new) as here:
        every = set(there.execute(sa.select(submissions_table.c.reference)).scalars())
        assert missing == every - set(here.execute(sa.select(submissions_table.c.reference)).scalars())
    filled.send(engine=new)
    filled.assert_is_in(new)


def assert_no_half_submission(engine: sa.Engine) -> None:
    """Each has its case, its delivery and its file, as every sender here sends one."""
    with reading(engine) as connection:
        ids = set(connection.execute(sa.select(submissions_table.c.id)).scalars())
        for table in (cases, attachments):
            assert set(connection.execute(sa.select(table.c.submission_id)).scalars()) == ids


def test_the_journals_are_saved_first_and_the_staffs_database_last(
    filled: Filled, database: sa.Engine, staff_database: sa.Engine, save: Save, journal: Path, folder: Path
) -> None:
    issue(journal, database, list(filled.codes))
    order: list[str] = []

    def look(phase: str, table: str, done: int, unused_total: int) -> None:
        if phase == "copy" and not done:
            order.append(table)
        if (phase, table) == ("copy", "alarms"):
            journal.write_bytes(journal.read_bytes() + b'{"this line": "is too late"}\n')

    save(watching(look))
    assert order.index("audit") < order.index("cases") < order.index("members")
    assert b"too late" not in (folder / "journal" / journal.name).read_bytes()


def test_the_last_line_of_a_journal_may_just_be_being_written(
    filled: Filled, database: sa.Engine, save: Save, journal: Path, folder: Path
) -> None:
    issue(journal, database, list(filled.codes))
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"reference": "K7M2')
    save()
    assert (folder / "journal" / journal.name).read_bytes() == whole


def test_nobody_else_can_read_it_and_no_key_and_no_session_is_in_it(
    filled: Filled, save: Save, folder: Path, staff_database: sa.Engine, owner_settings: Settings
) -> None:
    with staff_database.begin() as connection:
        (someone, *unused_others) = members.present(connection)
        connection.exec_driver_sql(
            "INSERT INTO sessions SELECT CAST('x' AS %s), id, 'arendal', added_at, added_at, 'A TOKEN' FROM members"
            % ("BLOB" if staff_database.dialect.name == "sqlite" else "BYTEA")
            + f" WHERE subject = '{someone.subject}'"
        )
    save()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert owner_settings.opening_keys
    keys = [owner_settings.opening_keys, owner_settings.signing_key]
    secrets = [line for key in keys for line in key.read_bytes().splitlines() if len(line) > 40]
    assert secrets
    for secret in (*secrets, b"AGE-SECRET-KEY", b"PRIVATE KEY", b"A TOKEN", owner_settings.secret_key.encode()):
        assert secret not in content


@pytest.mark.parametrize(("phase", "table"), [("copy", "alarms"), ("copy", "submissions"), ("verify", "members")])
def test_an_interrupted_backup_leaves_nothing_and_the_next_one_is_whole(
    filled: Filled, save: Save, folder: Path, phase: str, table: str
) -> None:
    def interrupt(now: str, at: str, unused_done: int, unused_total: int) -> None:
        if (now, at) == (phase, table):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(watching(interrupt))
    assert list(folder.parent.iterdir()) == []
    assert list(checking.faults(folder, save(), silent)) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from forms_app.clock import utc_now
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema
from forms_app.upkeep.backup import Sources, back_up

def progress(phase):
    def watch(table, done, total):
        if (phase, table) == ("verify", "cases"):
            os.kill(os.getpid(), signal.SIGKILL)
    return watch

sources = Sources(databases={Schema.PORTAL: make_engine(sys.argv[1])}, lines={})
back_up(Path(sys.argv[2]), sources, version="1", clock=utc_now, progress=progress)
"""


def test_a_killed_backup_looks_like_none_and_the_next_one_clears_it_away(
    filled: Filled, database: sa.Engine, save: Save, folder: Path
) -> None:
    words = [sys.executable, "-c", KILLED, url_of(database), str(folder)]
    assert subprocess.run(words, timeout=60).returncode < 0
    (left,) = folder.parent.iterdir()
    assert left.name.startswith(".")
    with pytest.raises(NotABackup):
        manifest.read(left)
    save()
    assert list(folder.parent.iterdir()) == [folder]
    assert list(checking.faults(folder, manifest.read(folder), silent)) == []


def test_a_backup_takes_nobodys_place(filled: Filled, save: Save, folder: Path) -> None:
    def another(phase: str, table: str, unused_done: int, unused_total: int) -> None:
        if (phase, table) == ("copy", "alarms"):
            with pytest.raises(FolderTaken):
                save()

    save(watching(another))
    before = everything_in(folder)
    with pytest.raises(FolderTaken):
        save()
    assert everything_in(folder) == before


def test_a_database_that_nobody_uses_any_more_is_not_backed_up(
    database: sa.Engine, staff_database: sa.Engine, save: Save, folder: Path, clock: MovableClock
) -> None:
    move = close(database)
    save()
    shutil.rmtree(folder)
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE moves SET finished_at = begun_at WHERE place = '{move.place}'")
    with pytest.raises(HasMoved):
        save()
    close(staff_database, Schema.STAFF, is_source=False)
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM moves")
    with pytest.raises(NotFilled):
        save()
    assert not folder.exists()


def test_nor_is_one_of_another_version(database: sa.Engine, folder: Path, clock: MovableClock) -> None:
    with migrating(database) as connection:
        command.downgrade(alembic_config(connection), "-1")
    sources = Sources(databases={Schema.PORTAL: database}, lines={})
    with pytest.raises(NotMigrated):
        back_up(folder, sources, version="1", clock=clock, progress=silent)


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: change_a_byte(folder / "portal.sqlite"), "portal.sqlite was changed"),
        (lambda folder: change_a_byte(folder / "journal" / "issued.jsonl"), "journal/issued.jsonl was changed"),
        (lambda folder: (folder / "staff.sqlite").unlink(), "staff.sqlite is missing"),
        (lambda folder: (folder / "more").write_bytes(b""), "more does not belong there"),
        (lambda folder: (folder / "portal.sqlite").write_bytes(b"x" * 5000), "portal.sqlite: file is not a database"),
    ],
)
def test_whatever_was_done_to_a_backup_shows(
    filled: Filled,
    database: sa.Engine,
    save: Save,
    journal: Path,
    folder: Path,
    harm: Callable[[Path], object],
    told: str,
) -> None:
    issue(journal, database, list(filled.codes))
    made = save()
    harm(folder)
    assert told in "\n".join(checking.faults(folder, made, silent))


@pytest.mark.only_on("sqlite")
def test_rows_that_were_changed_with_their_hash_in_the_manifest_show(filled: Filled, save: Save, folder: Path) -> None:
    save()
    changed = sa.create_engine(f"sqlite:///{folder / 'portal.sqlite'}")
    with changed.begin() as connection:
        connection.exec_driver_sql("UPDATE submissions SET language = 'da'")
    changed.dispose()
    written = json.loads((folder / "manifest.json").read_bytes())
    for one in written["files"]:
        if one["path"] == "portal.sqlite":
            one["sha256"] = everything_in(folder)["portal.sqlite"]
    (folder / "manifest.json").write_text(json.dumps(written))
    assert list(checking.faults(folder, manifest.read(folder), silent)) == [
        "portal.sqlite: the rows of submissions are not those that were saved"
    ]


@pytest.mark.only_on("sqlite")
def test_what_the_portal_itself_had_lost_shows_too(
    filled: Filled, database: sa.Engine, save: Save, journal: Path, folder: Path
) -> None:
    lost, damaged, *others = list(filled.codes)
    issue(journal, database, [damaged, *others])
    with reading(database) as connection:
        row = submissions.by_reference(connection, lost)
        assert row
    IssueJournal(journal).issue(row.accepted_at, "K7M2-9QXK", "arendal", row.sealed_hash)
    issue(journal, database, [lost])
    with database.begin() as connection:
        wanted = submissions_table.c.reference == damaged
        connection.execute(sa.update(submissions_table).where(wanted).values(answers=b"others"))
    made = save()
    assert list(checking.faults(folder, made, silent)) == []
    found = {(one.gap, one.reference) for one in checking.gaps(folder, made)}
    assert found == {(Gap.MISSING, "K7M2-9QXK"), (Gap.BAD_BYTES, damaged)}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"what": "backup of the portal", "format": 2}', "not JSON"])
def test_a_folder_with_something_else_is_no_backup(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotABackup):
        manifest.read(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(NotABackup):
        manifest.read(tmp_path)


def test_only_an_empty_place_is_restored_into_and_an_interrupted_restore_goes_on(
    filled: Filled, save: Save, folder: Path, target: sa.Engine, database: sa.Engine, clock: MovableClock
) -> None:
    made = save()
    with pytest.raises(NotEmpty):
        restore(folder, made, Schema.PORTAL, database, clock, silent)

    def interrupt(phase: str, table: str, done: int, unused_total: int) -> None:
        if (phase, table) == ("copy", "attachments") and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(folder, made, Schema.PORTAL, target, clock, watching(interrupt))
    with pytest.raises(DatabaseClosed):
        filled.send(engine=target)
    del filled.codes[list(filled.codes)[-1]]
    inserted: list[str] = []
    sa.event.listen(target, "before_cursor_execute", lambda *told: inserted.append(told[2]))
    restore(folder, made, Schema.PORTAL, target, clock, silent)
    assert not any(one.startswith("INSERT INTO submissions") for one in inserted)
    filled.assert_is_in(target)
    with pytest.raises(AlreadyFilled):
        restore(folder, made, Schema.PORTAL, target, clock, silent)


def test_a_backup_of_an_earlier_version_is_migrated_on_the_way(
    filled: Filled, save: Save, folder: Path, target: sa.Engine, clock: MovableClock
) -> None:
    made = save()
    before = _as_an_earlier_version(folder, made)
    saved = everything_in(folder)
    earlier = manifest.read(folder)
    assert list(checking.faults(folder, earlier, silent)) == []
    assert list(checking.gaps(folder, earlier)) == []
    restore(folder, earlier, Schema.PORTAL, target, clock, silent)
    assert is_current(target)
    filled.assert_is_in(target)
    assert everything_in(folder) == saved
    assert before != revision_of(Schema.PORTAL)


def _as_an_earlier_version(folder: Path, made: Manifest) -> str:
    """Take the last migrations back in the saved file, and write a manifest that says so."""
    path = folder / "portal.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0010")
    engine.dispose()
    for left in folder.glob("portal.sqlite-*"):
        left.unlink()
    (folder / "portal.sqlite.writer").unlink()
    written = made.as_json()
    written["databases"]["portal"]["revision"] = "0010"
    described = manifest.describe(folder, path)
    written["files"] = [one for one in written["files"] if one["path"] != path.name]
    written["files"].append({"path": described.path, "size": described.size, "sha256": described.sha256})
    (folder / "manifest.json").write_text(json.dumps(written))
    return "0010"


@pytest.mark.only_on("sqlite")
def test_a_backup_of_a_later_version_is_left_to_that_version(
    save: Save, folder: Path, target: sa.Engine, clock: MovableClock
) -> None:
    made = save()
    changed = sa.create_engine(f"sqlite:///{folder / 'portal.sqlite'}")
    with changed.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_for_9999'")
    changed.dispose()
    written = made.as_json()
    written["databases"]["portal"]["revision"] = "9999_for_9999"
    (folder / "manifest.json").write_text(json.dumps(written))
    with pytest.raises(SchemaTooLate):
        restore(folder, manifest.read(folder), Schema.PORTAL, target, clock, silent)


@pytest.mark.only_on("sqlite")
def test_journals_are_put_where_there_are_none(
    filled: Filled, database: sa.Engine, save: Save, journal: Path, folder: Path, tmp_path: Path
) -> None:
    issue(journal, database, list(filled.codes))
    save()
    new = tmp_path / "new" / "journal"
    assert put_journals(folder, new) == [new / "issued.jsonl"]
    assert (new / "issued.jsonl").read_bytes() == journal.read_bytes()
    (new / "issued.jsonl").write_bytes(b"it has gone on\n")
    assert put_journals(folder, new) == []
    assert (new / "issued.jsonl").read_bytes() == b"it has gone on\n"


@pytest.mark.only_on("sqlite")
def test_an_archive_is_whole_by_itself_and_cannot_be_written_to(tmp_path: Path, clock: MovableClock) -> None:
    path = tmp_path / "a file, æ?%20#.sqlite"
    with archive.writing(path, Schema.PORTAL) as engine, engine.begin() as connection:
        audit.record(connection, at=clock(), actor="a", action="b", subject="c")
    assert list(tmp_path.iterdir()) == [path]
    path.chmod(0o400)
    with archive.opened(path) as engine:
        with reading(engine) as connection:
            assert len(list(audit.entries(connection))) == 1
        with pytest.raises(sa.exc.OperationalError, match="readonly"), engine.begin() as connection:
            audit.record(connection, at=clock(), actor="a", action="b", subject="c")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.only_on("sqlite")
def test_an_archive_with_orphans_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with archive.writing(path, Schema.PORTAL):
        pass
    changed = sa.create_engine(f"sqlite:///{path}")
    with changed.begin() as connection:
        connection.exec_driver_sql("INSERT INTO own_files VALUES ('0', 1, x'00')")
    changed.dispose()
    with pytest.raises(ArchiveDamaged, match="orphans in own_files"):
        archive.demand_whole(path)
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(ArchiveDamaged):
        archive.demand_whole(path)
