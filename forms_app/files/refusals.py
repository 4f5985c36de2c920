"""Why a file is not taken. Each reason has its sentence in `web/errors.py`, which says what to do instead."""

from forms_app.errors import PortalError


class UploadRefused(PortalError):
    """A file was not taken; nothing else of the draft changed."""


class EmptyFile(UploadRefused):
    """A file has no content."""


class UnknownKind(UploadRefused):
    """A file is none of the kinds that case workers can open."""


class IsArchive(UploadRefused):
    """A file is an archive: what is inside has no names here, and cannot be looked at one by one."""


class Encrypted(UploadRefused):
    """A file opens with a password only."""


class Broken(UploadRefused):
    """A file cannot be opened by the parser of its own kind, most often because its end is missing."""


class TooBigUnpacked(UploadRefused):
    """A file grows beyond all measure when it is opened, as pictures of absurd size and zip bombs do."""


class HasMacros(UploadRefused):
    """A document holds programs, objects of other programs, or templates that are fetched from elsewhere."""


class HasVirus(UploadRefused):
    """The virus scanner knows the file."""
