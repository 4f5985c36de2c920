"""A portal with something in it, and empty places of both kinds to put it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from movable_clock import MovableClock
from pyrage.x25519 import Identity
from whole_portal import EmptyPlace, Filled

from forms_app.cli.demo_staff import hire
from forms_app.settings import Settings, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate


@pytest.fixture
def owner_settings(environ: dict[str, str]) -> Settings:
    """Those of whoever the tables belong to, who looks after whole databases."""
    return from_environ(environ)


@pytest.fixture
def staff_database(owner_settings: Settings) -> Iterator[sa.Engine]:
    """Who works here: everybody of the demonstration."""
    engine = make_engine(owner_settings.staff_database_url)
    migrate(engine, Schema.STAFF)
    hire(engine, "https://login.example.org", frozenset({"arendal"}))
    yield engine
    engine.dispose()


@pytest.fixture
def filled(
    app: Flask, settings: Settings, database: sa.Engine, clock: MovableClock, identities: Sequence[Identity]
) -> Filled:
    """A form sent in the browser, others sent without pages, and a draft that is not sent."""
    found = Filled(settings=settings, engine=database, clock=clock, identities=identities)
    found.fill(app)
    return found


@pytest.fixture
def target_kind(database_kind: str) -> str:
    """The other kind; a test may ask for both."""
    return "postgresql" if database_kind == "sqlite" else "sqlite"


@pytest.fixture
def empty_place(target_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmptyPlace]:
    """Makes databases without a table."""
    made: list[sa.Engine] = []

    def make() -> sa.Engine:
        if target_kind == "sqlite":
            url = f"sqlite:///{tmp_path / f'elsewhere-{len(made)}.sqlite'}"
        else:
            server = request.getfixturevalue("postgres")
            url = server.url(server.create())
        made.append(make_engine(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
        if engine.dialect.name == "postgresql":
            request.getfixturevalue("postgres").drop(engine.url.database)


@pytest.fixture
def target(empty_place: EmptyPlace) -> sa.Engine:
    """One such place."""
    return empty_place()
