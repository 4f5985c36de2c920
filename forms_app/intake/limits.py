"""How often one address may do a thing in an hour, counted in the database for all processes on all hosts.

An address is never stored: its row is found by an HMAC under a key of the day, so that nothing links one day to the
next, nor what an address did to what else it did.

When the count cannot be read or written, everything goes on uncounted but the typing of codes: nobody must be kept
from sending by this, and whoever guesses must not be helped by breaking it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import sqlalchemy as sa

from forms_app import log
from forms_app.clock import Clock
from forms_app.storage import limits
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.limits import Counted

_DATABASE_FAILED = (sa.exc.SQLAlchemyError, DatabaseBusy)
_REFUSED_UNCOUNTED = frozenset({Counted.CODE})
_WITHOUT_A_COUNT = timedelta(minutes=1)
_EVERYBODY = "everybody"
_log = log.logger("limits")


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was not done, and from when on it can be. `is_counted` is False where the count itself failed."""

    counted: Counted
    again_at: datetime
    is_counted: bool = True


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What each address may do. More than `codes_alarm` codes that lead nowhere in an hour, from all addresses
    together, are an error in the log and stop nobody.
    """

    engine: sa.Engine
    clock: Clock
    secret: str
    per_hour: Mapping[Counted, int]
    codes_alarm: int

    def refuse(self, counted: Counted, address: str) -> Refused | None:
        """Count one more, and tell until when it is refused, if it is."""
        now = self.clock()
        try:
            again_at = self._spend(counted, address, now)
        except _DATABASE_FAILED as error:
            _not_counted(counted, error)
            if counted in _REFUSED_UNCOUNTED:
                return Refused(counted=counted, again_at=now + _WITHOUT_A_COUNT, is_counted=False)
            return None
        return Refused(counted=counted, again_at=again_at) if again_at else None

    def take_back(self, counted: Counted, address: str) -> None:
        """Count one less."""
        now = self.clock()
        try:
            with self.engine.begin() as connection:
                for key in self._keys(counted, address, now):
                    limits.take_back(connection, key, now)
        except _DATABASE_FAILED as error:
            _not_counted(counted, error)

    def _spend(self, counted: Counted, address: str, now: datetime) -> datetime | None:
        """When the address may do it again, or None if it may now."""
        most = self.per_hour[counted]
        key, *of_everybody = self._keys(counted, address, now)
        with reading(self.engine) as connection:
            known = limits.find(connection, key, now)
        if known and known.times >= most:
            # A flood costs no writes.
            return known.ends_at
        with self.engine.begin() as connection:
            limits.clean(connection, now)
            window = limits.add(connection, key, now)
            together = [limits.add(connection, one, now) for one in of_everybody]
        if any(one.times == self.codes_alarm + 1 for one in together):
            _log.error("many_codes_tried", count=self.codes_alarm + 1)
        return window.ends_at if window.times > most else None

    def _keys(self, counted: Counted, address: str, now: datetime) -> list[bytes]:
        """What is counted under: the address, and for codes everybody together."""
        today = _hmac(self.secret.encode(), f"limits {now.date().isoformat()}")
        whose = [_network(address), *([_EVERYBODY] if counted is Counted.CODE else [])]
        return [_hmac(today, f"{counted} {one}") for one in whose]


def _not_counted(counted: Counted, error: Exception) -> None:
    _log.error("not_counted", error=type(error).__name__, kind=str(counted))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _network(address: str) -> str:
    """The address, or of IPv6 the first half: a household has all of that, and changes the other half at will."""
    try:
        found = ip_address(_without_port(address))
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or int(found) >> 64)
    return str(found)


def _without_port(address: str) -> str:
    """Some proxies name the port too, which is another one for each connection."""
    has_port = address.startswith("[") or address.count(":") == 1
    return urlsplit(f"//{address}").hostname or "" if has_port else address
