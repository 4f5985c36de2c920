"""Cases that citizens have sent, for those who work on them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.forms.definition import FormKey
from forms_app.sealing.submission import SentFile
from forms_app.settings import Settings
from tests.demo_cases import Answers, Sender, sample_answers

Sending = Callable[..., str]


@pytest.fixture
def sent(settings: Settings, database: sa.Engine, clock: MovableClock) -> Sending:
    """Sends a form a minute after the one before, and returns its reference."""

    def send(
        form: FormKey = FormKey.APPLICATION,
        *,
        place: str = "arendal",
        files: tuple[SentFile, ...] = (),
        **answers: str | list[str],
    ) -> str:
        clock.move(minutes=1)
        given: Answers = {name: [one] if isinstance(one, str) else one for name, one in answers.items()}
        sender = Sender(settings, database, place)
        return sender.send(form, {**sample_answers(form), **given}, files, at=clock())

    return send
