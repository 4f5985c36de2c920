"""How much one network address may do, and how an address is known."""

from typing import Any

from forms_app.settings.environment import Environment
from forms_app.storage.limits import Counted

_MOST_PER_HOUR = 1_000_000
_LONGEST_READING_SECONDS = 60
_MOST_PROXIES = 10
_USUAL_PER_HOUR = {
    Counted.CODE: ("PORTAL_CODES_PER_HOUR", 10),
    Counted.DRAFT: ("PORTAL_DRAFTS_PER_HOUR", 30),
    Counted.SUBMISSION: ("PORTAL_SUBMISSIONS_PER_HOUR", 20),
    Counted.UPLOAD: ("PORTAL_UPLOADS_PER_HOUR", 120),
    Counted.INVITATION: ("PORTAL_INVITATIONS_PER_HOUR", 10),
}


def against_floods(environment: Environment, *, is_demo: bool) -> dict[str, Any]:
    """The fields of Settings that hold floods off."""
    return {
        "per_hour": {
            counted: environment.number(name, usual, most=_MOST_PER_HOUR)
            for counted, (name, usual) in _USUAL_PER_HOUR.items()
        },
        "codes_alarm": environment.number("PORTAL_CODES_ALARM", 200, most=_MOST_PER_HOUR),
        "fastest_seconds": environment.number("PORTAL_FASTEST_SECONDS", 2, least=0, most=_LONGEST_READING_SECONDS),
        "trusted_proxies": _trusted_proxies(environment, is_demo=is_demo),
    }


def _trusted_proxies(environment: Environment, *, is_demo: bool) -> int:
    """Outside the demo it must be said: behind a proxy that nobody told us of, all citizens would share one limit."""
    if not is_demo and not environment.text("PORTAL_TRUSTED_PROXIES"):
        environment.faults.append("PORTAL_TRUSTED_PROXIES is not set: how many proxies stand in front (0: none)")
    return environment.number("PORTAL_TRUSTED_PROXIES", 0, least=0, most=_MOST_PROXIES)
