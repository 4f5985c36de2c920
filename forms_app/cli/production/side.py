"""Which process the settings are of: what is right for one is unsafe for another."""

from enum import StrEnum

from forms_app.settings import Settings, Surface
from forms_app.storage.roles import DatabaseRole


class Side(StrEnum):
    """Who a process is there for."""

    CITIZEN = "citizen"
    STAFF = "staff"
    WORKER = "worker"

    @property
    def role(self) -> DatabaseRole:
        """What it is on PostgreSQL."""
        return DatabaseRole[self.name]


def side_of(settings: Settings) -> Side:
    """Nothing says that a process is a worker; only a citizen's process has no opening key."""
    if Surface.STAFF in settings.surfaces:
        return Side.STAFF
    return Side.WORKER if settings.opening_keys else Side.CITIZEN
