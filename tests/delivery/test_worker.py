"""The worker delivers everything at least once, and says truly what came of it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from acknowledging import acknowledged
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms_app.clock import utc_now
from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.dispatch import hand_over_marker, handlers
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.policy import RetryPolicy
from forms_app.delivery.worker import Handler, Worker
from forms_app.sealing.acknowledgement import SignedAcknowledgement
from forms_app.storage import acknowledgements, cases, leases
from forms_app.storage.deliveries import Delivery
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.leases import Claimed, Lane
from forms_app.storage.tables import DeliveryStatus, Outcome

SUBMISSION = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
KEY = f"folder:{SUBMISSION}"
AT_ONCE = RetryPolicy(base_seconds=0.0)

Owe = Callable[..., None]
Find = Callable[..., Delivery]


def work_once(engine: sa.Engine, deliver: Handler, **options: Any) -> None:
    Worker(engine, {"folder": deliver}, poll_seconds=0.02, **{"policy": AT_ONCE} | options).run_once()


def failing_with(error: Exception) -> Handler:
    def fail(unused_claimed: Claimed) -> None:
        raise error

    return fail


def test_everything_due_is_delivered_once(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe(*(f"k{number}" for number in range(20)))
    delivered: list[str] = []
    work_once(engine, lambda claimed: delivered.append(claimed.key))
    assert sorted(delivered) == sorted(f"k{number}" for number in range(20))
    assert delivery("k7").state is DeliveryStatus.SUCCEEDED


def test_with_nothing_due_it_ends_at_once(engine: sa.Engine, owe: Owe) -> None:
    owe("later", delay=60)
    work_once(engine, failing_with(AssertionError()))


def test_what_somebody_locks_for_a_moment_is_waited_for(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k")
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as somebody:
            somebody.exec_driver_sql("UPDATE deliveries SET last_error = NULL")
            working = pool.submit(work_once, engine, lambda unused_claimed: None)
            time.sleep(0.3)
        working.result()
    assert delivery("k").state is DeliveryStatus.SUCCEEDED


def test_never_more_run_than_there_are_threads(engine: sa.Engine, owe: Owe) -> None:
    owe(*(f"k{number}" for number in range(9)))
    running, most = [], []

    def deliver(claimed: Claimed) -> None:
        running.append(claimed.key)
        most.append(len(running))
        with reading(engine) as connection:
            held = connection.exec_driver_sql("SELECT count(*) FROM deliveries WHERE state = 'doing'").scalar()
        assert held is not None
        most.append(held)
        time.sleep(0.02)
        running.remove(claimed.key)

    work_once(engine, deliver, threads=2)
    assert max(most) == 2


def test_a_permanent_failure_is_given_up_at_once(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k")
    work_once(engine, failing_with(PermanentFailure("very private")))
    lost = delivery("k")
    assert (lost.state, lost.attempts, lost.last_error) == (DeliveryStatus.GIVEN_UP, 1, "PermanentFailure")


@pytest.mark.parametrize("error", [TemporaryFailure(), OSError("disk"), ZeroDivisionError()])
def test_any_other_failure_is_repeated_until_the_attempts_are_spent(
    engine: sa.Engine, owe: Owe, delivery: Find, error: Exception
) -> None:
    owe("k", max_attempts=3)
    work_once(engine, failing_with(error))
    lost = delivery("k")
    assert (lost.state, lost.attempts, lost.last_error) == (DeliveryStatus.GIVEN_UP, 3, type(error).__name__)
    assert [line.outcome for line in lost.trail] == [Outcome.FAILED] * 3


def test_a_failure_waits_as_the_policy_says(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k")
    policy = RetryPolicy(base_seconds=100)
    work_once(engine, failing_with(TemporaryFailure()), policy=policy, jitter=lambda: 0.5)
    waiting = delivery("k")
    assert waiting.state is DeliveryStatus.TODO
    assert 95 < waiting.due_at.timestamp() - time.time() < 101


def test_a_kind_without_a_channel_waits_for_one(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k", kind="pigeon")
    work_once(engine, failing_with(AssertionError()), policy=RetryPolicy())
    assert (delivery("k").state, delivery("k").last_error) == (DeliveryStatus.TODO, "NoSuchChannel")


class Proving:
    """A channel that records what it is handed, and gives back what its receiver signed."""

    kind = "folder"

    def __init__(self, proves_hand_over: bool, signed: SignedAcknowledgement | None) -> None:
        self.proves_hand_over = proves_hand_over
        self.signed = signed
        self.parcels: list[Parcel] = []

    def deliver(self, parcel: Parcel) -> SignedAcknowledgement | None:
        self.parcels.append(parcel)
        return self.signed


@pytest.mark.parametrize(("proves", "is_signed"), [(True, True), (True, False), (False, True)])
def test_a_case_is_handed_over_only_by_a_channel_that_proves_it(
    engine: sa.Engine, owe: Owe, parcel: Parcel, proves: bool, is_signed: bool
) -> None:
    owe(KEY)
    signed = acknowledged(Ed25519PrivateKey.generate(), parcel.manifest_sha256, key=KEY)
    channel = Proving(proves, signed if is_signed else None)
    routes = handlers([channel], pack=lambda unused_claimed: parcel)
    Worker(engine, routes, on_delivered=hand_over_marker(utc_now)).run_once()
    assert channel.parcels == [parcel]
    with reading(engine) as connection:
        kept = acknowledgements.of(connection, SUBMISSION)
        is_handed_over = cases.of(connection, SUBMISSION).handed_over_at is not None
    assert kept == ([signed] if proves and is_signed else [])
    assert all(one.is_valid for one in kept)
    assert is_handed_over is (proves and is_signed)


def test_what_follows_a_success_is_written_with_it_or_not_at_all(
    engine: sa.Engine, owe: Owe, delivery: Find, parcel: Parcel
) -> None:
    owe("k")

    def mark_and_fail(connection: sa.Connection, claimed: Claimed, proof: object) -> None:
        cases.mark_handed_over(connection, claimed.submission_id, now=utc_now())
        raise ZeroDivisionError

    work_once(engine, lambda claimed: None, on_delivered=mark_and_fail)
    assert delivery("k").state is DeliveryStatus.DOING
    with reading(engine) as connection:
        assert cases.of(connection, SUBMISSION).handed_over_at is None


def test_a_lease_that_was_lost_meanwhile_leaves_the_other_workers_word_alone(
    engine: sa.Engine, owe: Owe, delivery: Find
) -> None:
    owe("k")

    def overtaken(claimed: Claimed) -> None:
        with engine.begin() as connection:
            leases.give_up(connection, claimed, error="PermanentFailure")

    marked: list[int] = []
    work_once(engine, overtaken, on_delivered=lambda connection, claimed, proof: marked.append(claimed.id))
    assert delivery("k").state is DeliveryStatus.GIVEN_UP
    assert marked == []


def test_the_heartbeat_keeps_a_long_delivery_from_being_taken(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k")
    started: list[float] = []

    def slow(unused_claimed: Claimed) -> None:
        started.append(time.monotonic())
        time.sleep(1.0)

    workers = [Worker(engine, {"folder": slow}, lease_seconds=0.4, poll_seconds=0.05) for __worker in range(2)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    for worker in workers:
        worker.stop()
    for thread in threads:
        thread.join(5)
    assert len(started) == 1
    assert delivery("k").state is DeliveryStatus.SUCCEEDED


def test_stopping_finishes_what_has_begun_and_starts_nothing_more(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("first", delay=-1)
    owe("second")
    begun = threading.Event()

    def slow(unused_claimed: Claimed) -> None:
        begun.set()
        time.sleep(0.2)

    worker = Worker(engine, {"folder": slow}, threads=1, poll_seconds=0.02)
    thread = threading.Thread(target=worker.run)
    thread.start()
    begun.wait(5)
    worker.stop()
    thread.join(5)
    assert delivery("first").state is DeliveryStatus.SUCCEEDED
    assert delivery("second").state is DeliveryStatus.TODO
    assert delivery("second").attempts == 0


def test_a_database_that_fails_for_a_while_is_asked_again(
    engine: sa.Engine, owe: Owe, delivery: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe("k")
    failures = [DatabaseBusy(), sa.exc.OperationalError("x", None, Exception())]
    whole_due, whole_expired = leases.due, leases.any_expired

    def due(connection: sa.Connection, lane: Lane) -> bool:
        if failures:
            raise failures.pop()
        return whole_due(connection, lane)

    beats = [ZeroDivisionError()]

    def any_expired(connection: sa.Connection) -> bool:
        if beats:
            raise beats.pop()
        return whole_expired(connection)

    monkeypatch.setattr(leases, "due", due)
    monkeypatch.setattr(leases, "any_expired", any_expired)
    done = threading.Event()
    worker = Worker(engine, {"folder": lambda claimed: done.set()}, poll_seconds=0.02)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert done.wait(5)
    worker.stop()
    thread.join(5)
    assert failures == beats == []
    assert delivery("k").state is DeliveryStatus.SUCCEEDED


def test_a_stopped_worker_does_not_begin(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("k")
    worker = Worker(engine, {"folder": failing_with(AssertionError())})
    worker.stop()
    worker.run_once()
    worker.run()
    assert delivery("k").attempts == 0
