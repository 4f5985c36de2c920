"""A `portal` command as tests call it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What a command printed."""

    stdout: str
    stderr: str


Command = Callable[..., Ended]
"""`portal("open", reference, exit_code=1, HOST="…")`: arguments, the expected exit code, and changed variables."""
