"""What each role may do on PostgreSQL, tried: the citizens' processes add and never read what staff wrote, and nobody
changes what was sent or the audit trail.
"""

import importlib
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from forms_app import storage
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema
from forms_app.storage.roles import RIGHTS, DatabaseRole, grant
from forms_app.storage.staff.tables import metadata as staff_metadata
from forms_app.storage.tables import metadata
from tests.databases import NewDatabase

pytestmark = pytest.mark.only_on("postgresql")

DEEDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
def granted(new_database: NewDatabase) -> sa.URL:
    """A database whose roles have just been given their rights."""
    url = sa.make_url(new_database(Schema.PORTAL))
    give(url, Schema.PORTAL)
    return url


def give(url: sa.URL, schema: Schema) -> None:
    with engine_of(url) as engine, engine.begin() as connection:
        grant(connection, schema)


@contextmanager
def engine_of(url: sa.URL) -> Iterator[sa.Engine]:
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def try_as(granted: sa.URL, logins: dict[DatabaseRole, str]) -> Callable[[DatabaseRole, str], Any]:
    """Does something as whoever has a role; what the server refuses is raised."""

    def do(role: DatabaseRole, statement: str) -> Any:
        with engine_of(granted.set(username=logins[role])) as engine, engine.begin() as connection:
            return connection.exec_driver_sql(statement)

    return do


def assert_refused(try_as: Callable[[DatabaseRole, str], Any], role: DatabaseRole, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as caught:
        try_as(role, statement)
    assert type(caught.value.orig) is psycopg.errors.InsufficientPrivilege


def test_every_table_has_its_rights_told_for_every_role() -> None:
    for module in pkgutil.iter_modules(storage.__path__, "forms_app.storage."):
        importlib.import_module(module.name)
    for role in DatabaseRole:
        assert set(RIGHTS[role]) == set(metadata.tables)


@pytest.mark.parametrize("role", DatabaseRole)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submissions SET sealed_hash = ''",
        "UPDATE submissions SET reference = ''",
        "UPDATE submissions SET accepted_at = now()",
        "DELETE FROM submissions",
        "DELETE FROM attachments",
        "UPDATE attachments SET sealed_hash = ''",
        "DELETE FROM cases",
        "DELETE FROM deliveries",
        "DELETE FROM follow_ups",
        "DELETE FROM case_events",
        "DELETE FROM case_notes",
        "DELETE FROM attempts",
        "UPDATE attempts SET outcome = outcome",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "UPDATE audit_links SET sha256 = sha256",
        "DELETE FROM audit_links",
        "UPDATE audit_heads SET signature = signature",
        "DELETE FROM audit_heads",
        "DELETE FROM sign_offs",
        "UPDATE alembic_version SET version_num = ''",
        "TRUNCATE submissions CASCADE",
        "DROP TABLE limits",
        "CREATE TABLE mine (id int)",
        "CREATE ROLE mine",
    ],
)
def test_nobody_may(try_as: Callable[[DatabaseRole, str], Any], role: DatabaseRole, statement: str) -> None:
    assert_refused(try_as, role, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submissions SET answers = NULL, summary = NULL, erased_at = now()",
        "SELECT sealed FROM attachments",
        "UPDATE attachments SET sealed = NULL",
        "SELECT * FROM case_notes",
        "INSERT INTO case_notes (case_id, at, author) VALUES (gen_random_uuid(), now(), '')",
        "SELECT * FROM complaints",
        "SELECT * FROM sign_offs",
        "SELECT actor FROM audit",
        "SELECT * FROM audit_links",
        "UPDATE cases SET assignee = NULL",
        "UPDATE cases SET status = 'closed'",
        "UPDATE cases SET handed_over_at = now()",
        "UPDATE cases SET opened_at = now()",
        "UPDATE case_events SET status = status",
        "UPDATE deadlines SET due_on = due_on",
        "UPDATE deliveries SET state = 'succeeded'",
        "UPDATE canaries SET proof = ''",
        "SELECT * FROM beats",
        "SELECT * FROM turns",
    ],
)
def test_the_citizens_processes_may_not(try_as: Callable[[DatabaseRole, str], Any], statement: str) -> None:
    assert_refused(try_as, DatabaseRole.CITIZEN, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM draft_steps",
        "SELECT * FROM draft_files",
        "UPDATE submissions SET answers = NULL",
        "UPDATE cases SET status = 'closed'",
        "SELECT * FROM case_notes",
        "SELECT * FROM limits",
        "INSERT INTO deliveries DEFAULT VALUES",
    ],
)
def test_the_worker_may_not(try_as: Callable[[DatabaseRole, str], Any], statement: str) -> None:
    assert_refused(try_as, DatabaseRole.WORKER, statement)


@pytest.mark.parametrize(("role", "table"), [*itertools.product(DatabaseRole, metadata.tables)])
def test_a_role_has_the_rights_that_are_told_and_no_others(
    granted: sa.URL, logins: dict[DatabaseRole, str], role: DatabaseRole, table: str
) -> None:
    whole = {one for one in RIGHTS[role][table].replace(" ", "").split(",") if one in DEEDS}
    with engine_of(granted) as engine, engine.begin() as connection:
        asked = sa.text("SELECT has_table_privilege(:who, :table, :deed)")
        has = {deed: connection.execute(asked, {"who": logins[role], "table": table, "deed": deed}) for deed in DEEDS}
        assert {deed for deed, answer in has.items() if answer.scalar()} == whole


@pytest.mark.parametrize("role", [DatabaseRole.CITIZEN, DatabaseRole.WORKER])
def test_only_staff_reach_the_database_of_the_staff(
    new_database: NewDatabase, logins: dict[DatabaseRole, str], role: DatabaseRole
) -> None:
    url = sa.make_url(new_database(Schema.STAFF))
    give(url, Schema.STAFF)
    refused = pytest.raises(sa.exc.OperationalError, match="permission denied for database")
    with engine_of(url.set(username=logins[role])) as engine, refused, engine.connect():
        pass
    with engine_of(url.set(username=logins[DatabaseRole.STAFF])) as engine, engine.begin() as connection:
        for table in staff_metadata.tables:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_giving_rights_again_takes_away_what_somebody_gave_besides(granted: sa.URL) -> None:
    with engine_of(granted) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("GRANT ALL ON audit TO portal_citizen, PUBLIC")
            connection.exec_driver_sql("GRANT UPDATE (answers) ON submissions TO portal_citizen")
        with engine.begin() as connection:
            grant(connection, Schema.PORTAL)
        with engine.connect() as connection:
            assert not connection.exec_driver_sql(
                "SELECT has_any_column_privilege('portal_citizen', 'audit', 'UPDATE')"
                " OR has_column_privilege('portal_citizen', 'submissions', 'answers', 'UPDATE')"
            ).scalar()
