"""A real portal behind a real nginx, for all tests of this folder that leave it as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.web.front_pages import front_pages
from tests.deploy.front_server import FrontServer
from tests.deploy.real_portal import RealPortal
from tests.house.house import ROOT


@pytest.fixture(scope="session")
def current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lies at /opt/portal/current: the sources, and what `make build` makes of them."""
    folder = tmp_path_factory.mktemp("current")
    (folder / "forms_app").symlink_to(ROOT / "forms_app")
    (folder / "build" / "front").mkdir(parents=True)
    for name in ("site", "assets"):
        (folder / "build" / name).symlink_to(ROOT / "build" / name)
    for name, page in front_pages(demo=False):
        (folder / "build" / "front" / name).write_text(page, "utf-8")
    return folder


@pytest.fixture(scope="module")
def real_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPortal]:
    portal = RealPortal(tmp_path_factory.mktemp("real"))
    try:
        portal.prepare()
        yield portal
    finally:
        portal.end()


@pytest.fixture(scope="module")
def front(real_portal: RealPortal, current: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontServer]:
    server = FrontServer(tmp_path_factory.mktemp("nginx"), current=current, sockets=real_portal.socket_path.parent)
    server.start()
    yield server
    server.end()
