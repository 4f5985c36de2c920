"""What a database can fail at, in words of ours."""

from forms_app.errors import PortalError


class UnusableDatabase(PortalError):
    """The database cannot keep what it is given: it is neither PostgreSQL nor a SQLite file, or refuses its journal."""


class BrokenReferences(PortalError):
    """A migration left rows that point at nothing; it was rolled back."""


class DatabaseBusy(PortalError):
    """Another writer has held the database for too long; nothing was written, and trying again is safe."""
