"""While a new version takes over, the old one works on a database that the new one has migrated, or stops in time."""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from forms_app.storage import drafts
from forms_app.storage.drafts import Draft
from forms_app.storage.engine import DatabaseBusy, migrating, reading
from forms_app.storage.migrate import (
    Schema,
    SchemaTooEarly,
    SchemaTooLate,
    Standing,
    alembic_config,
    demand_usable,
    is_current,
    migrate,
    oldest_that_can,
    standing,
)

Later = Callable[..., None]


@pytest.fixture
def later(tmp_path: Path) -> Later:
    """Migrates a database as a version would that is written in a year."""

    def run(engine: sa.Engine, id: str, *statements: str) -> None:
        scripts = tmp_path / "scripts"
        if not scripts.exists():
            shutil.copytree(Schema.PORTAL.value, scripts)
        with reading(engine) as connection:
            before = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        ours = "\n".join(f"    op.execute({statement!r})" for statement in statements) or "    pass"
        (scripts / "versions" / f"in_a_year_{id}.py").write_text(
            f"from alembic import op\nrevision, down_revision = {id!r}, {before!r}\ndef upgrade():\n{ours}\n", "utf-8"
        )
        with migrating(engine) as connection:
            config = alembic_config(connection)
            config.set_main_option("script_location", str(scripts))
            command.upgrade(config, id)

    return run


@pytest.fixture
def head(engine: sa.Engine) -> str:
    """The number of the last migration that this version knows."""
    with reading(engine) as connection:
        found: str = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return found[:4]


def test_what_only_adds_is_in_nobodys_way(engine: sa.Engine, later: Later, now: datetime) -> None:
    """Also where the server has prepared the statements before."""

    def begin(id: int) -> None:
        with engine.begin() as connection:
            drafts.create(
                connection,
                Draft(id=b"%d" % id, form="f", form_version=1, public_half="p", created_at=now, saved_at=now),
            )
        with reading(engine) as connection:
            assert drafts.find(connection, b"%d" % id)

    for id in range(12):
        begin(id)
    later(engine, "9000", "ALTER TABLE drafts ADD COLUMN mood VARCHAR", "CREATE TABLE moods (id INTEGER)")
    assert standing(engine) is Standing.LATER
    demand_usable(engine)
    for id in range(12, 24):
        begin(id)


def test_an_older_version_leaves_it_as_it_is(engine: sa.Engine, later: Later) -> None:
    later(engine, "9000", "ALTER TABLE drafts ADD COLUMN mood VARCHAR")
    migrate(engine)
    assert standing(engine) is Standing.LATER
    assert not is_current(engine)


def test_what_takes_away_is_in_the_way_of_those_only_that_ask_for_it(
    engine: sa.Engine, later: Later, head: str
) -> None:
    later(engine, f"9000_for_{head}")
    assert standing(engine) is Standing.LATER
    later(engine, "9001_for_9000", "ALTER TABLE cases DROP COLUMN is_late")
    assert standing(engine) is Standing.TOO_LATE
    with pytest.raises(SchemaTooLate):
        demand_usable(engine)
    with pytest.raises(SchemaTooLate):
        migrate(engine)


def test_an_id_that_says_nothing_is_not_trusted(engine: sa.Engine, later: Later) -> None:
    later(engine, "abc")
    assert standing(engine) is Standing.TOO_LATE
    assert oldest_that_can("abc") is None


def test_one_that_is_behind_is_migrated_first(engine: sa.Engine) -> None:
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "-1")
    assert standing(engine) is Standing.EARLIER
    with pytest.raises(SchemaTooEarly):
        demand_usable(engine)
    migrate(engine)
    demand_usable(engine)
    assert is_current(engine)


@pytest.mark.only_on("postgresql")
def test_whoever_migrates_holds_nobody_up_for_long(engine: sa.Engine, now: datetime) -> None:
    """One reads for a long time, so the table cannot be changed; others go on, and in the end it is."""
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "0001")
    begun, may_end = threading.Event(), threading.Event()

    def read_long() -> None:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one()
            begun.set()
            may_end.wait(60)

    reader = threading.Thread(target=read_long)
    reader.start()
    begun.wait(60)
    with pytest.raises(DatabaseBusy):
        migrate(engine, patience_seconds=0)
    migrator = threading.Thread(target=migrate, args=(engine,))
    migrator.start()
    until = time.monotonic() + 4
    waited = []
    # Long enough for it to have asked, given up and asked again.
    while time.monotonic() < until:
        waited.append(_seconds_to_read(engine))
    may_end.set()
    migrator.join(60)
    reader.join(60)
    assert is_current(engine)
    assert max(waited) < 10


def _seconds_to_read(engine: sa.Engine) -> float:
    began = time.monotonic()
    with reading(engine) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one()
    return time.monotonic() - began
