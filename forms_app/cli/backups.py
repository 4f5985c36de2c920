"""`portal backup` and `portal restore`."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import click

from forms_app.books.closing import Gap, close
from forms_app.books.heads import HeadsFile
from forms_app.books.journals import NAMES, Journals
from forms_app.cli.books import told_gap
from forms_app.cli.context import settings
from forms_app.cli.explained import explained
from forms_app.cli.moving import engine_of
from forms_app.cli.progress import Progress, interruptible
from forms_app.clock import utc_now
from forms_app.settings import Settings
from forms_app.storage import audit_links
from forms_app.storage.engine import reading
from forms_app.storage.migrate import Schema
from forms_app.upkeep import checking, manifest
from forms_app.upkeep.backup import Sources, back_up
from forms_app.upkeep.manifest import JOURNAL, Manifest
from forms_app.upkeep.restoring import put_journals, restore

_KEYS = "No private key is in it: the opening and signing keys, portal.toml and the settings need copies of their own."
_LOST = (
    "They were issued after the backup was made, and citizens have them. What was handed over by then lies with the\n"
    "municipality under the same reference; ask there first, and then those who sent the rest to send it again."
)
_TRAIL = (
    "The audit trail: {path} has signed {signed} entries, the backup {trail}. The file proves what stood in the rest;\n"
    "put it aside before the worker starts, which begins a new one."
)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("folder", type=_FOLDER)
@click.option("--check", "checks", is_flag=True, help="Make none, but read the one in FOLDER and compare every byte.")
@click.option(
    "--without-staff", is_flag=True, help="Leave out the staff's own database: who works here, in which role."
)
@explained
def backup(folder: Path, checks: bool, without_staff: bool) -> None:
    """Save both databases, the issue journals and the heads of the audit trail in the new FOLDER, while all goes on.

    What was sent before it began is in it. FOLDER is there only when it is whole; an interrupted backup leaves nothing,
    and the same command makes another one.
    """
    folder = folder.resolve()
    if checks:
        sys.exit(_check(folder))
    present = settings()
    urls = {Schema.PORTAL: present.database_url}
    if not without_staff:
        urls[Schema.STAFF] = present.staff_database_url
    with ExitStack() as stack:
        databases = {schema: stack.enter_context(engine_of(url)) for schema, url in urls.items()}
        sources = Sources(databases=databases, lines=dict(_lines(present)))
        stack.enter_context(interruptible())
        stack.enter_context(_told_if_stopped("Interrupted. Nothing is left of the backup."))
        made = back_up(folder, sources, version=version("portal"), clock=utc_now, progress=Progress)
    click.echo(f"{folder}: {_size(made)}.\n{_KEYS}")


@click.command("restore")
@click.argument("folder", type=_FOLDER)
@click.option("--into", "portal", metavar="URL", help="The new, empty database of the portal.")
@click.option("--staff-into", "staff", metavar="URL", help="The new, empty database of the staff surface.")
@explained
def restore_(folder: Path, portal: str | None, staff: str | None) -> None:
    """Fill new, empty databases out of the backup in FOLDER, and say what was sent after it was made.

    The journals of the backup are put into PORTAL_DATA where there are none. The exit status is 1 if a receipt was
    issued of which nothing is stored.
    """
    wanted = {schema: url for schema, url in ((Schema.PORTAL, portal), (Schema.STAFF, staff)) if url}
    if not wanted:
        raise click.UsageError("Say where to: --into URL, --staff-into URL, or both.")
    folder, present = folder.resolve(), settings()
    saved = manifest.read(folder)
    if lacking := [schema.name.lower() for schema in wanted if schema not in saved.databases]:
        raise click.ClickException(f"The backup was made without this database: {', '.join(lacking)}")
    with interruptible(), _told_if_stopped("Interrupted. The new place stays closed; the same command goes on."):
        if found := list(checking.faults(folder, saved, Progress)):
            raise click.ClickException("The backup is damaged, and nothing was restored:\n" + "\n".join(found))
        for schema, url in wanted.items():
            with engine_of(url) as target:
                tallies = restore(folder, saved, schema, target, utc_now, Progress)
            rows = sum(one.rows for one in tallies)
            click.echo(f"{schema.name.lower()}: {len(tallies)} tables, {rows:,} rows, each compared with the backup.")
    for path in put_journals(folder, present.journal.parent):
        click.echo(f"{path}: put there from the backup.")
    click.echo("On PostgreSQL, `portal migrate --roles` gives each process its rights.")
    if portal:
        sys.exit(_tell_what_is_missing(portal, folder, present))


def _lines(present: Settings) -> Iterator[tuple[str, Path]]:
    """The journals of all hosts under names that do not clash, and the heads of the audit trail."""
    own, *others = present.journals
    for path in sorted(own.glob(NAMES)):
        yield path.name, path
    elsewhere = [path for place in others for path in (sorted(place.glob(NAMES)) if place.is_dir() else [place])]
    for number, path in enumerate(elsewhere, start=1):
        yield f"issued-elsewhere-{number}.jsonl", path
    if present.audit_heads.exists():
        yield present.audit_heads.name, present.audit_heads


def _check(folder: Path) -> int:
    """The exit status: 1 where anything is wrong."""
    saved = manifest.read(folder)
    with interruptible(), _told_if_stopped("Interrupted. A backup is not changed by looking at it."):
        found = list(checking.faults(folder, saved, Progress))
        open_ends = [] if found else list(checking.gaps(folder, saved))
    for fault in found:
        click.echo(f"FAULT  {fault}")
    for gap in open_ends:
        click.echo(told_gap(gap))
    if not found and not open_ends:
        click.echo(f"WHOLE. {_size(saved)}, made on {saved.begun_at:%Y-%m-%d %H:%M} UTC by version {saved.version}.")
    return 1 if found or open_ends else 0


def _size(made: Manifest) -> str:
    rows = ", ".join(
        f"{sum(table.rows for table in one.tables):,} rows of {schema.name.lower()}"
        for schema, one in made.databases.items()
    )
    return f"{rows}, {sum(one.size for one in made.files) / 1e6:,.1f} MB"


def _tell_what_is_missing(url: str, folder: Path, present: Settings) -> int:
    """Close the books of the new place with the living journals; the exit status."""
    saved = manifest.read(folder)
    places = [place for place in present.journals if place.exists()]
    with engine_of(url) as engine:
        books = close(engine, Journals([*places, folder / JOURNAL]), now=saved.begun_at)
        with reading(engine) as connection:
            trail = audit_links.last_head(connection) or 0
    lost = [one for one in books.findings if one.gap is Gap.MISSING]
    for gap in books.findings:
        if gap.gap is not Gap.NO_LINE:
            click.echo(told_gap(gap))
    if lost:
        click.echo(f"\n{len(lost)} RECEIPTS WITHOUT A SUBMISSION. {_LOST}")
    else:
        click.echo("Every receipt that a journal knows of is stored.")
    signed = HeadsFile(present.audit_heads).last_number()
    if signed > trail:
        click.echo(_TRAIL.format(path=present.audit_heads, signed=signed, trail=trail))
    return 1 if lost else 0


@contextmanager
def _told_if_stopped(what: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise click.ClickException(what) from None
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}") from error
