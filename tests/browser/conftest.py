"""A running portal for all tests of a process, and pages of it in Chromium."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import Journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.watched import watch
from tests.sample_files import pdf

OpenPage = Callable[..., Page]
FilledIn = Callable[[Page, Journey], None]
Sent = Callable[..., str]


@pytest.fixture(scope="session")
def portal_in_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal of real processes over a data folder of its own."""
    portal = RunningPortal(tmp_path_factory.mktemp("portal")).start()
    yield portal
    portal.end()


@pytest.fixture
def open_page(chromium: Browser, portal_in_browser: RunningPortal) -> Iterator[OpenPage]:
    """Opens a page in a context of its own; the test fails when anything was blocked, broke, or left the portal."""
    opened: list[tuple[BrowserContext, list[str]]] = []

    def open_(*, scripts: bool = True, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(
            base_url=portal_in_browser.root,
            java_script_enabled=scripts,
            viewport={"width": width, "height": height},
            **options,  # type: ignore[arg-type]
        )
        opened.append((context, watch(context, portal_in_browser.root)))
        page = context.new_page()
        # From now on the browser asks us for files: told at the press itself it may learn of it too late.
        page.on("filechooser", lambda unused_chooser: None)
        return page

    yield open_
    for context, faults in opened:
        context.close()
        assert faults == []


@pytest.fixture
def filled_in(portal_in_browser: RunningPortal) -> FilledIn:
    """Gives a page a form that was filled in without a browser, in a tenth of the time, and is not sent yet."""

    def give(page: Page, trip: Journey) -> None:
        citizen = HTTPCitizen(portal_in_browser.port, trip)
        citizen.fill_in()
        _go_on(page, portal_in_browser, citizen)

    return give


@pytest.fixture
def sent(portal_in_browser: RunningPortal) -> Sent:
    """Gives a page a form that was sent without a browser; returns its reference."""

    def give(page: Page, trip: Journey, files: Sequence[Path] = ()) -> str:
        citizen = HTTPCitizen(portal_in_browser.port, trip)
        reference = citizen.send([(file.name, file.read_bytes()) for file in files]).receipt_reference
        assert reference
        _go_on(page, portal_in_browser, citizen)
        return reference

    return give


def _go_on(page: Page, portal: RunningPortal, citizen: HTTPCitizen) -> None:
    page.context.add_cookies(
        [{"name": name, "value": value, "url": portal.root} for name, value in citizen.cookies.items()]
    )


@pytest.fixture
def letters(tmp_path: Path) -> list[Path]:
    """Two files with the names that people here give them."""
    found = []
    for name, content in (
        ("Vedtak fra Bærum – søknad nr. 1.pdf", pdf(b"Et vedtak")),
        ("Brev på åtte sider (æøå).txt", "Et brev på åtte sider".encode()),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        found.append(path)
    return found
