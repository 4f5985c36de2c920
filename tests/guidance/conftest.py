"""Pages to seed faults into, and the real site built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from guidance_project import MENUS, PAGES, ROOT, Project, mkdocs
from playwright.sync_api import Browser, BrowserContext, Page
from site_server import SiteServer, serve

from tests.browser.watched import watch


@pytest.fixture
def project(tmp_path: Path, assets: Path) -> Project:
    """Front pages in three languages, and a page about complaints in two."""
    settings = f"""
INHERIT: {ROOT / "mkdocs.yml"}
docs_dir: docs
site_dir: site
theme: {{custom_dir: {ROOT / "site/theme"}}}
plugins:
  - search: {{lang: ["no", da]}}
  - guidance:
      deployment: {ROOT / "portal.toml"}
      shared: {ROOT / "forms_app/web/shared"}
      assets: {assets}
watch: []
"""
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    made = Project(tmp_path)
    for path, text in {**PAGES, **MENUS}.items():
        made.write(path, text)
    made.confirm()
    return made


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for what the asset build makes, so that these tests need no Node."""
    folder = tmp_path_factory.mktemp("assets")
    built = ROOT / "build" / "assets"
    if built.is_dir():
        shutil.copytree(built, folder, dirs_exist_ok=True)
    else:
        for name in ("designsystemet.css", "theme.css", "inter.woff2"):
            (folder / name).write_bytes(b"")
    return folder


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Path:
    """The real pages, built into a folder of the tests' own."""
    folder = tmp_path_factory.mktemp("real")
    settings = f"""
INHERIT: {ROOT / "mkdocs.yml"}
docs_dir: {ROOT / "docs"}
site_dir: {folder / "site"}
theme: {{custom_dir: {ROOT / "site/theme"}}}
plugins:
  - search: {{lang: ["no", da]}}
  - guidance:
      deployment: {ROOT / "portal.toml"}
      shared: {ROOT / "forms_app/web/shared"}
      assets: {assets}
watch: []
"""
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    done = mkdocs("-f", str(folder / "mkdocs.yml"))
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def site_server(built_site: Path) -> Iterator[SiteServer]:
    """The real site on a port of its own."""
    with serve(built_site) as server:
        yield server


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """Debian's Chromium."""
    return chromium


@pytest.fixture
def context(browser: Browser, site_server: SiteServer) -> Iterator[BrowserContext]:
    """Fails the test when anything is blocked, breaks, is asked of another host, or is kept on the reader's machine."""
    opened = browser.new_context(base_url=site_server.address)
    faults = watch(opened, site_server.address)
    yield opened
    assert opened.cookies() == []
    kept = "location.protocol === 'about:' ? 0 : localStorage.length + sessionStorage.length"
    assert sum(one.evaluate(kept) for one in opened.pages) == 0
    opened.close()
    assert faults == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page under watch."""
    return context.new_page()
