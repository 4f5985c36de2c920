"""A portal of real processes for each test or module."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.acceptance.running_portal import RunningPortal

Prepare = Callable[..., RunningPortal]


@pytest.fixture
def new_portal(tmp_path: Path) -> Iterator[Prepare]:
    """Makes portals over the same data folder, not started yet; none of them outlives the test."""
    made: list[RunningPortal] = []

    def prepare(*, port: int | None = None, around: Sequence[str] = ()) -> RunningPortal:
        made.append(RunningPortal(tmp_path / "portal", port=port, around=around))
        return made[-1]

    yield prepare
    for one in made:
        one.end()


@pytest.fixture
def served_portal(new_portal: Prepare) -> RunningPortal:
    """A portal that answers."""
    return new_portal().start()


@pytest.fixture(scope="module")
def shared_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """One portal for the tests of a module that leave it running."""
    portal = RunningPortal(tmp_path_factory.mktemp("portal")).start()
    yield portal
    portal.end()
