"""The outbox loses nothing, gives nothing to two workers, and keeps an account of every attempt."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.storage import deliveries, leases, submissions
from forms_app.storage.deliveries import CONFIRMATION_MAIL, Delivery, NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.leases import Claimed, Lane
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import DeliveryStatus, Outcome


@pytest.fixture
def submission_id(stored: Callable[..., NewSubmission]) -> uuid.UUID:
    return stored().id


def owe(engine: sa.Engine, submission_id: uuid.UUID, *keys: str, kind: str = "folder", **facts: Any) -> None:
    with engine.begin() as connection:
        new = [NewDelivery(key=key, kind=kind, submission_id=submission_id, **facts) for key in keys]
        deliveries.enqueue(connection, new)


def claim(engine: sa.Engine, free: int = 1, lease_seconds: float = 60, lane: Lane = Lane.HAND_OVER) -> list[Claimed]:
    with engine.begin() as connection:
        return leases.claim(connection, lane, free=free, lease_seconds=lease_seconds)


def only(engine: sa.Engine, submission_id: uuid.UUID) -> Delivery:
    with reading(engine) as connection:
        (delivery,) = deliveries.of(connection, submission_id)
    return delivery


def test_a_rollback_leaves_neither_the_submission_nor_what_it_owes(
    engine: sa.Engine, new_submission: Callable[..., NewSubmission]
) -> None:
    new = new_submission()
    with engine.connect() as connection:
        transaction = connection.begin()
        submissions.insert(connection, new)
        deliveries.enqueue(connection, [NewDelivery(key="k", kind="folder", submission_id=new.id)])
        transaction.rollback()
    with reading(engine) as connection:
        assert submissions.get(connection, new.id) is None
        assert deliveries.of(connection, new.id) == []
        assert not leases.due(connection, Lane.HAND_OVER)


def test_the_same_key_is_never_owed_twice(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k")
    with pytest.raises(sa.exc.IntegrityError):
        owe(engine, submission_id, "k")


def test_owing_nothing_is_allowed(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id)
    with engine.begin() as connection:
        leases.extend(connection, [], lease_seconds=1)
        assert deliveries.of(connection, submission_id) == []


def test_eight_threads_claim_four_hundred_and_none_twice(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, *(f"k{number}" for number in range(400)))
    taken: list[int] = []

    def take() -> None:
        while claimed := claim(engine, free=3):
            taken.extend(one.id for one in claimed)

    threads = [threading.Thread(target=take) for __thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 400
    assert len(set(taken)) == 400


def test_no_more_is_claimed_than_asked_for_and_the_oldest_first(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "later", delay=-1.0)
    owe(engine, submission_id, "sooner", delay=-5.0)
    assert [one.key for one in claim(engine)] == ["sooner"]
    assert [one.key for one in claim(engine, free=5)] == ["later"]
    assert claim(engine) == []


def test_what_is_not_due_yet_is_left_alone(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k", delay=60.0)
    with reading(engine) as connection:
        assert not leases.due(connection, Lane.HAND_OVER)
    assert claim(engine) == []


def test_a_lane_knows_only_what_is_in_it(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "mail", kind=CONFIRMATION_MAIL)
    with reading(engine) as connection:
        assert [lane for lane in Lane if leases.due(connection, lane)] == [Lane.MAIL]
    owe(engine, submission_id, "folder")
    assert [one.key for one in claim(engine, free=5)] == ["folder"]
    assert [one.key for one in claim(engine, free=5, lane=Lane.MAIL)] == ["mail"]


def test_where_one_delivery_stands_is_told_by_its_kind(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "folder")
    with reading(engine) as connection:
        assert deliveries.state_of(connection, submission_id, CONFIRMATION_MAIL) is None
    owe(engine, submission_id, "mail", kind=CONFIRMATION_MAIL)
    with reading(engine) as connection:
        assert deliveries.state_of(connection, submission_id, CONFIRMATION_MAIL) is DeliveryStatus.TODO


def test_a_success_is_noted_with_its_attempt(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k")
    (claimed,) = claim(engine)
    assert only(engine, submission_id).state is DeliveryStatus.DOING
    with engine.begin() as connection:
        assert leases.complete(connection, claimed)
        assert not leases.complete(connection, claimed)
    done = only(engine, submission_id)
    assert (done.state, done.attempts, done.last_error) == (DeliveryStatus.SUCCEEDED, 1, None)
    assert done.finished_at is not None
    assert abs(done.finished_at.timestamp() - time.time()) < 5
    assert [(line.number, line.outcome, line.error) for line in done.trail] == [(1, Outcome.SUCCEEDED, None)]


def test_a_failure_is_due_again_after_its_wait(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k")
    (claimed,) = claim(engine)
    with engine.begin() as connection:
        assert leases.retry(connection, claimed, error="FolderMissing", wait_seconds=600)
    waiting = only(engine, submission_id)
    assert (waiting.state, waiting.last_error) == (DeliveryStatus.TODO, "FolderMissing")
    assert 590 < waiting.due_at.timestamp() - time.time() < 601
    assert claim(engine) == []


def test_what_is_given_up_stays_and_is_not_claimed_again(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k")
    (claimed,) = claim(engine)
    with engine.begin() as connection:
        assert leases.give_up(connection, claimed, error="PermanentFailure")
    lost = only(engine, submission_id)
    assert (lost.state, lost.last_error) == (DeliveryStatus.GIVEN_UP, "PermanentFailure")
    assert [line.error for line in lost.trail] == ["PermanentFailure"]
    assert claim(engine) == []


def test_the_word_of_a_holder_whose_lease_expired_is_refused(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "k")
    (late,) = claim(engine, lease_seconds=-1)
    with engine.begin() as connection:
        assert leases.any_expired(connection)
        assert leases.reap(connection) == 1
        assert leases.reap(connection) == 0
    (holder,) = claim(engine)
    with engine.begin() as connection:
        assert not leases.complete(connection, late)
        assert not leases.retry(connection, late, error="X", wait_seconds=1)
        assert not leases.give_up(connection, late, error="X")
        assert leases.complete(connection, holder)
    outcomes = [line.outcome for line in only(engine, submission_id).trail]
    assert outcomes == [Outcome.LEASE_EXPIRED, Outcome.SUCCEEDED]


def test_an_extended_lease_is_not_reaped(engine: sa.Engine, submission_id: uuid.UUID) -> None:
    owe(engine, submission_id, "a", "b")
    first, second = claim(engine, free=2, lease_seconds=-1)
    with engine.begin() as connection:
        leases.extend(connection, [first], lease_seconds=60)
        assert leases.reap(connection) == 1
        assert leases.complete(connection, first)
        assert not leases.complete(connection, second)


def test_a_delivery_whose_attempts_are_spent_is_given_up_by_the_reaper(
    engine: sa.Engine, submission_id: uuid.UUID
) -> None:
    owe(engine, submission_id, "k", max_attempts=2)
    for expected in (DeliveryStatus.TODO, DeliveryStatus.GIVEN_UP):
        (claimed,) = claim(engine, lease_seconds=-1)
        with engine.begin() as connection:
            leases.reap(connection)
        assert only(engine, submission_id).state is expected
    assert claimed.is_last_attempt
    lost = only(engine, submission_id)
    assert (lost.last_error, lost.finished_at is not None) == ("LeaseExpired", True)
    assert [line.outcome for line in lost.trail] == [Outcome.LEASE_EXPIRED] * 2


@pytest.mark.parametrize("lane", list(Lane))
def test_a_postgresql_claim_skips_locked_rows_and_names_its_state_literally(lane: Lane) -> None:
    spelled = str(leases._CLAIM[lane].compile(dialect=sa.make_url("postgresql://").get_dialect()()))
    assert "FOR UPDATE SKIP LOCKED" in spelled
    assert "state = 'todo'" in spelled
