"""How long to wait between attempts."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Waits that double up to a cap.

    With the attempts that a delivery is given (`NewDelivery.max_attempts`) the defaults span about two days: a
    system that is down for a day is still reached, and what passes by itself costs minutes.
    """

    base_seconds: float = 180.0
    cap_seconds: float = 12 * 3600.0

    def wait(self, attempt: int, jitter: Callable[[], float], *, wished: float = 0.0) -> float:
        """Seconds to wait after the failed `attempt` (counted from 1).

        `jitter` gives a number from 0 to 1 that moves the wait by up to a quarter either way: deliveries that
        failed together shall not all return together. A receiver that asks to be left alone for longer (`wished`) is,
        up to the cap; one that asks for less is not asked again sooner, or the attempts would be spent in no time.
        """
        doubled = self.base_seconds * 2.0 ** min(attempt - 1, 60)
        own = min(self.cap_seconds, doubled) * (0.75 + 0.5 * jitter())
        return max(own, min(self.cap_seconds, wished))
