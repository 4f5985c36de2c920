"""Tells of an alarm once when it begins, when there is more of it, once a day while it lasts, and once when it ends.

The line in the log is written at once. A mail that cannot be sent is owed until it can, and then says what is so by
then.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.books.alarms import Alarm
from forms_app.books.told import MOST_NAMED, as_mail
from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage import alarms
from forms_app.storage.alarm_tables import Turn
from forms_app.storage.alarms import KnownAlarm
from forms_app.storage.engine import reading

LASTS_AFTER = timedelta(days=1)
GROWS_AFTER = timedelta(hours=1)
_MAIL_AGAIN_SECONDS = 300.0
_log = log.logger("alarm")

SendMail = Callable[[str, str], None]
"""Sends a subject and a text, and raises a PortalError where it could not."""
Key = tuple[str, str]


@dataclass(kw_only=True)
class Bell:
    """What was told stands in the database: it does not matter which worker looks next, or whether any was restarted.

    Without `send` nothing is mailed.
    """

    engine: sa.Engine
    clock: Clock
    send: SendMail | None = None
    _no_mail_before: float = field(default=0.0, init=False)

    def ring(self, found: Sequence[Alarm]) -> None:
        """Tell what there is to tell of what is wrong now. Raises what the database raises."""
        present = {(one.kind.value, one.subject): one for one in found}
        with reading(self.engine) as connection:
            known = {(one.kind, one.subject): one for one in alarms.known(connection)}
        steps = [*self._there(present, known), *self._gone(present, known)]
        if steps:
            with self.engine.begin() as connection:
                alarms.put(connection, (state for state, unused_turn in steps))
        for state, turn in steps:
            if turn:
                _tell(state, turn, present.get((state.kind, state.subject)))
        self._mail(present)

    def _there(
        self, present: Mapping[Key, Alarm], known: Mapping[Key, KnownAlarm]
    ) -> Iterator[tuple[KnownAlarm, Turn | None]]:
        now = self.clock()
        for key, alarm in present.items():
            old = known.get(key)
            if old is None or old.ended_at:
                new = KnownAlarm(
                    kind=alarm.kind.value,
                    subject=alarm.subject,
                    count=alarm.count,
                    began_at=now,
                    told_at=now,
                    told_count=alarm.count,
                    unsent=self._owed(Turn.BEGINS),
                )
                yield new, Turn.BEGINS
                continue
            same = replace(old, count=alarm.count)
            if turn := self._turn(same):
                owed = self._owed(old.unsent or turn)
                yield replace(same, told_at=now, told_count=alarm.count, unsent=owed), turn
            elif same != old:
                yield same, None

    def _gone(
        self, present: Mapping[Key, Alarm], known: Mapping[Key, KnownAlarm]
    ) -> Iterator[tuple[KnownAlarm, Turn | None]]:
        for key, old in known.items():
            if key not in present and not old.ended_at:
                yield replace(old, ended_at=self.clock(), unsent=self._owed(Turn.ENDS)), Turn.ENDS

    def _turn(self, alarm: KnownAlarm) -> Turn | None:
        passed = self.clock() - alarm.told_at
        if passed >= LASTS_AFTER:
            return Turn.LASTS
        return Turn.GROWS if alarm.count > alarm.told_count and passed >= GROWS_AFTER else None

    def _owed(self, turn: Turn) -> Turn | None:
        return turn if self.send else None

    def _mail(self, present: Mapping[Key, Alarm]) -> None:
        """One mail with everything that none has said yet; if none can be sent, again in some minutes."""
        with reading(self.engine) as connection:
            known = alarms.known(connection)
        if self.send and any(one.unsent for one in known):
            if time.monotonic() < self._no_mail_before:
                return
            try:
                self.send(*as_mail([one for one in known if one.unsent], present))
            except PortalError as error:
                _log.error("alarm_not_mailed", error=type(error).__name__)
                self._no_mail_before = time.monotonic() + _MAIL_AGAIN_SECONDS
                return
        self._settle(known)

    def _settle(self, known: Sequence[KnownAlarm]) -> None:
        said = [replace(one, unsent=None) for one in known if one.unsent and not one.ended_at]
        over = [one for one in known if one.ended_at]
        if said or over:
            with self.engine.begin() as connection:
                alarms.put(connection, said)
                alarms.forget(connection, over)


def _tell(state: KnownAlarm, turn: Turn, alarm: Alarm | None) -> None:
    """The event is the kind of the alarm."""
    if turn is Turn.ENDS:
        _log.warning(state.kind, **_facts(state, turn, alarm))
    else:
        _log.error(state.kind, **_facts(state, turn, alarm))


def _facts(state: KnownAlarm, turn: Turn, alarm: Alarm | None) -> dict[str, object]:
    return {
        "state": turn.value,
        "subject": state.subject,
        "count": state.count,
        "reference": ", ".join(alarm.names[:MOST_NAMED]) if alarm else None,
    }
