"""What `portal check` says of one thing it has looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from forms_app.errors import PortalError


@dataclass(frozen=True)
class Finding:
    """What was looked at. `fault` is empty when all is well; `mend` says what to do about a fault. One that is only a
    warning makes nobody's portal unsafe by itself.
    """

    subject: str
    fault: str = ""
    mend: str = ""
    is_warning: bool = False

    @property
    def word(self) -> str:
        """How it begins."""
        if not self.fault:
            return "ok"
        return "WARN" if self.is_warning else "FAULT"


def looked_at(subject: str, look: Callable[[], object], mend: str) -> Finding:
    """Whatever of ours is raised is the fault."""
    try:
        look()
    except PortalError as error:
        return Finding(subject, f"{error.meaning()} {error}", mend)
    return Finding(subject)


def warning(subject: str, fault: str, mend: str) -> Finding:
    """Somebody should think about it."""
    return Finding(subject, fault, mend, is_warning=True)
