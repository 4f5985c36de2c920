"""What a municipality has set itself where no law sets a time: counted like a deadline, and never shown as one."""

from dataclasses import dataclass

from forms_app.countries import Unit
from forms_app.municipality import ProcessingTime

COMPLAINT_TARGET = "complaint_target"
"""How the date is named where others are named by the fact of the law that they were counted from."""


@dataclass(frozen=True, kw_only=True)
class OwnTarget:
    """A period by its name."""

    name: str
    number: int
    unit: Unit

    @classmethod
    def of(cls, name: str, time: ProcessingTime) -> "OwnTarget":
        """As it stands in `portal.toml`."""
        return cls(name=name, number=time.number, unit=time.unit)
