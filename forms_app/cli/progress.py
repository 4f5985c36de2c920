"""How far a long command has come, told on standard error, and how it is stopped."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

_TOLD_EVERY = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CLEAR = "\r\033[K"


class Progress:
    """Tells of one phase: on a terminal one line that moves, elsewhere a line for each table that is done."""

    def __init__(self, phase: str) -> None:
        self.phase = phase
        self._is_terminal = sys.stderr.isatty()
        self._began = self._told = time.monotonic()

    def __call__(self, table: str, done: int, total: int) -> None:
        """So many rows of so many."""
        now = time.monotonic()
        if done == 0:
            self._began = now
        seconds = now - self._began
        if done == total:
            line = f"{self.phase:7} {table:18} {total:10,} rows {seconds:7.1f} s"
            click.echo(f"{_CLEAR if self._is_terminal else ''}{line}", err=True)
        elif self._is_terminal and now - self._told > _TOLD_EVERY:
            self._told = now
            rate = f"{done / seconds:,.0f} rows/s" if done else "…"
            share = 100 * done // total
            line = f"{self.phase:7} {table:18} {share:3} % of {total:,} rows, {rate}"
            click.echo(f"{_CLEAR}{line}", err=True, nl=False)


@contextmanager
def interruptible() -> Iterator[None]:
    """A service manager's SIGTERM and a closed terminal end a command as Ctrl-C does, and none disturbs it while it
    tidies up.
    """
    before = {one: signal.signal(one, _interrupt) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _interrupt(unused_signal: int, unused_frame: FrameType | None) -> None:
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt
