"""What a database can fail at, in words of ours."""

from forms_app.errors import PortalError


class UnusableDatabase(PortalError):
    """The database cannot keep what it is given: it is neither PostgreSQL nor a SQLite file, or refuses its journal."""


class BrokenReferences(PortalError):
    """A migration left rows that point at nothing; it was rolled back."""


class DatabaseBusy(PortalError):
    """Another writer has held the database for too long; nothing was written, and trying again is safe."""


class DatabaseClosed(DatabaseBusy):
    """The database takes nothing more: it is being copied to another place, or was; nothing was written.

    Until whoever asks is pointed to the new place, or the old one is opened again, trying again is safe and in vain.
    """


CLOSED_WORD = "database_closed"
"""What a closed SQLite database says when it refuses to be written to."""
CLOSED_CODE = "MOVED"
"""The same from PostgreSQL, as its five characters."""
