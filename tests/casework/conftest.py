"""Cases that citizens have sent, for those who work on them."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.settings import Settings, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.roles import DatabaseRole
from tests.demo_cases import sending


@pytest.fixture
def database(environ: dict[str, str], as_role: Callable[[str, DatabaseRole], str]) -> Iterator[sa.Engine]:
    """The portal's database for staff, with no more rights than they have."""
    engine = make_engine(as_role(from_environ(environ).database_url, DatabaseRole.STAFF))
    yield engine
    engine.dispose()


@pytest.fixture
def sent(settings: Settings, database: sa.Engine, clock: MovableClock) -> Callable[..., str]:
    """Sends a form a minute after the one before, and returns its reference."""
    return sending(settings, database, clock)
