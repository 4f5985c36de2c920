"""What databases there are. Whoever only names one needs no module of a database, which editors may not have."""

from enum import Enum
from pathlib import Path


class Schema(Enum):
    """What a database is for; the value is where its migrations are."""

    PORTAL = Path(__file__).parent / "migrations"
    STAFF = Path(__file__).parent / "staff" / "migrations"
