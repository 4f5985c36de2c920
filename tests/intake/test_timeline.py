"""Where a case stands, in words, with the dates of what happened."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from counter import Counter

from forms_app.forms.answers import context_of
from forms_app.intake import status
from forms_app.intake.timeline import STATUS_TEXTS, Told, tell
from forms_app.language import Language, use
from forms_app.sealing.codes import Code
from forms_app.storage import deliveries
from forms_app.storage.case_events import StatusText
from forms_app.storage.deliveries import CONFIRMATION_MAIL, NOTICE, NewDelivery
from forms_app.storage.tables import DeliveryStatus
from forms_app.storage.tables import cases as case_rows
from forms_app.storage.tables import deliveries as delivery_rows

LATER = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def code(counter: Counter) -> Code:
    """Of a complaint that was sent."""
    code = counter.begin()
    counter.send(code)
    return code


def told(counter: Counter, code: Code) -> Told:
    standing = status.find(counter.desk.engine, code)
    assert standing
    row, receipt = standing.first.row, standing.first.receipt
    answers = (receipt.answers if receipt else None) or {}
    context = context_of(
        counter.settings.deployment, row.municipality, Language(row.language), row.accepted_at, answers
    )
    return tell(standing, context)


def finish(database: sa.Engine, state: DeliveryStatus, *, kind: str = "folder") -> None:
    with database.begin() as connection:
        values = {"state": state, "finished_at": LATER.timestamp()}
        connection.execute(sa.update(delivery_rows).where(delivery_rows.c.kind == kind).values(values))


def test_it_is_handed_over_when_every_channel_has_it(counter: Counter, code: Code, database: sa.Engine) -> None:
    with database.begin() as connection:
        id = connection.execute(sa.select(delivery_rows.c.submission_id)).scalar_one()
        for kind in ("other", CONFIRMATION_MAIL, NOTICE):
            deliveries.enqueue(connection, [NewDelivery(key=kind, kind=kind, submission_id=id)])
    assert len(told(counter, code).lines) == 1
    finish(database, DeliveryStatus.SUCCEEDED)
    assert len(told(counter, code).lines) == 1
    finish(database, DeliveryStatus.GIVEN_UP, kind="other")
    assert len(told(counter, code).lines) == 1
    finish(database, DeliveryStatus.SUCCEEDED, kind="other")
    received, handed_over = told(counter, code).lines
    assert (received.title, handed_over.title) == ("Mottatt", "Overført")
    assert handed_over.when == "23. november 2026 kl. 09:30"


def test_a_proof_of_the_hand_over_gives_its_time(counter: Counter, code: Code, database: sa.Engine) -> None:
    proved = LATER + timedelta(days=1)
    with database.begin() as connection:
        connection.execute(sa.update(case_rows).values(handed_over_at=proved))
    finish(database, DeliveryStatus.SUCCEEDED)
    assert told(counter, code).lines[1].at == proved


def test_without_the_answers_nothing_is_told_that_depends_on_them(counter: Counter, code: Code) -> None:
    assert len(told(counter, code).next_steps) > 1
    standing = status.find(counter.desk.engine, code)
    assert standing
    status.delete_own_copy(counter.desk.engine, counter.desk.clock, standing)
    assert len(told(counter, code).next_steps) == 1


def test_every_text_that_staff_can_choose_is_said_in_every_language() -> None:
    assert set(STATUS_TEXTS) == set(StatusText)
    for text in STATUS_TEXTS.values():
        said = set()
        for language in Language:
            with use(language):
                said.add(str(text))
        assert len(said) == len(Language), said
