"""A database moves to another place, of either kind, and nothing that anybody was promised is lost on the way."""

import itertools
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from moving_away import close
from whole_portal import EmptyPlace, Filled, amounts, of_both_kinds, silent, url_of, watching

from forms_app.clock import utc_now
from forms_app.storage import audit, closing, drafts
from forms_app.storage.alone import BeingCopied
from forms_app.storage.closing import GivenUp
from forms_app.storage.drafts import Draft
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed, make_engine, reading
from forms_app.storage.migrate import Schema, is_current, migrate
from forms_app.storage.tables import audit as audit_table
from forms_app.storage.tables import draft_files
from forms_app.upkeep import moving
from forms_app.upkeep.filling import AlreadyFilled, NotEmpty, NotTheSame, place_of
from forms_app.upkeep.moving import (
    HasMoved,
    MovingElsewhere,
    NotFilled,
    NothingClosed,
    NotMigrated,
    SamePlace,
    StillClosed,
    copy_database,
    demand_in_use,
    reopen,
)

PORTAL = Schema.PORTAL


def write(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        audit.record(connection, at=utc_now(), actor="test", action="wrote", subject="x")


def is_closed(engine: sa.Engine) -> bool:
    try:
        write(engine)
    except DatabaseClosed:
        return True
    return False


@of_both_kinds
def test_everything_arrives_and_the_new_place_takes_over(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    before = amounts(database)
    moved = copy_database(database, target, PORTAL, clock, silent)
    assert list(moved.tallies) == before == amounts(target)
    assert {one.table for one in before if one.rows} >= {"submissions", "attachments", "cases", "draft_steps", "audit"}
    assert (moved.place, moved.was_closed) == (place_of(target.url), False)
    assert is_closed(database)
    assert amounts(database) == before
    filled.assert_is_in(target)
    filled.send(engine=target)
    filled.assert_is_in(target)


def test_the_staffs_database_moves_too_and_nobody_is_logged_out(
    staff_database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    before = amounts(staff_database, Schema.STAFF)
    copy_database(staff_database, target, Schema.STAFF, clock, silent)
    assert amounts(target, Schema.STAFF) == before
    assert {one.table for one in before if one.rows} >= {"members", "roles"}


def test_whoever_writes_meanwhile_is_refused_or_what_they_wrote_arrives(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    written = itertools.count()
    has_begun, is_over = threading.Event(), threading.Event()

    def keep_writing() -> None:
        while not is_over.is_set():
            try:
                write(database)
                next(written)
                has_begun.set()
            except DatabaseClosed:
                time.sleep(0.005)

    writers = [threading.Thread(target=keep_writing) for unused_number in range(3)]
    for writer in writers:
        writer.start()
    try:
        assert has_begun.wait(10)
        copy_database(database, target, PORTAL, clock, silent)
    finally:
        is_over.set()
        for writer in writers:
            writer.join(30)
    with reading(target) as connection:
        wrote = audit_table.c.action == "wrote"
        assert connection.execute(sa.select(sa.func.count()).where(wrote)).scalar() == next(written)


@pytest.mark.parametrize("phase", ["copy", "verify"])
def test_what_is_interrupted_opens_the_source_and_the_next_copy_begins_anew(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock, phase: str
) -> None:
    def interrupt(now: str, table: str, done: int, unused_total: int) -> None:
        if (now, table) == (phase, "submissions") and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(database, target, PORTAL, clock, watching(interrupt))
    assert not is_closed(database)
    assert is_closed(target)
    filled.send()
    before = amounts(database)
    assert list(copy_database(database, target, PORTAL, clock, silent).tallies) == before == amounts(target)
    filled.assert_is_in(target)


KILLED = """
import os, signal, sys
from forms_app.clock import utc_now
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema
from forms_app.upkeep.moving import copy_database

def progress(phase):
    def watch(table, done, total):
        if (phase, table) == (sys.argv[3], sys.argv[4]) and done:
            os.kill(os.getpid(), signal.SIGKILL)
    return watch

copy_database(make_engine(sys.argv[1]), make_engine(sys.argv[2]), Schema.PORTAL, utc_now, progress)
"""


@pytest.mark.parametrize(("phase", "table"), [("copy", "attachments"), ("verify", "audit")])
def test_what_is_killed_leaves_both_closed_and_the_same_command_goes_on(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock, phase: str, table: str
) -> None:
    before = amounts(database)
    words = [sys.executable, "-c", KILLED, url_of(database), url_of(target), phase, table]
    assert subprocess.run(words, timeout=60).returncode == -signal.SIGKILL
    assert is_closed(database)
    assert is_closed(target)
    inserted: list[str] = []
    sa.event.listen(target, "before_cursor_execute", lambda *told: inserted.append(told[2]))
    moved = copy_database(database, target, PORTAL, clock, silent)
    assert moved.was_closed
    assert list(moved.tallies) == before == amounts(target)
    assert not any(one.startswith("INSERT INTO submissions") for one in inserted)
    filled.assert_is_in(target)


def test_what_is_killed_at_the_very_end_is_finished_by_the_same_command(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*unused: object, **unused_names: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, "take_into_use", killed)
        with pytest.raises(KeyboardInterrupt):
            copy_database(database, target, PORTAL, clock, silent)
    assert is_closed(database)
    assert is_closed(target)
    with pytest.raises(HasMoved):
        reopen(database, PORTAL)
    assert copy_database(database, target, PORTAL, clock, silent).was_closed
    assert is_closed(database)
    filled.assert_is_in(target)


def test_a_copy_that_was_given_up_elsewhere_does_not_count(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    def give_up(phase: str, table: str, done: int, unused_total: int) -> None:
        if (phase, table) == ("verify", "audit") and done:
            reopen(database, PORTAL)
            write(database)

    with pytest.raises(GivenUp):
        copy_database(database, target, PORTAL, clock, watching(give_up))
    assert not is_closed(database)
    assert is_closed(target)


def test_what_arrives_otherwise_is_not_taken_into_use(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    def meddle(phase: str, table: str, done: int, total: int) -> None:
        if (phase, table, done) == ("copy", "turns", total):
            with target.begin() as connection, closing.opened(connection, audit_table):
                connection.execute(sa.update(audit_table).values(actor="somebody else"))

    with pytest.raises(NotTheSame, match="^audit$"):
        copy_database(database, target, PORTAL, clock, watching(meddle))
    assert not is_closed(database)
    assert is_closed(target)


def test_a_source_that_cannot_be_opened_again_is_told(
    database: sa.Engine, target: sa.Engine, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*unused: object) -> None:
        raise DatabaseBusy

    def interrupt(*unused: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(closing, "reopen", busy)
        with pytest.raises(StillClosed, match="KeyboardInterrupt, DatabaseBusy"):
            copy_database(database, target, PORTAL, clock, watching(interrupt))
    assert is_closed(database)
    assert reopen(database, PORTAL).place == place_of(target.url)
    assert not is_closed(database)
    with pytest.raises(NothingClosed):
        reopen(database, PORTAL)


def test_only_an_empty_place_is_filled_and_it_is_left_as_it_was(
    filled: Filled, database: sa.Engine, target: sa.Engine, clock: MovableClock
) -> None:
    migrate(target)
    write(target)
    with pytest.raises(NotEmpty):
        copy_database(database, target, PORTAL, clock, silent)
    assert not is_closed(database)
    assert not is_closed(target)
    with target.begin() as connection:
        connection.execute(sa.delete(audit_table))
    copy_database(database, target, PORTAL, clock, silent)


def test_somebody_elses_database_is_not_touched(database: sa.Engine, target: sa.Engine, clock: MovableClock) -> None:
    with target.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id integer)")
    with pytest.raises(NotEmpty):
        copy_database(database, target, PORTAL, clock, silent)
    with reading(target) as connection:
        assert sa.inspect(connection).get_table_names() == ["invoices"]


def test_what_is_written_between_the_look_and_the_closing_is_not_overwritten(
    database: sa.Engine, target: sa.Engine, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(target)
    announce = closing.announce

    def slowly(connection: sa.Connection, move: closing.Move) -> None:
        if not move.is_source:
            audit.record(connection, at=clock(), actor="a worker", action="came first", subject="x")
        announce(connection, move)

    monkeypatch.setattr(closing, "announce", slowly)
    with pytest.raises(NotEmpty):
        copy_database(database, target, PORTAL, clock, silent)
    assert not is_closed(target)


def test_after_a_move_the_same_command_does_nothing_and_the_source_opens_only_if_it_is_meant(
    filled: Filled, database: sa.Engine, empty_place: EmptyPlace, clock: MovableClock
) -> None:
    target, other = empty_place(), empty_place()
    copy_database(database, target, PORTAL, clock, silent)
    filled.send(engine=target)
    with pytest.raises(AlreadyFilled):
        copy_database(database, target, PORTAL, clock, silent)
    with pytest.raises(MovingElsewhere, match=target.url.database):
        copy_database(database, other, PORTAL, clock, silent)
    for refuse in (lambda: reopen(database, PORTAL), lambda: demand_in_use(database)):
        with pytest.raises(HasMoved):
            refuse()
    assert is_closed(database)
    reopen(database, PORTAL, although_moved=True)
    assert not is_closed(database)
    demand_in_use(database)
    with pytest.raises(NotEmpty):
        copy_database(database, target, PORTAL, clock, silent)


def test_back_and_forth(filled: Filled, database: sa.Engine, empty_place: EmptyPlace, clock: MovableClock) -> None:
    there, back = empty_place(), empty_place()
    copy_database(database, there, PORTAL, clock, silent)
    filled.send(engine=there)
    copy_database(there, back, PORTAL, clock, silent)
    filled.assert_is_in(back)
    with pytest.raises(NotEmpty):
        copy_database(back, there, PORTAL, clock, silent)
    assert not is_closed(back)


def test_what_cannot_be_copied_is_refused_before_anything_is_closed(
    database: sa.Engine, target: sa.Engine, clock: MovableClock, tmp_path: Path
) -> None:
    with pytest.raises(SamePlace):
        copy_database(database, database, PORTAL, clock, silent)
    with pytest.raises(NotMigrated):
        copy_database(target, database, PORTAL, clock, silent)
    missing = tmp_path / "missing.sqlite"
    with pytest.raises(NotMigrated):
        copy_database(make_engine(f"sqlite:///{missing}"), target, PORTAL, clock, silent)
    assert not missing.exists()
    migrate(target)
    close(target, is_source=False, place="the backup of yesterday")
    for refuse in (
        lambda: copy_database(target, database, PORTAL, clock, silent),
        lambda: reopen(target, PORTAL),
        lambda: demand_in_use(target),
    ):
        with pytest.raises(NotFilled, match="yesterday"):
            refuse()
    assert not is_closed(database)
    assert is_current(database)


def test_two_copies_at_once_are_one(
    filled: Filled, database: sa.Engine, empty_place: EmptyPlace, clock: MovableClock
) -> None:
    target, other = empty_place(), empty_place()
    refused: list[type[Exception]] = []

    def another(phase: str, table: str, unused_done: int, unused_total: int) -> None:
        if (phase, table) == ("copy", "cases"):
            for place in (target, other):
                with pytest.raises(BeingCopied) as caught:
                    copy_database(database, place, PORTAL, clock, silent)
                refused.append(caught.type)

    copy_database(database, target, PORTAL, clock, watching(another))
    assert len(refused) >= 2
    filled.assert_is_in(target)
    with pytest.raises(AlreadyFilled):
        copy_database(database, target, PORTAL, clock, silent)


@pytest.mark.only_on("sqlite")
def test_a_place_is_told_without_user_and_password() -> None:
    url = sa.make_url("postgresql://portal:secret@db.example.org:6543/portal")
    assert place_of(url) == "postgresql://db.example.org:6543/portal"
    assert place_of(sa.make_url("postgresql://portal:secret@/portal?host=/run/pg")) == "postgresql:///run/pg/portal"
    assert place_of(sa.make_url("sqlite:////var/x/../portal.sqlite")) == "sqlite:////var/portal.sqlite"


@pytest.mark.only_on("sqlite")
def test_large_files_are_copied_in_little_memory(database: sa.Engine, tmp_path: Path, clock: MovableClock) -> None:
    """Eight drafts' files of 12 MB: 96 MB through a process that must not grow by more than a few of them."""
    size, now = 12_000_000, clock()
    with database.begin() as connection:
        draft = Draft(id=b"d", form="f", form_version=1, public_half="p", created_at=now, saved_at=now)
        drafts.create(connection, draft)
        for position in range(8):
            row = {"id": uuid.uuid4(), "draft_id": b"d", "position": position, "size": 1, "added_at": now}
            content = {"details": b"", "ciphertext": sa.func.zeroblob(size)}
            connection.execute(sa.insert(draft_files).values(**row, **content))
    script = (
        "import resource, sys; from forms_app.clock import utc_now; from forms_app.storage.engine import make_engine\n"
        "from forms_app.storage.migrate import Schema, migrate; from forms_app.upkeep.moving import copy_database\n"
        "source, target = map(make_engine, sys.argv[1:]); migrate(target)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "copy_database(source, target, Schema.PORTAL, utc_now, lambda phase: lambda *told: None)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    words = [sys.executable, "-c", script, url_of(database), f"sqlite:///{tmp_path / 'copy.sqlite'}"]
    grown = int(subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout)
    assert grown * 1024 < 5 * size
