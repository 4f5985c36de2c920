"""SQLite, as we open it: durable settings, and one writer at a time."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from forms_app.storage import sqlite
from forms_app.storage.engine import (
    BrokenReferences,
    DatabaseBusy,
    UnusableDatabase,
    make_engine,
    migrating,
    reading,
)
from forms_app.storage.gate import WriterGate
from forms_app.storage.sqlite import has_wal_reset_fix
from forms_app.storage.tables import audit, deadlines

pytestmark = pytest.mark.only_on("sqlite")


def pragma(engine: sa.Engine, name: str) -> object:
    with engine.begin() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 30_000),
    ],
)
def test_every_connection_is_set_up_for_durability(engine: sa.Engine, name: str, value: object) -> None:
    if not has_wal_reset_fix(sqlite.driver.sqlite_version_info):
        pytest.skip("this SQLite is too old for WAL")
    assert pragma(engine, name) == value


def test_an_old_sqlite_gets_a_rollback_journal_with_extra_syncs(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 40, 1))
    engine = make_engine(url)
    assert pragma(engine, "journal_mode") == "delete"
    assert pragma(engine, "synchronous") == 3
    engine.dispose()


def test_a_file_in_the_other_journal_mode_is_changed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sqlite.driver, "sqlite_version_info", (3, 40, 1))
        old = make_engine(url)
        assert pragma(old, "journal_mode") == "delete"
        old.dispose()
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 53, 0))
    new = make_engine(url)
    assert pragma(new, "journal_mode") == "wal"
    new.dispose()


def test_a_database_that_refuses_its_journal_mode_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A database in memory refuses as one on a network disk does, but make_engine would not open it at all.
    monkeypatch.chdir(tmp_path)
    connection = sqlite._GatedConnection(":memory:", timeout=1.0)
    with pytest.raises(UnusableDatabase):
        sqlite._prepare(connection, None)
    connection.close()


@pytest.mark.parametrize(
    ("version", "is_fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_the_versions_with_the_wal_reset_bug_are_known(version: tuple[int, int, int], is_fixed: bool) -> None:
    assert has_wal_reset_fix(version) is is_fixed


def test_a_writer_that_waits_too_long_is_told_so_and_the_engine_stays_usable(engine: sa.Engine) -> None:
    impatient = make_engine(str(engine.url), busy_seconds=0.05)
    with engine.begin(), pytest.raises(DatabaseBusy), impatient.begin():
        pass
    with impatient.begin() as connection:
        connection.execute(sa.delete(audit))
    impatient.dispose()


def test_a_lock_held_past_the_gate_is_told_as_busy_too(engine: sa.Engine) -> None:
    impatient = make_engine(str(engine.url), busy_seconds=0.05)
    stranger = sqlite.driver.connect(engine.url.database or "", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy), impatient.begin():
        pass
    stranger.execute("ROLLBACK")
    stranger.close()
    with impatient.begin() as connection:
        connection.execute(sa.delete(audit))
    impatient.dispose()


def test_a_failed_transaction_lets_the_next_writer_in(engine: sa.Engine) -> None:
    other = make_engine(str(engine.url), busy_seconds=0.05)
    with pytest.raises(ZeroDivisionError), engine.begin():
        raise ZeroDivisionError
    with other.begin() as connection:
        connection.execute(sa.delete(audit))
    other.dispose()


def test_an_error_that_is_not_about_waiting_keeps_its_own_name(url: str) -> None:
    engine = make_engine(url)
    with engine.connect():
        pass
    Path(engine.url.database or "").write_bytes(b"no database at all, only text" * 100)
    with pytest.raises(sa.exc.DatabaseError, match="not a database"), engine.begin():
        pass
    engine.dispose()


def test_the_gate_opens_when_its_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "gate"
    script = (
        "import sys, time; from pathlib import Path\n"
        "from forms_app.storage.gate import WriterGate\n"
        "gate = WriterGate(Path(sys.argv[1])); gate.enter(1); print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        gate = WriterGate(path)
        with pytest.raises(DatabaseBusy):
            gate.enter(0.05)
        holder.kill()
        gate.enter(5)
    gate.close()
    gate.close()


def test_threads_of_one_process_take_turns(engine: sa.Engine) -> None:
    inside, most = [], []

    def write() -> None:
        for __turn in range(10):
            with engine.begin():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=write) for __thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 40


def test_a_migration_that_orphans_rows_is_rolled_back(engine: sa.Engine) -> None:
    orphan = {"case_id": "0" * 32, "kind": "appeal", "due_on": "2026-12-01", "fact": "appeal"}
    insert = "INSERT INTO deadlines (case_id, kind, due_on, fact) VALUES (:case_id, :kind, :due_on, :fact)"
    with pytest.raises(BrokenReferences), migrating(engine) as connection:
        connection.execute(sa.text(insert), orphan)
    with reading(engine) as connection:
        assert connection.execute(sa.select(deadlines)).all() == []
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.text(insert), orphan)
