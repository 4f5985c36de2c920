"""Nothing is erased that nobody has opened, that is still owed, or that nobody can prove to have elsewhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from acknowledging import acknowledged
from case_pages import add, status_url, take_back
from checked_client import CheckedClient, File
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from form_journeys import LEAST, Journey, reference_of
from movable_clock import MovableClock
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.casework import families
from forms_app.casework.opening import Erased, open_case
from forms_app.casework.retention import EXPORTED, Archivist, NotExported, Obstacle
from forms_app.casework.status import Change, history, set_status
from forms_app.language import Language
from forms_app.municipality import RetentionOutcome, RetentionRule
from forms_app.storage import acknowledgements, audit, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import AnsweredBy, CaseStatus, deliveries

SHA = "ab" * 32
RULES = [
    RetentionRule(form="application", outcome=RetentionOutcome.ANSWERED, days=30),
    RetentionRule(form="application", outcome=RetentionOutcome.TAKEN_BACK, days=5),
]


@pytest.fixture
def archivist(database: sa.Engine, clock: MovableClock) -> Archivist:
    return Archivist(engine=database, clock=clock, zone="Europe/Oslo", rules=RULES, actor="staff:x")


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    journey = Rehearsed(client, Language.NB, "application", LEAST, [File(name="a.txt", content=b"hemmelig")])
    journey.send()
    return journey


@pytest.fixture
def reference(client: CheckedClient, journey: Journey) -> str:
    return reference_of(client.get(journey.receipt_url))


Do = Callable[[], None]


@pytest.fixture
def opened(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...], reference: str) -> Do:
    def do() -> None:
        open_case(database, clock, identities, reference, actor="staff:x")

    return do


@pytest.fixture
def answered(database: sa.Engine, clock: MovableClock, reference: str) -> Do:
    def do() -> None:
        change = Change(status=CaseStatus.ANSWERED, on=date(2026, 11, 22), by=AnsweredBy.LETTER)
        set_status(database, clock, reference, change, actor="staff:x")

    return do


def finish_deliveries(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(deliveries).values(state="succeeded"))


def take_out(database: sa.Engine, clock: MovableClock, reference: str, sha256: str = SHA) -> None:
    with database.begin() as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        audit.record(connection, at=clock(), actor="staff:x", action=f"{EXPORTED} {sha256}", subject=str(row.id))


def obstacles(archivist: Archivist) -> list[Obstacle | None]:
    return [line.obstacle for line in archivist.preview("arendal")]


def test_an_open_case_is_not_even_on_the_list(archivist: Archivist, reference: str) -> None:
    assert archivist.preview("arendal") == []
    assert archivist.erase("arendal", [reference]) == []


def test_each_thing_that_stands_in_the_way_is_named_in_turn(
    archivist: Archivist,
    database: sa.Engine,
    clock: MovableClock,
    client: CheckedClient,
    journey: Journey,
    reference: str,
    opened: Do,
    answered: Do,
) -> None:
    answered()
    assert obstacles(archivist) == [Obstacle.UNOPENED]
    opened()
    add(client, journey, File(name="b.txt", content=b"mer"))
    assert obstacles(archivist) == [Obstacle.NEWS]
    opened()
    assert obstacles(archivist) == [Obstacle.DELIVERY]
    finish_deliveries(database)
    assert obstacles(archivist) == [Obstacle.NO_PROOF]
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    assert obstacles(archivist) == [Obstacle.NOT_DUE]
    clock.move(days=29)
    assert archivist.erase("arendal", [reference]) == []
    clock.move(days=1)
    assert obstacles(archivist) == [None]
    assert archivist.erase("arendal", [reference]) == [reference]


def test_what_no_rule_names_is_kept(
    archivist: Archivist, database: sa.Engine, clock: MovableClock, reference: str, opened: Do
) -> None:
    opened()
    set_status(database, clock, reference, Change(status=CaseStatus.CLOSED), actor="staff:x")
    finish_deliveries(database)
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    clock.move(days=4000)
    assert obstacles(archivist) == [Obstacle.NO_RULE]


def test_a_signature_counts_for_what_had_been_sent_by_then(
    archivist: Archivist,
    database: sa.Engine,
    clock: MovableClock,
    client: CheckedClient,
    journey: Journey,
    reference: str,
    opened: Do,
    answered: Do,
) -> None:
    opened()
    answered()
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    clock.move(days=1)
    add(client, journey, File(name="b.txt", content=b"mer"))
    opened()
    finish_deliveries(database)
    assert obstacles(archivist) == [Obstacle.NO_PROOF]


def acknowledge(intruder: sa.Engine, *, but: int = 0) -> None:
    """As receivers do; of the last deliveries, not."""
    with intruder.begin() as connection:
        rows = connection.execute(sa.select(deliveries.c.id, deliveries.c.key).order_by(deliveries.c.id)).all()
        for row in rows[: len(rows) - but]:
            signed = acknowledged(Ed25519PrivateKey.generate(), "0" * 64, key=row.key)
            acknowledgements.insert(connection, row.id, signed, now=datetime.now(UTC))


def test_what_receivers_have_acknowledged_needs_no_signature_but_each_sending_its_own(
    archivist: Archivist,
    database: sa.Engine,
    intruder: sa.Engine,
    clock: MovableClock,
    client: CheckedClient,
    journey: Journey,
    reference: str,
    opened: Do,
    answered: Do,
) -> None:
    add(client, journey, File(name="b.txt", content=b"mer"))
    opened()
    answered()
    finish_deliveries(database)
    acknowledge(intruder, but=1)
    clock.move(days=31)
    assert obstacles(archivist) == [Obstacle.NO_PROOF]
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    assert obstacles(archivist) == [None]


def test_with_every_sending_acknowledged_a_case_can_be_erased(
    archivist: Archivist,
    database: sa.Engine,
    intruder: sa.Engine,
    clock: MovableClock,
    client: CheckedClient,
    journey: Journey,
    reference: str,
    opened: Do,
    answered: Do,
) -> None:
    add(client, journey, File(name="b.txt", content=b"mer"))
    opened()
    answered()
    finish_deliveries(database)
    acknowledge(intruder)
    clock.move(days=31)
    assert archivist.erase("arendal", [reference]) == [reference]


def test_nobody_signs_for_a_file_that_was_never_taken_out(
    archivist: Archivist, database: sa.Engine, clock: MovableClock, reference: str
) -> None:
    take_out(database, clock, reference)
    with pytest.raises(NotExported):
        archivist.sign_off(reference, "cd" * 32)


def test_an_erased_case_leaves_its_family_and_the_others_know(
    archivist: Archivist,
    database: sa.Engine,
    clock: MovableClock,
    sent: Callable[..., str],
    reference: str,
    opened: Do,
    answered: Do,
) -> None:
    brother = sent()
    families.join(database, clock, history(database, reference), brother, colleagues=(), actor="staff:x")
    opened()
    answered()
    finish_deliveries(database)
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    clock.move(days=30)
    assert archivist.erase("arendal", [reference]) == [reference]
    assert [history(database, one).case.family for one in (reference, brother)] == [None, None]
    with reading(database) as connection:
        deeds = audit.entries(connection, str(history(database, brother).submission.id))
    assert deeds[-1].action == f"parted from {reference}"


def test_erasing_leaves_a_tombstone_and_the_sender_their_own_copy(
    archivist: Archivist,
    database: sa.Engine,
    clock: MovableClock,
    identities: tuple[Identity, ...],
    client: CheckedClient,
    journey: Journey,
    reference: str,
    opened: Do,
) -> None:
    opened()
    take_back(client, journey)
    opened()
    finish_deliveries(database)
    take_out(database, clock, reference)
    archivist.sign_off(reference, SHA)
    clock.move(days=5)
    assert archivist.erase("rudersdal", [reference]) == []
    assert archivist.erase("arendal", [reference]) == [reference]
    assert archivist.preview("arendal") == []
    with pytest.raises(Erased):
        open_case(database, clock, identities, reference, actor="staff:x")
    with reading(database) as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        assert (row.answers, row.summary, row.erased_at) == (None, None, clock())
        sealed = connection.exec_driver_sql("SELECT count(*) FROM attachments WHERE sealed IS NOT NULL").scalar_one()
        assert sealed == 0
        deeds = [entry.action for entry in audit.entries(connection, str(row.id))]
    assert {f"signed off {SHA}", "erased"} <= set(deeds)
    assert "a.txt" in client.get(status_url(journey)).main
