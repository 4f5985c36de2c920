"""What an engine promises, whichever database it opens: one snapshot to a reader, a turn to every writer."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.storage import cases
from forms_app.storage.engine import DatabaseBusy, UnusableDatabase, make_engine, reading
from forms_app.storage.functions import database_now
from forms_app.storage.tables import audit


@pytest.mark.parametrize(
    "elsewhere", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x.db?uri=true", "mysql://localhost/portal"]
)
def test_what_is_neither_a_file_nor_postgresql_is_refused(elsewhere: str) -> None:
    with pytest.raises(UnusableDatabase):
        make_engine(elsewhere)


def url_of(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_a_reader_cannot_write(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="read-?only"), reading(engine) as connection:
        connection.execute(sa.delete(audit))


def test_a_connection_that_has_read_can_write_afterwards(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        connection.execute(sa.select(audit)).all()
    with engine.begin() as connection:
        connection.execute(sa.delete(audit))


def test_a_reader_sees_one_snapshot_and_does_not_wait_for_the_writer(engine: sa.Engine, now: object) -> None:
    count = sa.select(sa.func.count()).select_from(audit)
    row = {"at": now, "actor": "a", "action": "b", "subject": "c"}
    with reading(engine) as reader:
        assert reader.execute(count).scalar() == 0
        with engine.begin() as writer:
            writer.execute(sa.insert(audit), row)
            assert reader.execute(count).scalar() == 0
        assert reader.execute(count).scalar() == 0
    with reading(engine) as reader:
        assert reader.execute(count).scalar() == 1


def test_several_processes_write_at_once_and_none_is_refused(engine: sa.Engine) -> None:
    url = url_of(engine)
    script = (
        "import sys; from datetime import UTC, datetime\n"
        "from forms_app.storage import audit\n"
        "from forms_app.storage.engine import make_engine\n"
        "engine = make_engine(sys.argv[1])\n"
        "for turn in range(40):\n"
        "    with engine.begin() as connection:\n"
        "        now = datetime.now(UTC)\n"
        "        audit.record(connection, at=now, actor=sys.argv[2], action='w', subject=str(turn))\n"
        "engine.dispose()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, url, str(n)]) for n in range(4)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    with reading(engine) as connection:
        per_actor = sa.select(audit.c.actor, sa.func.count()).group_by(audit.c.actor)
        assert {row.actor: row[1] for row in connection.execute(per_actor)} == dict.fromkeys("0123", 40)


def test_the_databases_clock_is_the_time(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        told = connection.execute(sa.select(database_now())).scalar_one()
    assert abs(told - time.time()) < 5


def test_an_error_does_not_print_what_was_to_be_stored(engine: sa.Engine) -> None:
    secret = "very private"
    with pytest.raises(sa.exc.IntegrityError) as caught, engine.begin() as connection:
        connection.execute(sa.insert(audit), {"at": None, "actor": secret, "action": "x", "subject": "y"})
    told = [str(caught.value), repr(caught.value), str(caught.value.orig), repr(caught.value.orig)]
    assert secret not in " ".join(told)


def test_a_writer_that_waits_too_long_is_told_so_and_the_engine_stays_usable(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID]
) -> None:
    case = open_case()
    impatient = make_engine(url_of(engine), busy_seconds=0.05)
    with engine.begin() as connection:
        cases.held(connection, case)
        with pytest.raises(DatabaseBusy), impatient.begin() as other:
            cases.held(other, case)
    with impatient.begin() as other:
        assert cases.held(other, case).submission_id == case
    impatient.dispose()


def test_whoever_holds_a_case_sees_what_was_done_before_and_nothing_changes_meanwhile(
    engine: sa.Engine, open_case: Callable[..., uuid.UUID], now: datetime
) -> None:
    """Ten who each read it and write what they have read, one more, leave ten."""
    case = open_case()

    def add_one() -> None:
        with engine.begin() as connection:
            seen = cases.held(connection, case).news_at or now
            time.sleep(0.01)
            cases.mark_news(connection, case, now=seen + timedelta(days=1))

    with ThreadPoolExecutor(10) as pool:
        for done in [pool.submit(add_one) for __turn in range(10)]:
            done.result()
    with reading(engine) as connection:
        assert cases.of(connection, case).news_at == now + timedelta(days=10)
