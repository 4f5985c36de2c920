"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class MovableClock:
    """Stands still until it is moved."""

    now: datetime = SUNDAY_NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """As `timedelta`: `move(minutes=2)`."""
        self.now += timedelta(**by)
