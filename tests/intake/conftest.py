"""Someone to send a form to, and ears on the database."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from counter import Counter
from movable_clock import MovableClock

from forms_app.intake.submit import Desk
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings
from forms_app.storage.engine import make_engine


@pytest.fixture
def counter(settings: Settings, clock: MovableClock) -> Iterator[Counter]:
    engine = make_engine(settings.database_url)
    yield Counter(
        desk=Desk(engine=engine, clock=clock, signer=load_signing_key(settings.signing_key)), settings=settings
    )
    engine.dispose()


@pytest.fixture
def on_statement(counter: Counter) -> Iterator[Callable[[Callable[[str], None]], None]]:
    """Calls a function with every statement before it is executed."""
    hooks: list[Callable[..., None]] = []

    def listen(hook: Callable[[str], None]) -> None:
        hooks.append(lambda unused_connection, unused_cursor, statement, *unused_rest: hook(statement))
        sa.event.listen(counter.desk.engine, "before_cursor_execute", hooks[-1])

    yield listen
    for hook in hooks:
        sa.event.remove(counter.desk.engine, "before_cursor_execute", hook)
