"""The migrations lead to the tables the code was written for, and back."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from forms_app.storage.engine import make_engine, migrating, reading
from forms_app.storage.migrate import alembic_config, is_current, migrate
from forms_app.storage.tables import metadata


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
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
        for id in ("with", "without"):
            connection.execute(
                sa.text(
                    "INSERT INTO submissions VALUES (:id, :id, :id, 'f', 1, 'm', 'nb', '2026-11-22', 'r', 'p', NULL, "
                    "'s', 'a', NULL, 'h', NULL)"
                ),
                {"id": id},
            )
            connection.execute(
                sa.text("INSERT INTO cases VALUES (:id, :id, 'm', 'received', 0, 0, NULL, NULL)"), {"id": id}
            )
        connection.execute(sa.text("INSERT INTO attachments VALUES ('a', 'with', 1, 1, 's', 'h')"))
    migrate(engine)
    with reading(engine) as connection:
        marks = connection.execute(sa.text("SELECT id, is_unscanned FROM cases")).all()
        copies = connection.execute(sa.text("SELECT cleaned, cleaned_hash FROM attachments")).all()
    assert {row.id: bool(row.is_unscanned) for row in marks} == {"with": True, "without": False}
    assert [tuple(row) for row in copies] == [(None, None)]
    engine.dispose()


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


def test_every_table_can_be_spelled_for_postgresql() -> None:
    elements: list[DDLElement] = []
    for table in metadata.sorted_tables:
        elements += [CreateTable(table), *map(CreateIndex, table.indexes)]
    spelled = "".join(
        str(element.compile(dialect=sa.make_url("postgresql://").get_dialect()())) for element in elements
    )
    assert "WHERE state = 'todo'" in spelled
    assert "TIMESTAMP WITH TIME ZONE" in spelled
    assert "id BIGSERIAL" in spelled
