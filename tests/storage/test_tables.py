"""What the tables refuse, whoever writes to them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from forms_app.storage import audit, deliveries
from forms_app.storage.columns import NotUTC
from forms_app.storage.deliveries import NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import audit as audit_table
from forms_app.storage.tables import deliveries as deliveries_table
from forms_app.storage.tables import submissions


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 23, 12), datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=1)))]
)
def test_a_time_that_is_not_in_utc_is_refused(engine: sa.Engine, moment: datetime) -> None:
    with pytest.raises(NotUTC), engine.begin() as connection:
        audit.record(connection, at=moment, actor="worker", action="try", subject="x")


def test_a_time_comes_back_in_utc_to_the_microsecond(engine: sa.Engine) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC)
    with engine.begin() as connection:
        audit.record(connection, at=moment, actor="worker", action="try", subject="x")
    with reading(engine) as connection:
        (told,) = connection.execute(sa.select(audit_table.c.at)).scalars()
    assert told == moment
    assert told.tzinfo is UTC


def test_a_submission_with_deliveries_cannot_be_deleted(
    engine: sa.Engine, stored: Callable[..., NewSubmission]
) -> None:
    submission = stored()
    with engine.begin() as connection:
        owed = NewDelivery(key="folder:1", kind="folder", submission_id=submission.id)
        deliveries.enqueue(connection, [owed])
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.delete(submissions))
    with reading(engine) as connection:
        assert len(deliveries.of(connection, submission.id)) == 1


def test_envelopes_cannot_vanish_without_a_note_of_their_erasure(
    engine: sa.Engine, stored: Callable[..., NewSubmission], now: datetime
) -> None:
    stored()
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.update(submissions).values(answers=None))
    with engine.begin() as connection:
        connection.execute(sa.update(submissions).values(answers=None, summary=None, erased_at=now))


def test_a_state_that_is_not_in_the_glossary_is_refused(
    engine: sa.Engine, stored: Callable[..., NewSubmission]
) -> None:
    submission = stored()
    with engine.begin() as connection:
        owed = NewDelivery(key="folder:1", kind="folder", submission_id=submission.id)
        deliveries.enqueue(connection, [owed])
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.update(deliveries_table).values(state="dead"))
