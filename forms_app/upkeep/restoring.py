"""Fills new, empty databases out of a backup, and says what was sent after it was made."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from forms_app.books.journals import NAMES
from forms_app.clock import Clock
from forms_app.durable import sync
from forms_app.storage import archive
from forms_app.storage.closing import Move
from forms_app.storage.contents import lasting
from forms_app.storage.engine import make_engine
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema, migrate, revision_of
from forms_app.upkeep.filling import Progress, prepare, receive, take_into_use
from forms_app.upkeep.manifest import FILES, JOURNAL, Manifest


def restore(
    folder: Path, manifest: Manifest, schema: Schema, target: sa.Engine, clock: Clock, progress: Progress
) -> Sequence[Tally]:
    """Fill an empty place out of a backup whose files are as they were; one that was interrupted goes on.

    Raises NotEmpty, AlreadyFilled, NotTheSame, SchemaTooLate, and what a database raises.
    """
    place = f"the backup of {manifest.begun_at:%Y-%m-%d %H:%M} UTC"
    move = Move(id=manifest.id, is_source=False, place=place, begun_at=clock())
    tables = lasting(schema)
    with _present(folder / FILES[schema], schema, manifest.databases[schema].revision) as source:
        prepare(target, schema, move)
        tallies = receive(source, target, tables, progress)
    take_into_use(target, schema, move, tables, now=clock())
    return tallies


def put_journals(folder: Path, journal: Path) -> Sequence[Path]:
    """Put the journals of the backup where there are none; those that are there have gone on since, and stay."""
    journal.mkdir(parents=True, exist_ok=True)
    if any(journal.glob(NAMES)):
        return []
    put = []
    for saved in sorted((folder / JOURNAL).iterdir()):
        new = journal / saved.name
        shutil.copyfile(saved, new)
        sync(new)
        put.append(new)
    sync(journal)
    return put


@contextmanager
def _present(path: Path, schema: Schema, revision: str) -> Iterator[sa.Engine]:
    """The saved database with the present schema: what an earlier version has saved is migrated in a copy."""
    if revision == revision_of(schema):
        with archive.opened(path) as engine:
            yield engine
        return
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / path.name
        shutil.copyfile(path, copy)
        engine = make_engine(sa.URL.create("sqlite", database=str(copy)))
        try:
            migrate(engine, schema)
            yield engine
        finally:
            engine.dispose()
