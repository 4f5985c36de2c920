"""One way to write JSON, so that the same content always has the same bytes and the same hash.

Keys sorted by code point, no spaces, UTF-8 without escapes, strings exactly as typed: no Unicode
normalisation. Moments are text in UTC with microseconds: "2026-11-22T10:15:00.000000Z".
"""

import json
from datetime import UTC, datetime
from typing import Any

from forms_app.errors import PortalError


class NotCanonical(PortalError):
    """A value has no canonical JSON: a lone surrogate, an infinite number, a naive time or a foreign type."""


def canonical_json(value: Any) -> bytes:
    """The bytes of a value made of dicts with text keys, lists, text, numbers, booleans and None.

    Raises `NotCanonical`.
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        # The message could hold an answer, so only the kind of error is passed on.
        raise NotCanonical(type(error).__name__) from None


def moment_text(moment: datetime) -> str:
    """An aware moment as text. Raises `NotCanonical` for a naive one."""
    if moment.tzinfo is None:
        raise NotCanonical("naive time")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: str) -> datetime:
    """The moment written by `moment_text`, in UTC. Raises `ValueError`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
