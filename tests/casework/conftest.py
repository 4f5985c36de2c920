"""Cases that citizens have sent, for those who work on them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.settings import Settings
from tests.demo_cases import sending


@pytest.fixture
def sent(settings: Settings, database: sa.Engine, clock: MovableClock) -> Callable[..., str]:
    """Sends a form a minute after the one before, and returns its reference."""
    return sending(settings, database, clock)
