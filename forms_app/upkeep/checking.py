"""Whether a backup is what it was when it was made, and whether its own books close."""

from collections.abc import Iterator
from pathlib import Path

from forms_app.books.closing import Finding, Gap, bad_bytes, close
from forms_app.books.journals import Journals
from forms_app.storage import archive
from forms_app.storage.archive import ArchiveDamaged
from forms_app.storage.contents import lasting
from forms_app.storage.copying import tally
from forms_app.storage.engine import reading
from forms_app.storage.migrate import Schema, revision_of
from forms_app.upkeep.filling import Progress
from forms_app.upkeep.manifest import FILES, JOURNAL, NAME, Manifest, describe

_OF_THE_MOMENT = frozenset({Gap.NO_LINE})
"""What was sent while the backup was made is in the database and not in the journals, which are saved first."""


def faults(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[str]:
    """Read every byte and name all that is not as it was."""
    known = {one.path: one for one in manifest.files}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {NAME}
    for path in sorted(known.keys() | found):
        if path not in found:
            yield f"{path} is missing"
        elif path not in known:
            yield f"{path} does not belong there"
        elif describe(folder, folder / path) != known[path]:
            yield f"{path} was changed: it has another hash than when the backup was made"
    for schema in manifest.databases:
        if FILES[schema] in found:
            yield from _faults_of_database(folder, manifest, schema, progress)


def gaps(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """What the books say of the backup alone, sealed bytes and all; only where it has the present schema."""
    if manifest.databases[Schema.PORTAL].revision != revision_of(Schema.PORTAL):
        return
    with archive.opened(folder / FILES[Schema.PORTAL]) as engine:
        books = close(engine, Journals([folder / JOURNAL]), now=manifest.begun_at)
        yield from (one for one in books.findings if one.gap not in _OF_THE_MOMENT)
        yield from bad_bytes(engine)


def _faults_of_database(folder: Path, manifest: Manifest, schema: Schema, progress: Progress) -> Iterator[str]:
    path, saved = folder / FILES[schema], manifest.databases[schema]
    try:
        archive.demand_whole(path)
    except ArchiveDamaged as damaged:
        yield f"{damaged}"
        return
    if saved.revision != revision_of(schema):
        return
    watch = progress("check")
    expected = {one.table: one for one in saved.tables}
    with archive.opened(path) as engine, reading(engine) as connection:
        for table in lasting(schema):
            if tally(connection, table, watch=watch) != expected.get(table.name):
                yield f"{path.name}: the rows of {table.name} are not those that were saved"
