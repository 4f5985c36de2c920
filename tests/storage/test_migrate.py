"""The migrations lead to the tables the code was written for, and back."""

import subprocess
import sys
import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command

from forms_app.storage.engine import make_engine, migrating, reading
from forms_app.storage.migrate import alembic_config, is_current, migrate
from forms_app.storage.tables import attachments, cases, metadata


def tables(engine: sa.Engine) -> set[str]:
    with reading(engine) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_a_new_database_gets_every_table(url: str) -> None:
    engine = make_engine(url)
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)
    assert tables(engine) == set(metadata.tables) | {"alembic_version"}
    engine.dispose()


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    migrate(engine)
    assert is_current(engine)


def test_the_models_and_the_migrations_agree(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        command.check(alembic_config(connection))


def test_every_migration_can_be_taken_back(engine: sa.Engine) -> None:
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert tables(engine) == {"alembic_version"}
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)


def test_cases_from_before_files_were_looked_at_are_marked_where_they_have_any(url: str) -> None:
    engine = make_engine(url)
    sent, alone = uuid.uuid4().hex, uuid.uuid4().hex
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
        for id in (sent, alone):
            _insert(connection, "submissions", id=id, reference=id, draft_id=id.encode(), **_SUBMITTED)
            _insert(connection, "cases", id=id, submission_id=id, **_OPENED)
        file = {"size": 1, "sealed": b"s", "sealed_hash": "h"}
        _insert(connection, "attachments", id=sent, submission_id=sent, position=1, **file)
    migrate(engine)
    with reading(engine) as connection:
        marks = connection.execute(sa.select(cases.c.id, cases.c.is_unscanned)).all()
        copies = connection.execute(sa.select(attachments.c.cleaned, attachments.c.cleaned_hash)).all()
    assert {row.id.hex: row.is_unscanned for row in marks} == {sent: True, alone: False}
    assert [tuple(row) for row in copies] == [(None, None)]
    engine.dispose()


_SUBMITTED = {
    "form": "f",
    "form_version": 1,
    "municipality": "m",
    "language": "nb",
    "accepted_at": datetime(2026, 11, 22, tzinfo=UTC),
    "recipients_fingerprint": "r",
    "public_half": "p",
    "summary": b"s",
    "answers": b"a",
    "sealed_hash": "h",
}
_OPENED = {"municipality": "m", "status": "received", "is_late": False, "is_unconfirmed": False}


def _insert(connection: sa.Connection, table: str, **values: object) -> None:
    """Into a table as it was then, not as it is now."""
    connection.execute(sa.insert(sa.Table(table, sa.MetaData(), autoload_with=connection)), values)


def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    engine = make_engine(url)

    def fail_at_the_end() -> None:
        with migrating(engine) as connection:
            command.upgrade(alembic_config(connection), "head")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    assert tables(engine) == set()
    engine.dispose()


def test_several_processes_that_start_at_once_migrate_once(url: str) -> None:
    script = (
        "import sys; from forms_app.storage.engine import make_engine\n"
        "from forms_app.storage.migrate import is_current, migrate\n"
        "engine = make_engine(sys.argv[1]); migrate(engine); assert is_current(engine); engine.dispose()\n"
    )
    starters = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(4)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
