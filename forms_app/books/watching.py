"""Looks each minute at everything that must not go unnoticed. It needs no web request to happen, and no one person."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from forms_app.books.alarms import UNOPENED, Alarm, AlarmKind, joined
from forms_app.books.certificates import NoCertificate, valid_until
from forms_app.books.journal import JournalUnwritable
from forms_app.books.journals import JournalUnreadable, late_since
from forms_app.books.keeping import Bookkeeper
from forms_app.clock import Clock, local_date, start_of_day
from forms_app.countries import Country, is_working_day, rules_for
from forms_app.municipality import Deployment
from forms_app.storage import beats, canaries, watched
from forms_app.storage.engine import reading
from forms_app.storage.watched import Stuck, Unopened

OVERDUE_AFTER = timedelta(hours=4)
SILENT_AFTER_SECONDS = 120.0
CERTIFICATE_DAYS = 21
FACTS_DAYS = 30
_UNCONFIRMED_AFTER = timedelta(minutes=10)
_KEY_YEARS = timedelta(days=730)
DRILL_EVERY = timedelta(days=365)
_FIRST_DRILL_AFTER = timedelta(days=30)
_NOT_SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Where to look. `lists` are the fingerprints that citizens seal to now, `keys` the files of signing keys by what
    they sign; `drill_passed` says when a restore drill passed last.
    """

    engine: sa.Engine
    clock: Clock
    deployment: Deployment
    bookkeeper: Bookkeeper
    lists: frozenset[str]
    certificate: Path | None
    keys: Mapping[str, Path]
    drill_passed: Callable[[], datetime | None]

    def alarms(self) -> list[Alarm]:
        """What is wrong now. Raises what the database raises."""
        found = [*self._books(), *self._receipts_not_shown(), *self._certificate(), *self._facts()]
        with reading(self.engine) as connection:
            found += [*self._unopened(connection), *self._deliveries(connection), *silent_workers(connection)]
            found += self._unconfirmed(connection)
            first = watched.first_accepted_at(connection)
        if not self.deployment.demo:
            found += [*self._old_keys(), *self._drill(first)]
        return joined(found)

    def _books(self) -> Iterator[Alarm]:
        try:
            gaps = self.bookkeeper.run().gaps
        except (JournalUnreadable, JournalUnwritable) as error:
            yield Alarm(kind=AlarmKind.BOOKS_UNREADABLE, detail=f"{error.meaning()} {error}")
            return
        by_place = sorted(gaps, key=lambda one: one.page.municipality if one.page else "")
        for place, group in groupby(by_place, key=lambda one: one.page.municipality if one.page else ""):
            of_place = list(group)
            names = tuple(dict.fromkeys(one.reference for one in of_place if one.reference))
            told = "; ".join(sorted({one.gap.name.lower() for one in of_place}))
            yield Alarm(kind=AlarmKind.BOOKS_GAP, subject=place, count=len(of_place), names=names, detail=told)

    def _receipts_not_shown(self) -> Iterator[Alarm]:
        lines = late_since(self.bookkeeper.journals, self.clock() - _NOT_SHOWN_FOR)
        names = tuple(dict.fromkeys(line.reference for line in lines))
        if names:
            yield Alarm(kind=AlarmKind.RECEIPT_NOT_SHOWN, count=len(names), names=names)

    def _unopened(self, connection: sa.Connection) -> Iterator[Alarm]:
        for country in Country:
            keys = [one.key for one in self.deployment.of_country(country)]
            if not keys:
                continue
            before = moments(country, self.clock())
            named = watched.oldest_unopened(connection, before=max(before.values()))
            for (place, days), count in watched.unopened(connection, keys, before=before).items():
                names = _names(named, place, before[days])
                yield Alarm(kind=UNOPENED[days], subject=place, count=count, names=names)

    def _deliveries(self, connection: sa.Connection) -> Iterator[Alarm]:
        yield from _by_channel(AlarmKind.DELIVERY_GIVEN_UP, watched.given_up(connection))
        overdue = watched.overdue(connection, accepted_before=self.clock() - OVERDUE_AFTER)
        yield from _by_channel(AlarmKind.DELIVERY_OVERDUE, overdue)

    def _unconfirmed(self, connection: sa.Connection) -> Iterator[Alarm]:
        for one in canaries.waiting(connection):
            if one.fingerprint in self.lists and self.clock() - one.made_at >= _UNCONFIRMED_AFTER:
                yield Alarm(kind=AlarmKind.CANARY_UNCONFIRMED, subject=one.fingerprint[:16])

    def _certificate(self) -> Iterator[Alarm]:
        if self.certificate is None:
            return
        try:
            until = valid_until(self.certificate)
        except NoCertificate as error:
            yield Alarm(kind=AlarmKind.CERTIFICATE_ENDS, detail=f"{error.meaning()} {error}")
            return
        if until - self.clock() <= timedelta(days=CERTIFICATE_DAYS):
            yield Alarm(kind=AlarmKind.CERTIFICATE_ENDS, detail=f"valid until {until.date()}")

    def _old_keys(self) -> Iterator[Alarm]:
        for name, path in self.keys.items():
            if path.exists() and self.clock().timestamp() - path.stat().st_mtime > _KEY_YEARS.total_seconds():
                yield Alarm(kind=AlarmKind.SIGNING_KEY_OLD, subject=name)

    def _drill(self, first: datetime | None) -> Iterator[Alarm]:
        """The first one is due when there has been something to try it with for a while."""
        passed = self.drill_passed()
        if first is None:
            return
        is_due = self.clock() - passed > DRILL_EVERY if passed else self.clock() - first > _FIRST_DRILL_AFTER
        if is_due:
            yield Alarm(
                kind=AlarmKind.DRILL_DUE, detail=f"last passed on {passed.date()}" if passed else "never passed"
            )

    def _facts(self) -> Iterator[Alarm]:
        soon = self.clock().date() + timedelta(days=FACTS_DAYS)
        countries = {one.country for one in self.deployment.municipalities}
        for country in sorted(countries):
            due = sorted(fact.name for fact in rules_for(country).facts.values() if fact.review_by <= soon)
            if due:
                yield Alarm(kind=AlarmKind.FACTS_DUE, subject=country, count=len(due), names=tuple(due))
        for one in self.deployment.municipalities:
            if one.review_by and one.review_by <= soon:
                yield Alarm(kind=AlarmKind.FACTS_DUE, subject=one.key, detail=f"review_by {one.review_by}")


