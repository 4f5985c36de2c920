"""Time as a value that is passed in, so that no test waits and no rule depends on when it runs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present time, aware and in UTC."""


def utc_now() -> datetime:
    """The machine's clock in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of `moment` in `zone` ("Europe/Oslo"): deadlines are counted in the citizen's days."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
