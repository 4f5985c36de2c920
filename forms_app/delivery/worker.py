"""Claims what is due, delivers it in threads, and writes down what came of it."""

import queue
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from forms_app import log
from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.policy import RetryPolicy
from forms_app.sealing.acknowledgement import SignedAcknowledgement
from forms_app.storage import leases
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed, reading
from forms_app.storage.leases import Claimed, Lane

Proof = SignedAcknowledgement | None
"""What the receiver signed, where it signs."""

Handler = Callable[[Claimed], Proof]
"""Delivers one claimed thing, or raises; it runs in a thread of the worker."""

OnDelivered = Callable[[sa.Connection, Claimed, Proof], None]
"""Writes what follows from a success, in the very transaction that notes it."""

_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)
_log = log.logger(__name__)


class NoSuchChannel(TemporaryFailure):
    """This worker has no channel of the delivery's kind; one with the right configuration may come."""


def _nothing_follows(unused_connection: sa.Connection, unused_claimed: Claimed, unused_proof: Proof) -> None:
    pass


class Worker:
    """Delivers what is due in one lane, with `threads` at once, until it is told to stop.

    A delivery is held for `lease_seconds` at a time, extended by a heartbeat while its thread works. If the
    process dies, any other worker takes it up once the lease has ended: each may be delivered more than once,
    always under the same key. A database that was closed is asked again every `closed_seconds`.
    """

    def __init__(
        self,
        engine: sa.Engine,
        deliver: Mapping[str, Handler],
        *,
        lane: Lane = Lane.HAND_OVER,
        on_delivered: OnDelivered = _nothing_follows,
        policy: RetryPolicy | None = None,
        jitter: Callable[[], float] = random.random,
        threads: int = 4,
        lease_seconds: float = 60.0,
        poll_seconds: float = 0.5,
        closed_seconds: float = 10.0,
    ) -> None:
        self.engine = engine
        self.deliver = deliver
        self.lane = lane
        self.on_delivered = on_delivered
        self.policy = policy or RetryPolicy()
        self.jitter = jitter
        self.threads = threads
        self.lease_seconds = lease_seconds
        self.poll_seconds = poll_seconds
        self.closed_seconds = closed_seconds
        self._is_stopping = False
        self._busy: dict[int, Claimed] = {}
        self._lock = threading.Lock()
        # A signal handler may put something in; one that set an Event could wait for a lock its own thread holds.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def stop(self) -> None:
        """Claim nothing more and finish what has begun; callable from a signal handler or another thread."""
        self._is_stopping = True
        self._wake.put(None)

    def run(self) -> None:
        """Deliver whatever becomes due until stop() is called; a database that fails is asked again."""
        with self._at_work() as pool:
            while not self._is_stopping:
                started, pause = 0, self.poll_seconds
                try:
                    started = self._start_due(pool)
                except DatabaseClosed:
                    _log.info("database_closed")
                    pause = self.closed_seconds
                except _DATABASE_FAILED as error:
                    _log.error("queue_unreachable", error=type(error).__name__)
                if not started:
                    self._rest(pause)

    def run_once(self) -> None:
        """Deliver until nothing is due and nothing is under way; raises what the database raises."""
        self._reap()
        with self._at_work() as pool:
            while not self._is_stopping:
                was_idle = not self._busy
                if not self._start_due(pool):
                    # What is due and was not claimed is locked by somebody for a moment, such as by an ending lease.
                    if was_idle and not self._anything_due():
                        return
                    self._rest(self.poll_seconds)

    @contextmanager
    def _at_work(self) -> Iterator[ThreadPoolExecutor]:
        """Threads to deliver in, and a heartbeat that goes on until the last of them has ended."""
        is_over = threading.Event()
        heart = threading.Thread(target=self._beat, args=(is_over,), name="heartbeat", daemon=True)
        heart.start()
        try:
            with ThreadPoolExecutor(self.threads, thread_name_prefix="delivery") as pool:
                yield pool
        finally:
            is_over.set()
            heart.join()

    def _rest(self, seconds: float) -> None:
        with suppress(queue.Empty):
            self._wake.get(timeout=seconds)
            while True:
                self._wake.get_nowait()

    def _start_due(self, pool: ThreadPoolExecutor) -> int:
        """Start as many due deliveries as threads are free, and say how many."""
        free = self.threads - len(self._busy)
        if free == 0 or not self._anything_due():
            return 0
        with self.engine.begin() as connection:
            claimed = leases.claim(connection, self.lane, free=free, lease_seconds=self.lease_seconds)
        with self._lock:
            self._busy.update((one.id, one) for one in claimed)
        for one in claimed:
            pool.submit(self._handle, one)
        return len(claimed)

    def _anything_due(self) -> bool:
        with reading(self.engine) as connection:
            return leases.due(connection, self.lane)

    def _handle(self, claimed: Claimed) -> None:
        try:
            self._settle(claimed, *self._attempt(claimed))
        except Exception as error:
            # Nothing is written, so the lease ends by itself and the delivery is made again.
            _log.error("outcome_lost", error=type(error).__name__, **_facts(claimed))
        finally:
            with self._lock:
                del self._busy[claimed.id]
            self._wake.put(None)

    def _attempt(self, claimed: Claimed) -> tuple[Proof, Exception | None]:
        """Deliver, and return what went wrong: any exception, for a bug must not lose a delivery either."""
        try:
            if claimed.kind not in self.deliver:
                raise NoSuchChannel
            return self.deliver[claimed.kind](claimed), None
        except Exception as error:
            return None, error

    def _settle(self, claimed: Claimed, proof: Proof, failure: Exception | None) -> None:
        error = type(failure).__name__
        is_final = isinstance(failure, PermanentFailure) or claimed.is_last_attempt
        with self.engine.begin() as connection:
            if failure is None:
                is_ours = leases.complete(connection, claimed)
                if is_ours:
                    self.on_delivered(connection, claimed, proof)
            elif is_final:
                is_ours = leases.give_up(connection, claimed, error=error)
            else:
                wait = self.policy.wait(claimed.attempts, self.jitter, wished=_wished(failure))
                is_ours = leases.retry(connection, claimed, error=error, wait_seconds=wait)
        if not is_ours:
            _log.warning("lease_lost", **_facts(claimed))
        elif failure is None:
            _log.info("delivered", **_facts(claimed))
        else:
            _log.error("given_up" if is_final else "failed", error=error, **_facts(claimed))

    def _beat(self, is_over: threading.Event) -> None:
        is_beating = True
        while is_beating:
            try:
                self._extend()
                self._reap()
            except DatabaseClosed:
                _log.info("database_closed")
            except Exception as error:
                _log.error("heartbeat_failed", error=type(error).__name__)
            is_beating = not is_over.wait(self.lease_seconds / 3)

    def _extend(self) -> None:
        with self._lock:
            held = list(self._busy.values())
        if held:
            with self.engine.begin() as connection:
                leases.extend(connection, held, lease_seconds=self.lease_seconds)

    def _reap(self) -> None:
        with reading(self.engine) as connection:
            if not leases.any_expired(connection):
                return
        with self.engine.begin() as connection:
            count = leases.reap(connection)
        _log.warning("leases_expired", count=count)


def _wished(failure: Exception) -> float:
    return failure.wait_seconds if isinstance(failure, TemporaryFailure) else 0.0


def _facts(claimed: Claimed) -> dict[str, object]:
    return {
        "delivery": claimed.key,
        "kind": claimed.kind,
        "submission": str(claimed.submission_id),
        "attempt": claimed.attempts,
    }