def silent_workers(connection: sa.Connection) -> Iterator[Alarm]:
    """Hosts whose workers have all stopped beating without saying goodbye."""
    last: dict[str, float] = {}
    for beat in beats.all(connection):
        last[beat.host] = min(beat.seconds_ago, last.get(beat.host, beat.seconds_ago))
    for host, seconds in last.items():
        if seconds > SILENT_AFTER_SECONDS:
            yield Alarm(kind=AlarmKind.WORKER_SILENT, subject=host)


def moments(country: Country, now: datetime) -> dict[int, datetime]:
    """What came in before these has lain for so many whole working days; the day it came in and today do not count."""
    zone = rules_for(country).time_zone
    day, found, passed = local_date(now, zone), dict[int, datetime](), 0
    while len(found) < len(UNOPENED):
        day -= timedelta(days=1)
        if is_working_day(day, country):
            passed += 1
            if passed in UNOPENED:
                found[passed] = start_of_day(day, zone)
    return found


def _names(named: list[Unopened], place: str, before: datetime) -> tuple[str, ...]:
    return tuple(one.reference for one in named if one.municipality == place and one.accepted_at < before)


def _by_channel(kind: AlarmKind, stuck: list[Stuck]) -> Iterator[Alarm]:
    for channel in sorted({one.kind for one in stuck}):
        names = tuple(one.reference for one in stuck if one.kind == channel)
        yield Alarm(kind=kind, subject=channel, count=len(names), names=names)
