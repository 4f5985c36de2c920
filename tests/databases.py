"""The two kinds of database: whatever touches rows is tested on both, everything else on SQLite.

A test of a directory in ON_BOTH that asks for a database, however indirectly, runs once on each.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres import Server

from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.roles import DatabaseRole, grant

ON_BOTH = frozenset({"acceptance", "books", "casework", "delivery", "intake", "storage", "upkeep"})
NewDatabase = Callable[..., str]
"""Makes one that no other test knows, and returns its URL. Without a schema it has no tables."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    directory = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    if "database_kind" in metafunc.fixturenames and directory in ON_BOTH:
        only = metafunc.definition.get_closest_marker("only_on")
        metafunc.parametrize("database_kind", only.args if only else ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    """Which of the two this test runs on."""
    return "sqlite"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process; it does not survive a crash, and need not."""
    server = Server(is_durable=False)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[Server]:
    """One that keeps what it has acknowledged, for tests that kill it or what writes to it."""
    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> dict[Schema, Path]:
    """The same in SQLite; copied, never written."""
    made = {schema: tmp_path_factory.mktemp("migrated") / f"{schema.name.lower()}.sqlite" for schema in Schema}
    for schema, path in made.items():
        engine = make_engine(f"sqlite:///{path}")
        migrate(engine, schema)
        engine.dispose()
    return made


@pytest.fixture(scope="session")
def templates(postgres: Server) -> dict[Schema, str]:
    """A migrated database of each kind to copy from."""
    made = {}
    for schema in Schema:
        made[schema] = postgres.create()
        engine = make_engine(postgres.url(made[schema]))
        migrate(engine, schema)
        with engine.begin() as connection:
            grant(connection, schema)
        engine.dispose()
    return made


@pytest.fixture(scope="session")
def logins(postgres: Server, templates: dict[Schema, str]) -> dict[DatabaseRole, str]:
    """Somebody who logs in for each role; the roles belong to the server and not to one database."""
    return {role: postgres.add_login(f"{role}_1", role) for role in DatabaseRole}


@pytest.fixture
def as_role(request: pytest.FixtureRequest) -> Callable[[str, DatabaseRole], str]:
    """The same database for whoever has that role; on SQLite, which has none, the same URL."""

    def change(url: str, role: DatabaseRole) -> str:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return url
        login: str = request.getfixturevalue("logins")[role]
        return parsed.set(username=login).render_as_string(hide_password=False)

    return change


@pytest.fixture
def new_database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Makes databases of this test's kind, which go with it."""
    made: list[str] = []

    def make(schema: Schema | None = None) -> str:
        if database_kind == "sqlite":
            made.append("")
            url = f"sqlite:///{tmp_path / f'new-{len(made)}.sqlite'}"
            if schema:
                shutil.copy(request.getfixturevalue("migrated_files")[schema], tmp_path / f"new-{len(made)}.sqlite")
            return url
        server: Server = request.getfixturevalue("postgres")
        template = request.getfixturevalue("templates")[schema] if schema else "template0"
        made.append(server.create(template))
        return server.url(made[-1])

    yield make
    for name in filter(None, made):
        request.getfixturevalue("postgres").drop(name)
