"""A whole portal in a folder of its own: keys, migrated database, a tiny site, and a clock that tests move."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
import structlog
from checked_client import CheckedClient
from click.testing import CliRunner
from command import Command, Ended
from flask import Flask
from movable_clock import MovableClock
from playwright.sync_api import Browser, expect, sync_playwright
from pyrage.x25519 import Identity
from templates_kept import TemplatesKept
from unlimited import UNLIMITED

from forms_app.app import create_app
from forms_app.books.canaries import Confirmer
from forms_app.cli import demo, main
from forms_app.intake import uploads
from forms_app.language import Language, use
from forms_app.sealing.keys import load_identities
from forms_app.settings import REPOSITORY, Settings, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.roles import DatabaseRole
from tests.browser.chromium import launch

pytest_plugins = ["tests.combinations", "tests.databases"]
# On a busy machine one slow example is no fault, and a run that cannot be repeated helps nobody.
hypothesis.settings.register_profile("portal", deadline=None, derandomize=True)
hypothesis.settings.load_profile("portal")
expect.set_options(timeout=30_000)
# Every test has an application of its own, but the templates are the same for all.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": TemplatesKept()}
# What a file is depends on its name and its bytes only: the process that tells is started once for each of them.
uploads.inspect_apart = lru_cache(maxsize=100)(uploads.inspect_apart)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """No test is named after a whole file: one that says when it was made would have another name in each process."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """What a test makes the process speak ends with the test."""
    with use(Language.NB):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium: one for all tests of a process, which open a context of their own in it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a demonstration makes it, with a site of two pages beside it; copied, never written."""
    folder = tmp_path_factory.mktemp("prepared")
    data = folder / "data"
    data.mkdir()
    demo.prepare(data)
    engine = make_engine(f"sqlite:///{data / 'portal.sqlite'}")
    migrate(engine)
    engine.dispose()
    for page in ("site/index.html", "site/nb/index.html"):
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text("<!doctype html><title>Veiledning</title>", "utf-8")
    (folder / "assets").mkdir()
    (folder / "assets" / "theme.css").write_text("body { margin: 0 }", "utf-8")
    (folder / "assets" / "forms").mkdir()
    (folder / "assets" / "forms" / "forms.css").write_text("body { margin: 0 }", "utf-8")
    return folder


@pytest.fixture
def environ(prepared: Path, tmp_path: Path, database_kind: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables a process of this test's portal is started with."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    elsewhere = {}
    if database_kind != "sqlite":
        (tmp_path / "data" / "portal.sqlite").unlink()
        make: Callable[..., str] = request.getfixturevalue("new_database")
        elsewhere = {"DATABASE_URL": make(Schema.PORTAL), "STAFF_DATABASE_URL": make(Schema.STAFF)}
    return {
        "PORTAL_DATA": str(tmp_path / "data"),
        "PORTAL_CONFIG": str(REPOSITORY / "portal.toml"),
        "PORTAL_SITE": str(prepared / "site"),
        "PORTAL_ASSETS": str(prepared / "assets"),
        "PORTAL_PAPER": str(prepared / "paper"),
        **elsewhere,
        **UNLIMITED,
    }


@pytest.fixture
def settings(environ: dict[str, str], as_role: Callable[[str, DatabaseRole], str]) -> Settings:
    """Those of a process that citizens reach, with its rights."""
    settings = from_environ(environ)
    return replace(settings, database_url=as_role(settings.database_url, DatabaseRole.CITIZEN))


@pytest.fixture
def real_settings(settings: Settings) -> Settings:
    """The same portal, not as a demonstration: secure cookies and all."""
    return replace(settings, deployment=replace(settings.deployment, demo=False))


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def make_app(clock: MovableClock) -> Iterator[Callable[[Settings], Flask]]:
    """Makes applications whose databases are closed after the test."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings, clock=clock))
        return made[-1]

    yield make
    for app in made:
        app.extensions["portal"].desk.engine.dispose()


@pytest.fixture
def app(make_app: Callable[[Settings], Flask], settings: Settings) -> Flask:
    return make_app(settings)


@pytest.fixture
def real_app(
    make_app: Callable[[Settings], Flask],
    real_settings: Settings,
    clock: MovableClock,
    database: sa.Engine,
    identities: tuple[Identity, ...],
) -> Flask:
    """Not as a demonstration, and the worker has shown that it can open what is sent."""
    app = make_app(real_settings)
    Confirmer(engine=database, clock=clock, identities=identities).run_once()
    return app


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A citizen's browser."""
    return CheckedClient(app)


@pytest.fixture
def database(environ: dict[str, str]) -> Iterator[sa.Engine]:
    """The portal's database, as a test looks into it."""
    engine = make_engine(from_environ(environ).database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def intruder(environ: dict[str, str]) -> Iterator[sa.Engine]:
    """The portal's database as whoever may do everything with it: what no role of ours may do, they can."""
    engine = make_engine(from_environ(environ).database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def identities(settings: Settings) -> tuple[Identity, ...]:
    """The opening keys that case workers hold."""
    assert settings.opening_keys
    return load_identities(settings.opening_keys)


@pytest.fixture
def portal(environ: dict[str, str]) -> Iterator[Command]:
    """Runs `portal …` on this test's data."""

    def run(*arguments: str, exit_code: int = 0, **changed: str) -> Ended:
        result = CliRunner(env=environ | changed).invoke(main, arguments)
        assert result.exit_code == exit_code, result.output
        # A command that fails without a sentence of ours would print a traceback.
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return Ended(stdout=result.stdout, stderr=result.stderr)

    yield run
    structlog.reset_defaults()


@pytest.fixture
def portal_process(environ: dict[str, str]) -> Command:
    """Runs `portal …` on this test's data in a process of its own, for commands that log or catch signals."""

    def run(*arguments: str, exit_code: int = 0, **changed: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "forms_app.cli", *arguments],
            env={**os.environ, **environ, **changed},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == exit_code, ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ended(stdout=ended.stdout, stderr=ended.stderr)

    return run
