"""`portal keys drill`: rehearse opening with the recovery key alone."""

import os
import sys
from pathlib import Path

import click

from forms_app.casework import drill as drills
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.explained import explained
from forms_app.cli.terminal import one_line
from forms_app.clock import utc_now
from forms_app.sealing.keys import load_identities
from forms_app.sealing.secret_files import KeyFileExists


@click.group()
def drill() -> None:
    """Rehearse opening what was sent with the recovery key, on a machine without network."""


@drill.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", default=20, type=click.IntRange(1, 1000), help="How many submissions, at most.")
@click.option("--municipality", help="Only of this one, where each has a recovery key of its own.")
@explained
def export(file: Path, rows: int, municipality: str | None) -> None:
    """Write a sealed sample with all that the drill takes to FILE, a zip."""
    present = settings()
    identities = load_identities(present.opening_keys) if present.opening_keys else ()
    if municipality:
        present.deployment.municipality(municipality)
    packed = drills.export(
        open_database(present.database_url), utc_now, identities, most=rows, actor=actor(), municipality=municipality
    )
    _write(file, packed)
    click.echo(f"{file}: carry it to a machine without network, and follow README.txt in it.")


@drill.command("import")
@click.argument("result", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@explained
def import_(result: Path) -> None:
    """Check the RESULT of a drill and write the outcome down; the exit status is 1 if it failed."""
    present = settings()
    identities = load_identities(present.opening_keys) if present.opening_keys else ()
    text = result.read_text("utf-8", errors="replace")
    outcome = drills.check_result(open_database(present.database_url), utc_now, identities, text, actor=actor())
    for name in outcome.faulty:
        click.echo(f"NOT OPENED  {one_line(name)}")
    if outcome.is_working_key:
        click.echo("This was the working key. The drill is about the recovery key: do it again with that one.")
    opened = outcome.envelopes - len(outcome.faulty)
    click.echo(f"{'PASSED' if outcome.passed else 'FAILED'}: {opened} of {outcome.envelopes} were opened.")
    sys.exit(0 if outcome.passed else 1)


def _write(file: Path, content: bytes) -> None:
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
    except FileExistsError:
        raise KeyFileExists(str(file)) from None
