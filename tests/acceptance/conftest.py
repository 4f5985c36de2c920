"""A portal of real processes for each test or module."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.acceptance.running_portal import RunningPortal
from tests.postgres import Server
from tests.unlimited import CITIZENS_ONLY

Prepare = Callable[..., RunningPortal]


@pytest.fixture
def processes_settings(database_kind: str, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What a portal of real processes is started with; its database survives whatever happens to them."""
    if database_kind == "sqlite":
        yield dict(CITIZENS_ONLY)
        return
    server: Server = request.getfixturevalue("durable_postgres")
    databases = {name: server.create() for name in ("DATABASE_URL", "STAFF_DATABASE_URL")}
    yield {**CITIZENS_ONLY, **{name: server.url(database) for name, database in databases.items()}}
    for database in databases.values():
        server.drop(database)


@pytest.fixture
def new_portal(tmp_path: Path, processes_settings: dict[str, str]) -> Iterator[Prepare]:
    """Makes portals over the same data folder, not started yet; none of them outlives the test."""
    made: list[RunningPortal] = []

    def prepare(*, port: int | None = None, around: Sequence[str] = ()) -> RunningPortal:
        made.append(RunningPortal(tmp_path / "portal", port=port, around=around, settings=processes_settings))
        return made[-1]

    yield prepare
    for one in made:
        one.end()


@pytest.fixture
def workers() -> int:
    """How many processes deliver."""
    return 1


@pytest.fixture
def served_portal(new_portal: Prepare, workers: int) -> RunningPortal:
    """A portal that answers."""
    return new_portal().start(workers=workers)
