"""A portal that serves staff: members with roles, a real provider, and browsers that have logged in."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from movable_clock import MovableClock
from staff_login import Provider, StaffBrowser, running_provider

from forms_app.casework.access import Role
from forms_app.cli.demo_staff import hire
from forms_app.clock import utc_now
from forms_app.settings import LoginProvider, Settings
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.staff import members
from tests.demo_cases import sending

MUNICIPALITIES = frozenset({"arendal", "kristiansand", "bjornafjorden", "rudersdal"})


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """With a place to log in, and everybody of the demonstration at work."""
    login = LoginProvider(
        issuer=provider.issuer,
        client_id="portal",
        secret="any will do",
        levels=(),
        subject_claim="sub",
        own_address="",
    )
    return replace(settings, login=login)


@pytest.fixture(scope="session")
def hired(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with everybody of the demonstration at work; copied, never written."""
    path = tmp_path_factory.mktemp("hired") / "staff.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine, Schema.STAFF)
    hire(engine, provider.issuer, MUNICIPALITIES)
    engine.dispose()
    return path


@pytest.fixture
def staff_database(settings: Settings, hired: Path) -> Iterator[sa.Engine]:
    """Who works here, as a test looks into it."""
    shutil.copy(hired, settings.staff_database_url.removeprefix("sqlite:///"))
    engine = make_engine(settings.staff_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine) -> Flask:
    return make_app(settings)


@pytest.fixture
def browser(app: Flask, provider: Provider) -> StaffBrowser:
    """The browser of somebody who has not logged in yet."""
    return StaffBrowser(app, provider)


@pytest.fixture
def ingrid(browser: StaffBrowser) -> StaffBrowser:
    """A case worker in Arendal and Kristiansand, at work for Arendal."""
    assert browser.log_in("ingrid").status == 303
    return browser


@pytest.fixture
def someone(app: Flask, provider: Provider, staff_database: sa.Engine) -> Callable[[Role, str], StaffBrowser]:
    """A browser of somebody with exactly this role in exactly this municipality."""

    def log_in(role: Role, municipality: str) -> StaffBrowser:
        subject = f"{role}-{municipality}"
        with staff_database.begin() as connection:
            member = members.put(
                connection, issuer=provider.issuer, subject=subject, name=subject.title(), now=utc_now()
            )
            members.grant(connection, member, municipality, role)
        browser = StaffBrowser(app, provider)
        assert browser.log_in(subject).status == 303
        return browser

    return log_in


@pytest.fixture
def sent(settings: Settings, database: sa.Engine, clock: MovableClock) -> Callable[..., str]:
    """Sends a form a minute after the one before, and returns its reference."""
    return sending(settings, database, clock)
