"""What a check has to say: where, and what to write instead.

The messages are in Bokmål, which the editors of all three languages read.
"""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether the site may be published with it."""

    ERROR = "feil"
    NOTE = "merk"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing for an editor to look at."""

    where: str
    """The file as the editor knows it, "docs/nb/klage.md", or the URL of a built page."""
    line: int
    """Counted from 1; 0 where the finding is about the whole file."""
    message: str
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        """As compilers write it, so that editors jump to the line."""
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.weight}: {self.message}"


def errors(found: list[Finding]) -> list[Finding]:
    """Those that stop publication."""
    return [one for one in found if one.weight is Weight.ERROR]
