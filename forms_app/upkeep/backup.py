"""Makes a backup while everybody goes on: one folder with both databases, the journals and a manifest.

The order is what makes it whole by itself. First the journals: a line is written after its row was committed, so every
receipt in them is in the database that is saved next. Then the portal's database, out of one snapshot, and last that of
the staff: cases and the audit trail name members, who are never deleted, so everybody who is named is in it.
"""

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.durable import sync
from forms_app.errors import PortalError
from forms_app.storage import archive
from forms_app.storage.contents import lasting
from forms_app.storage.migrate import Schema, revision_of
from forms_app.upkeep.filling import Progress, receive
from forms_app.upkeep.manifest import FILES, JOURNAL, NAME, Manifest, SavedDatabase, describe
from forms_app.upkeep.moving import demand_in_use, demand_migrated

_OWNER_ONLY = 0o600


class FolderTaken(PortalError):
    """The folder is there already, or another backup is being made in its place; name a new one."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What is backed up: databases, and files of lines by the names they get."""

    databases: Mapping[Schema, sa.Engine]
    lines: Mapping[str, Path]


def back_up(folder: Path, sources: Sources, *, version: str, clock: Clock, progress: Progress) -> Manifest:
    """The folder is there when all of it is on disk, and not before.

    Raises FolderTaken, NotMigrated, NotFilled, HasMoved, NotTheSame, OSError, and what a database raises.
    """
    for schema, engine in sources.databases.items():
        demand_migrated(engine, schema)
        demand_in_use(engine)
    with _unfinished(folder) as partial:
        begun_at = clock()
        (partial / JOURNAL).mkdir(mode=0o700)
        for name, path in sources.lines.items():
            _save_lines(path, partial / JOURNAL / name)
        saved = {
            schema: _save(engine, schema, partial / FILES[schema], progress)
            for schema, engine in sorted(sources.databases.items(), key=lambda one: one[0] is Schema.STAFF)
        }
        manifest = Manifest(
            id=uuid.uuid4(),
            version=version,
            begun_at=begun_at,
            finished_at=clock(),
            databases=saved,
            files=[describe(partial, path) for path in sorted(partial.rglob("*")) if path.is_file()],
        )
        _write(partial / NAME, json.dumps(manifest.as_json(), indent=1).encode())
        sync(partial / JOURNAL)
    return manifest


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder under another name, which only becomes the right one when all went well."""
    partial = folder.with_name(f".{folder.name}.unfinished")
    if folder.exists():
        raise FolderTaken(str(folder))
    partial.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(partial, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderTaken(str(folder)) from None
        try:
            _empty(partial)
            yield partial
            os.fsync(lock)
            partial.rename(folder)
            sync(folder.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    finally:
        os.close(lock)


def _empty(partial: Path) -> None:
    """Of what a backup left that was killed."""
    for one in partial.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()


def _save(source: sa.Engine, schema: Schema, path: Path, progress: Progress) -> SavedDatabase:
    with archive.writing(path, schema) as target:
        tables = receive(source, target, lasting(schema), progress, opened=lambda *unused: nullcontext())
    return SavedDatabase(revision=revision_of(schema), tables=tables)


def _save_lines(source: Path, target: Path) -> None:
    """Complete lines only: the last one may just be being written."""
    with source.open("rb") as lines, open(os.open(target, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY), "wb") as copy:
        copy.writelines(line for line in lines if line.endswith(b"\n"))
        copy.flush()
        os.fsync(copy.fileno())


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
