"""`portal copy-database`: moves a database to another place."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa

from forms_app.cli.explained import explained
from forms_app.cli.progress import Progress, interruptible
from forms_app.clock import utc_now
from forms_app.storage.closing import closed_by
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema
from forms_app.upkeep.moving import Moved, copy_database, reopen

_DIGITS = 16
_VARIABLE = {Schema.PORTAL: "DATABASE_URL", Schema.STAFF: "STAFF_DATABASE_URL"}


@click.command("copy-database")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO", required=False)
@click.option("--staff", is_flag=True, help="The databases of the staff surface, as STAFF_DATABASE_URL names them.")
@click.option("--reopen", "reopens", is_flag=True, help="Copy nothing: open FROM again, after a copy that was killed.")
@click.option(
    "--although-moved",
    is_flag=True,
    help="With --reopen: also after a copy that was finished. Nothing that was written in TO is in FROM.",
)
@explained
def copy(source: str, target: str | None, staff: bool, reopens: bool, although_moved: bool) -> None:
    """Copy all of the database FROM to the empty database TO, compare row by row, and open TO.

    Both are URLs, as DATABASE_URL names them. FROM is closed first, for all processes, and stays closed: citizens can
    read, and are told that the portal is moving. A copy that fails or is interrupted opens FROM again; one that was
    killed goes on when the command is repeated.
    """
    schema = Schema.STAFF if staff else Schema.PORTAL
    with engine_of(source) as old:
        if reopens:
            given_up = reopen(old, schema, although_moved=although_moved)
            click.echo(f"FROM is open again. The copy to {given_up.place} does not count any more.")
            return
        if not target:
            raise click.UsageError("Name the empty database TO.")
        with engine_of(target) as new, interruptible(), _told_if_interrupted(old):
            moved = copy_database(old, new, schema, utc_now, Progress)
    for tally in moved.tallies:
        click.echo(line_of(tally))
    click.echo(_done(moved, schema))


@contextmanager
def engine_of(url: str) -> Iterator[sa.Engine]:
    """An engine for as long as it is needed; what the database refuses is told in a sentence."""
    try:
        engine = make_engine(url)
    except sa.exc.ArgumentError:
        raise click.UsageError("A database is named by its URL, such as sqlite:////var/lib/portal.sqlite.") from None
    try:
        yield engine
    except sa.exc.OperationalError:
        raise
    except sa.exc.DBAPIError as error:
        raise click.ClickException(f"The database refused: {error.orig}") from error
    finally:
        engine.dispose()


def line_of(tally: Tally) -> str:
    """A table, its rows, and what they amount to."""
    return f"{tally.table:18} {tally.rows:10,} rows  {tally.sha256[:_DIGITS]}"


@contextmanager
def _told_if_interrupted(source: sa.Engine) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        with reading(source) as connection:
            is_closed = closed_by(connection) is not None
        meaning = "FROM stays closed: everything was copied, and the same command finishes it."
        raise click.ClickException(
            f"Interrupted. {meaning if is_closed else 'FROM is open again, and nothing was lost.'}"
        ) from None


def _done(moved: Moved, schema: Schema) -> str:
    rows = sum(one.rows for one in moved.tallies)
    return (
        f"\nCopied to {moved.place}: {len(moved.tallies)} tables, {rows:,} rows, each compared with its row in FROM.\n"
        f"FROM stays closed. Let {_VARIABLE[schema]} name TO for every process, and start them again; on PostgreSQL,\n"
        "`portal migrate --roles` gives each its rights. What citizens meanwhile read is that the portal is moving."
    )
