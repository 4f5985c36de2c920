"""Structured logs that cannot leak an answer: only the keys named here ever reach the output."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from io import TextIOBase
from typing import Any, TextIO, cast

import structlog

ALLOWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "source", "error", "request", "method", "route", "status", "milliseconds",
        "reference", "submission", "delivery", "kind", "form", "language", "municipality", "attempt", "count",
        "address", "process", "job", "state", "subject",
    }
)  # fmt: skip
"""Ids, names of things and exception classes. A key that is not named here is dropped, whoever logs it."""

_NATIONAL_ID = re.compile(r"\b\d{6}[ -]?\d{4,5}\b")


def _only_known(unused_logger: Any, unused_method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _harmless(value) for key, value in event.items() if key in ALLOWED_KEYS}


def _harmless(value: Any) -> Any:
    """The value, or the name of its class where it is a thing that may hold anybody's words."""
    if isinstance(value, str):
        return _NATIONAL_ID.sub("[number]", value)
    return value if isinstance(value, (int, float, bool, type(None))) else type(value).__name__


class _StandardError(TextIOBase):
    """Whatever standard error is when a line is written, for a logger that was used once keeps what it writes to.

    Where its disk is full it is nothing: a line that is lost must not lose what it tells of.
    """

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure(*, level: int = logging.INFO) -> None:
    """Send one JSON line per event to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _StandardError())),
        # A logger that kept its first configuration would be deaf to a later one.
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> Any:
    """A logger whose lines carry `name`; call it as `log.info("event", reference=…)`."""
    return structlog.get_logger(source=name)
