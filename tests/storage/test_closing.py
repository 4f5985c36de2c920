"""A closed database takes nothing from anybody, loses nothing, and can be opened again."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import sqlalchemy as sa
from alembic import command

from forms_app.storage import audit, closing, drafts, turns
from forms_app.storage.closing import GivenUp, Move
from forms_app.storage.contents import closable, lasting, movable
from forms_app.storage.drafts import Draft
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed, make_engine, migrating, reading
from forms_app.storage.migrate import Schema, alembic_config, is_current
from forms_app.storage.tables import audit as audit_table
from forms_app.storage.tables import cases, submissions
from tests.databases import NewDatabase

PLACE = "postgresql://db/portal"


@pytest.fixture
def move(now: datetime) -> Move:
    return Move(id=uuid.uuid4(), is_source=True, place=PLACE, begun_at=now)


@pytest.fixture
def other(engine: sa.Engine) -> Iterator[sa.Engine]:
    """As another process has it."""
    other = make_engine(engine.url.render_as_string(hide_password=False), busy_seconds=5)
    yield other
    other.dispose()


def close(engine: sa.Engine, move: Move, schema: Schema = Schema.PORTAL) -> None:
    with closing.deciding(engine) as connection:
        closing.announce(connection, move)
    closing.close(engine, schema)


def write(engine: sa.Engine, now: datetime) -> None:
    with engine.begin() as connection:
        audit.record(connection, at=now, actor="a", action="b", subject="c")


@pytest.mark.parametrize("schema", Schema)
def test_no_table_takes_a_row(new_database: NewDatabase, move: Move, schema: Schema) -> None:
    engine = make_engine(new_database(schema))
    close(engine, move, schema)
    for table in [*(one.name for one in closable(schema)), "alembic_version"]:
        with pytest.raises(DatabaseClosed), engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO {table} DEFAULT VALUES")
    engine.dispose()


def test_nothing_that_is_there_is_changed_or_deleted(
    engine: sa.Engine, other: sa.Engine, move: Move, open_case: Callable[..., uuid.UUID], now: datetime
) -> None:
    open_case()
    with engine.begin() as connection:
        drafts.create(
            connection, Draft(id=b"id", form="f", form_version=1, public_half="p", created_at=now, saved_at=now)
        )
        assert turns.take(connection, "a job", hold_seconds=0)
    close(engine, move)
    for deed in (
        sa.update(submissions).values(form="other"),
        sa.update(cases).values(is_late=True),
        sa.delete(cases),
    ):
        with pytest.raises(DatabaseClosed), other.begin() as connection:
            connection.execute(deed)
    with pytest.raises(DatabaseClosed), other.begin() as connection:
        drafts.delete(connection, b"id")
    with pytest.raises(DatabaseClosed), other.begin() as connection:
        turns.take(connection, "a job", hold_seconds=1)


def test_it_is_a_busy_database_to_whoever_knows_no_better(engine: sa.Engine, move: Move, now: datetime) -> None:
    close(engine, move)
    with pytest.raises(DatabaseBusy):
        write(engine, now)


def test_everything_can_be_read_and_it_says_where_it_goes(
    engine: sa.Engine, other: sa.Engine, move: Move, open_case: Callable[..., uuid.UUID]
) -> None:
    open_case()
    with reading(other) as connection:
        assert closing.closed_by(connection) is None
    close(engine, move)
    with reading(other) as connection:
        assert closing.closed_by(connection) == move
        assert connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar() == 1


def test_opened_again_it_is_as_if_nothing_had_been(
    engine: sa.Engine, other: sa.Engine, move: Move, now: datetime
) -> None:
    close(engine, move)
    with pytest.raises(DatabaseClosed):
        write(other, now)
    with closing.deciding(engine) as connection:
        closing.reopen(connection, Schema.PORTAL, move.id)
    write(other, now)
    with reading(other) as connection:
        assert closing.closed_by(connection) is None
        assert closing.find(connection, move.id) is None
    close(engine, move)
    with pytest.raises(DatabaseClosed):
        write(other, now)


def test_whoever_died_while_closing_it_can_be_undone(engine: sa.Engine, move: Move, now: datetime) -> None:
    with closing.deciding(engine) as connection:
        closing.announce(connection, move)
    assert closing.is_closed(engine)
    write(engine, now)
    with closing.deciding(engine) as connection:
        closing.reopen(connection, Schema.PORTAL, move.id)
    assert not closing.is_closed(engine)
    write(engine, now)


def test_it_is_not_migrated_either(engine: sa.Engine, move: Move) -> None:
    close(engine, move)
    with pytest.raises(DatabaseClosed), migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "-1")
    assert is_current(engine)
    with reading(engine) as connection:
        assert closing.closed_by(connection) == move


def test_a_table_can_be_opened_for_one_transaction_alone(
    engine: sa.Engine, other: sa.Engine, move: Move, now: datetime
) -> None:
    close(engine, move)
    with engine.begin() as connection, closing.opened(connection, audit_table):
        audit.record(connection, at=now, actor="a", action="b", subject="c")
    with pytest.raises(DatabaseClosed):
        write(engine, now)
    with pytest.raises(DatabaseClosed):
        write(other, now)
    with reading(other) as connection:
        assert len(list(audit.entries(connection))) == 1


def test_one_that_was_filled_opens_and_remembers_where_from(engine: sa.Engine, now: datetime) -> None:
    arriving = Move(id=uuid.uuid4(), is_source=False, place=PLACE, begun_at=now)
    close(engine, arriving)
    with engine.begin() as connection:
        closing.open_filled(connection, Schema.PORTAL, arriving.id, now=now)
    write(engine, now)
    with reading(engine) as connection:
        assert closing.closed_by(connection) is None
        arrived = closing.find(connection, arriving.id)
    assert arrived is not None
    assert arrived.finished_at == now


def test_a_source_that_has_moved_stays_closed(engine: sa.Engine, move: Move, now: datetime) -> None:
    close(engine, move)
    with engine.begin() as connection:
        closing.finish(connection, move.id, now=now)
    with pytest.raises(DatabaseClosed):
        write(engine, now)


def test_a_move_that_somebody_gave_up_is_not_finished(engine: sa.Engine, move: Move, now: datetime) -> None:
    close(engine, move)
    with closing.deciding(engine) as connection:
        closing.reopen(connection, Schema.PORTAL, move.id)
    with pytest.raises(GivenUp), engine.begin() as connection:
        closing.finish(connection, move.id, now=now)


def test_whoever_never_ends_is_not_waited_for_for_ever(
    engine: sa.Engine, other: sa.Engine, move: Move, open_case: Callable[..., uuid.UUID]
) -> None:
    open_case()
    impatient = make_engine(engine.url.render_as_string(hide_password=False), busy_seconds=0.3)
    with other.begin() as connection:
        connection.execute(sa.update(cases).values(is_late=True))
        with pytest.raises(DatabaseBusy):
            closing.close(impatient, Schema.PORTAL)
    close(impatient, move)
    impatient.dispose()


def test_a_reader_is_in_nobodys_way(engine: sa.Engine, other: sa.Engine, move: Move) -> None:
    with reading(other) as connection:
        assert connection.execute(sa.select(cases)).all() == []
        close(engine, move)
        with closing.deciding(engine) as deciding:
            closing.reopen(deciding, Schema.PORTAL, move.id)
        assert connection.execute(sa.select(cases)).all() == []


def test_many_who_write_while_it_closes_have_written_or_are_told(
    engine: sa.Engine, other: sa.Engine, move: Move, open_case: Callable[..., uuid.UUID], now: datetime
) -> None:
    """They take the tables in both orders, so that whoever waited for one with another in hand would never end."""
    open_case()
    written: list[int] = []
    end = time.monotonic() + 30
    may_go_on = threading.Event()

    def work(worker: int) -> type[Exception]:
        deeds = [lambda c: audit.record(c, at=now, actor="a", action="b", subject="c"), _change]
        while time.monotonic() < end:
            try:
                with other.begin() as connection:
                    for deed in deeds[:: 1 if worker % 2 else -1]:
                        deed(connection)
                        time.sleep(0.005)
            except DatabaseClosed as refused:
                return type(refused)
            except DatabaseBusy:
                # They have deadlocked among themselves.
                continue
            written.append(worker)
            may_go_on.set()
        raise TimeoutError

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, worker) for worker in range(4)]
        assert may_go_on.wait(10)
        close(engine, move)
        ended = [one.result(30) for one in working]
    assert ended == [DatabaseClosed] * 4
    with reading(engine) as connection:
        assert len(list(audit.entries(connection))) == len(written)


def _change(connection: sa.Connection) -> None:
    connection.execute(sa.update(cases).values(is_late=True))


def test_every_table_goes_along_but_those_of_the_place(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert {one.name for one in closable(Schema.PORTAL)} == names - {"alembic_version", "moves"}
    assert {one.name for one in movable(Schema.PORTAL)} == names - {"alembic_version", "moves", "beats"}
    assert [*lasting(Schema.PORTAL)] == [*movable(Schema.PORTAL)]
    assert {one.name for one in movable(Schema.STAFF)} - {one.name for one in lasting(Schema.STAFF)} == {"sessions"}
