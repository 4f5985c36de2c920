"""One command at a time copies a database elsewhere."""

import pytest
import sqlalchemy as sa

from forms_app.storage.alone import BeingCopied, alone


def test_who_comes_meanwhile_is_refused(engine: sa.Engine) -> None:
    with alone(engine), pytest.raises(BeingCopied), alone(engine):
        pass


def test_who_comes_right_after_is_let_in(engine: sa.Engine) -> None:
    for unused_turn in range(30):
        with alone(engine):
            pass


def test_what_one_command_breaks_on_keeps_no_other_away(engine: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), alone(engine):
        raise ZeroDivisionError
    with alone(engine):
        pass
