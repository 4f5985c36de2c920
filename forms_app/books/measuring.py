"""What the database says when Prometheus asks: read then, and not again for some seconds."""

import math
import platform
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version

import sqlalchemy as sa

from forms_app.books.alarms import AlarmKind
from forms_app.books.watching import SILENT_AFTER_SECONDS, silent_workers
from forms_app.clock import Clock
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.metrics import Measured
from forms_app.municipality import CHANNEL_KINDS
from forms_app.storage import alarms, beats, measures
from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.tables import Outcome

OTHER = "other"
"""Stands for whatever is in the database and in none of our lists."""
KINDS = (*sorted(CHANNEL_KINDS), CONFIRMATION_MAIL)
AGES = {"1d": 1, "3d": 3, "7d": 7, "30d": 30, "older": None}
"""Cases that came in within so many days, and not within the fewer days before."""
_Values = dict[tuple[str, ...], float]
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)


@dataclass(kw_only=True)
class Measures:
    """Asks the database at most once in `seconds`, whoever asks us. What cannot be read is left out and said."""

    engine: sa.Engine
    clock: Clock
    seconds: float = 10.0
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _read_at: float = field(default=-math.inf, init=False)
    _last: tuple[Measured, ...] = field(default=(), init=False)

    def now(self) -> tuple[Measured, ...]:
        """Everything there is."""
        with self._lock:
            if time.monotonic() - self._read_at >= self.seconds:
                self._last = self._read()
                self._read_at = time.monotonic()
            return self._last

    def _read(self) -> tuple[Measured, ...]:
        try:
            with reading(self.engine) as connection:
                found = tuple(self._of_database(connection))
        except _DATABASE_FAILED:
            return (*self._about(is_up=False),)
        return (*self._about(is_up=True), *found)

    def _about(self, *, is_up: bool) -> Iterable[Measured]:
        yield Measured(
            name="portal_build_info",
            help="Which portal this is.",
            labels=("version", "python", "database"),
            values={(version("portal"), platform.python_version(), self.engine.dialect.name): 1},
        )
        yield Measured(name="portal_database_up", help="1 while the database can be read.", values={(): float(is_up)})

    def _of_database(self, connection: sa.Connection) -> Iterable[Measured]:
        yield _sent(measures.sent(connection))
        drafts = float(measures.drafts_now(connection))
        yield Measured(name="portal_drafts", help="Forms that were begun and not sent.", values={(): drafts})
        yield from _queue(measures.queue(connection), self.clock())
        yield _attempts(measures.tried(connection))
        yield _open_cases(connection, self.clock())
        yield _alarms(connection)
        yield from _workers(connection)


def _sent(found: Mapping[tuple[str, str], int]) -> Measured:
    values: _Values = {(form.value, language.value): 0.0 for form in FormKey for language in Language}
    for (form, language), count in found.items():
        key = (_one_of(form, FormKey), _one_of(language, Language))
        values[key] = values.get(key, 0.0) + count
    return Measured(
        name="portal_submissions",
        help="What was sent, with what was sent later about it.",
        labels=("form", "language"),
        values=values,
        only_grows=True,
    )


def _queue(found: Mapping[str, measures.Queue], now: datetime) -> Iterable[Measured]:
    depth: _Values = {(kind, state): 0.0 for kind in KINDS for state in ("waiting", "given_up")}
    oldest: _Values = {(kind,): 0.0 for kind in KINDS}
    for kind, queue in found.items():
        name = _one_of(kind, KINDS)
        depth[name, "waiting"] = depth.get((name, "waiting"), 0.0) + queue.waiting
        depth[name, "given_up"] = depth.get((name, "given_up"), 0.0) + queue.given_up
        age = (now - queue.oldest).total_seconds() if queue.oldest else 0.0
        oldest[name,] = max(age, oldest.get((name,), 0.0))
    yield Measured(
        name="portal_deliveries",
        help="Deliveries that are owed or were given up.",
        labels=("kind", "state"),
        values=depth,
    )
    yield Measured(
        name="portal_oldest_delivery_seconds",
        help="How long ago the oldest came in that is still owed.",
        labels=("kind",),
        values=oldest,
    )


def _attempts(found: Mapping[tuple[str, str], int]) -> Measured:
    values: _Values = {(kind, outcome.value): 0.0 for kind in KINDS for outcome in Outcome}
    for (kind, outcome), count in found.items():
        key = (_one_of(kind, KINDS), _one_of(outcome, Outcome))
        values[key] = values.get(key, 0.0) + count
    return Measured(
        name="portal_delivery_attempts",
        help="Attempts to deliver that have ended.",
        labels=("kind", "outcome"),
        values=values,
        only_grows=True,
    )


def _open_cases(connection: sa.Connection, now: datetime) -> Measured:
    since = {name: now - timedelta(days=days or 0) for name, days in AGES.items()}
    found = measures.open_cases(connection, since)
    values: _Values = {
        (name, opened): float(found.get((name, opened == "yes"), 0)) for name in AGES for opened in ("yes", "no")
    }
    return Measured(
        name="portal_open_cases",
        help="Open cases by how long ago they came in, and whether anybody has opened them.",
        labels=("age", "opened"),
        values=values,
    )


def _alarms(connection: sa.Connection) -> Measured:
    """What the worker found last; that there is no worker is seen without one."""
    values: _Values = {(kind.value,): 0.0 for kind in AlarmKind}
    for one in alarms.known(connection):
        if not one.ended_at and one.kind != AlarmKind.WORKER_SILENT:
            values[_one_of(one.kind, AlarmKind),] = values.get((_one_of(one.kind, AlarmKind),), 0.0) + one.count
    values[AlarmKind.WORKER_SILENT.value,] = float(sum(one.count for one in silent_workers(connection)))
    return Measured(name="portal_alarms", help="What is wrong now, and how often.", labels=("kind",), values=values)


def _workers(connection: sa.Connection) -> Iterable[Measured]:
    found = [one.seconds_ago for one in beats.all(connection)]
    there = float(sum(seconds <= SILENT_AFTER_SECONDS for seconds in found))
    yield Measured(name="portal_workers", help="Workers that were there in the last two minutes.", values={(): there})
    yield Measured(
        name="portal_worker_beat_seconds",
        help="How long ago any worker was there last; infinite where none is known.",
        values={(): min(found, default=math.inf)},
    )


def _one_of(value: str, known: Iterable[str]) -> str:
    return value if value in set(map(str, known)) else OTHER
