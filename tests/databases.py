"""The two kinds of database: whatever touches rows is tested on both, everything else on SQLite.

A test of a directory in ON_BOTH that asks for a database, however indirectly, runs once on each.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres import Server

from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate

ON_BOTH = frozenset({"books", "casework", "complaints", "delivery", "intake", "storage"})
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
def templates(postgres: Server) -> dict[Schema, str]:
    """A migrated database of each kind to copy from."""
    made = {}
    for schema in Schema:
        made[schema] = postgres.create()
        engine = make_engine(postgres.url(made[schema]))
        migrate(engine, schema)
        engine.dispose()
    return made


@pytest.fixture
def new_database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Makes databases of this test's kind, which go with it."""
    made: list[str] = []

    def make(schema: Schema | None = None) -> str:
        if database_kind == "sqlite":
            made.append("")
            url = f"sqlite:///{tmp_path / f'new-{len(made)}.sqlite'}"
            if schema:
                engine = make_engine(url)
                migrate(engine, schema)
                engine.dispose()
            return url
        server: Server = request.getfixturevalue("postgres")
        template = request.getfixturevalue("templates")[schema] if schema else "template0"
        made.append(server.create(template))
        return server.url(made[-1])

    yield make
    for name in filter(None, made):
        request.getfixturevalue("postgres").drop(name)
