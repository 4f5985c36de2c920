"""`portal audit`: whether the audit trail is whole, and who has read a case."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from forms_app.books.heads import HeadsFile
from forms_app.books.verifying import Finding, Verdict, verify_trail
from forms_app.cli.context import open_database, settings
from forms_app.cli.explained import explained
from forms_app.cli.readers import read
from forms_app.cli.terminal import one_line
from forms_app.sealing.canonical import moment_text
from forms_app.sealing.signature import load_signing_key


@click.group()
def audit() -> None:
    """Check the audit trail, and read it."""


audit.add_command(read)


@audit.command()
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of the exported heads that was kept elsewhere, instead of the file in PORTAL_DATA.",
)
@click.option("--key", "keys", multiple=True, help="A public key that heads were signed with earlier.")
@explained
def verify(heads: Path | None, keys: tuple[str, ...]) -> None:
    """Compute the whole trail anew and compare it with every exported head; the exit status is 1 on a fault."""
    present = settings()
    path = heads or present.audit_heads
    known = [load_signing_key(present.audit_key).public_key, *keys]
    verdict = verify_trail(open_database(present.database_url), HeadsFile(path).heads(), known)
    for line in _told(verdict, path):
        click.echo(line)
    sys.exit(1 if verdict.findings else 0)


def _told(verdict: Verdict, path: Path) -> Iterator[str]:
    for one in verdict.findings:
        yield _fault(one)
    if not verdict.findings:
        yield f"WHOLE. {verdict.entries} entries, {verdict.heads} heads in {path}."
    if verdict.covered_at:
        yield f"Signed: the first {verdict.covered} entries, last at {moment_text(verdict.covered_at)}."
    if not verdict.heads:
        yield f"No head in {path}: whether the chain is the one that was signed cannot be seen."
    open_ = verdict.entries - verdict.covered
    if open_:
        yield f"Not signed yet: {open_} entries. A change to these cannot be seen; the worker signs each minute."


def _fault(one: Finding) -> str:
    detail = f" ({one_line(one.detail)})" if one.detail else ""
    return f"FAULT. Entry {one.entry_id} {one.fault}{detail}."
