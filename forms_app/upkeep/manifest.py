"""What a backup says of itself: when it was made, by which version, what it holds. Written last of all."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from forms_app.errors import PortalError
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema

NAME = "manifest.json"
JOURNAL = "journal"
"""The folder of the issue journals and the heads of the audit trail."""
FILES = {Schema.PORTAL: "portal.sqlite", Schema.STAFF: "staff.sqlite"}
_WHAT, _FORMAT = "backup of the portal", 1


class NotABackup(PortalError):
    """This folder is no backup of the portal: it has no manifest that this version can read."""


@dataclass(frozen=True, kw_only=True)
class SavedFile:
    """A file of the backup, by its path in the folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class SavedDatabase:
    """What a database amounts to; `revision` is that of its schema."""

    revision: str
    tables: Sequence[Tally]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All of a backup. What had been sent before `begun_at` is in it."""

    id: uuid.UUID
    version: str
    begun_at: datetime
    finished_at: datetime
    databases: Mapping[Schema, SavedDatabase]
    files: Sequence[SavedFile]

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "what": _WHAT,
            "format": _FORMAT,
            "id": str(self.id),
            "version": self.version,
            "begun_at": self.begun_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
            "databases": {
                schema.name.lower(): {"revision": one.revision, "tables": [asdict(table) for table in one.tables]}
                for schema, one in self.databases.items()
            },
            "files": [asdict(one) for one in self.files],
        }


def read(folder: Path) -> Manifest:
    """The manifest of the backup in this folder. Raises NotABackup."""
    try:
        found = json.loads((folder / NAME).read_bytes())
        if (found["what"], found["format"]) != (_WHAT, _FORMAT):
            raise NotABackup(str(folder))
        return Manifest(
            id=uuid.UUID(found["id"]),
            version=found["version"],
            begun_at=datetime.fromisoformat(found["begun_at"]),
            finished_at=datetime.fromisoformat(found["finished_at"]),
            databases={Schema[name.upper()]: _database(one) for name, one in found["databases"].items()},
            files=[SavedFile(**one) for one in found["files"]],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotABackup(str(folder)) from error


def _database(found: Mapping[str, Any]) -> SavedDatabase:
    return SavedDatabase(revision=found["revision"], tables=[Tally(**one) for one in found["tables"]])


def describe(folder: Path, path: Path) -> SavedFile:
    """A file as it is now."""
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    return SavedFile(path=str(path.relative_to(folder)), size=path.stat().st_size, sha256=sha256)
