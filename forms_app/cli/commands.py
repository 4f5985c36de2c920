"""The commands that run the portal. Each reads the settings, calls one thing, and prints what came of it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from pyrage.x25519 import Identity

from forms_app.casework.inbox import lines
from forms_app.casework.opening import open_case
from forms_app.cli import check as checks
from forms_app.cli import listing, opened
from forms_app.cli.audit import audit
from forms_app.cli.backups import backup, restore_
from forms_app.cli.books import books
from forms_app.cli.bounces import bounces
from forms_app.cli.context import actor as _actor
from forms_app.cli.context import databases_named, open_database
from forms_app.cli.context import settings as _settings
from forms_app.cli.databases import databases_of, demand_all_open, migrate_all
from forms_app.cli.deliveries import deliveries
from forms_app.cli.demo_staff import login_of_demo
from forms_app.cli.explained import explained as _explained
from forms_app.cli.front_pages import front
from forms_app.cli.group import main
from forms_app.cli.keys import keys
from forms_app.cli.metrics import metrics
from forms_app.cli.moving import copy
from forms_app.cli.paper import paper
from forms_app.cli.processes import (
    NotStarted,
    PortTaken,
    Processes,
    demand_free_port,
    host_and_port,
    metrics_command,
    web_command,
    worker_command,
)
from forms_app.cli.production import Side, production
from forms_app.cli.staff import staff
from forms_app.cli.status import status
from forms_app.cli.verify import verify_receipt
from forms_app.cli.web import web
from forms_app.cli.work import make_workers
from forms_app.clock import utc_now
from forms_app.metrics import forget_processes
from forms_app.sealing.keys import load_identities
from forms_app.settings import Settings
from forms_app.storage.migrate import demand_usable

main.add_command(audit)
main.add_command(backup)
main.add_command(bounces)
main.add_command(books)
main.add_command(copy)
main.add_command(deliveries)
main.add_command(front)
main.add_command(keys)
main.add_command(metrics)
main.add_command(paper)
main.add_command(restore_)
main.add_command(staff)
main.add_command(status)
main.add_command(verify_receipt)
main.add_command(web)


def _identities(settings: Settings) -> Sequence[Identity]:
    return load_identities(settings.opening_keys) if settings.opening_keys else ()


def _print_json(value: Any) -> None:
    """Exactly what was typed; half a character, which UTF-8 cannot hold, is written as JSON writes it: "\\ud800"."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace"))


@main.command()
@_explained
def serve() -> None:
    """Start the web server and the worker; Ctrl-C stops both."""
    settings = _settings()
    migrate_all(databases_of(settings))
    demand_all_open(settings)
    try:
        demand_free_port(settings.host, settings.port)
    except PortTaken:
        raise click.ClickException(
            f"Port {settings.port} is taken. Stop what uses it, or choose another: PORT=8123 make run"
        ) from None
    root = f"http://{host_and_port(settings.host, settings.port)}"
    commands, variables = login_of_demo(settings)
    watched = settings.operations.metrics
    started = [
        web_command(host_and_port(settings.host, settings.port), variables, processes=settings.web_processes),
        worker_command(),
    ]
    forget_processes(settings.operations.measurements)
    processes = Processes([*commands, *started, *([metrics_command()] if watched else [])])
    processes.start()
    try:
        processes.wait_until_healthy(f"{root}/health")
    except NotStarted:
        raise click.ClickException("The web server did not start; what it printed stands above.") from None
    for name, path in [
        ("Site", "/"),
        ("Bokmål", "/nb/"),
        ("Nynorsk", "/nn/"),
        ("Dansk", "/da/"),
        *([("Staff", "/staff/")] if settings.login or commands else []),
        ("Health", "/health"),
    ]:
        click.echo(f"{name:10} {root}{path}")
    if watched:
        click.echo(f"{'Metrics':10} http://{host_and_port(watched.host, watched.port)}/metrics")
    click.echo(f"{'Data':10} {settings.data}\nCtrl-C stops everything.")
    processes.watch()


@main.command()
@click.option("--once", is_flag=True, help="Stop when nothing more is due.")
@_explained
def work(once: bool) -> None:
    """Hand over what came in to the municipalities' own systems, and confirm it to those who gave an e-mail address."""
    settings = _settings()
    demand_usable(open_database(settings.database_url))
    workers = make_workers(settings, _identities(settings))
    if once:
        workers.run_once()
    else:
        workers.run()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@click.option("--municipality", help="The key of one municipality.")
@_explained
def inbox(as_json: bool, municipality: str | None) -> None:
    """List what came in, what needs a human soonest first."""
    settings = _settings()
    engine, identities = open_database(settings.database_url), _identities(settings)
    found = lines(engine, utc_now, identities, actor=_actor(), municipality=municipality)
    if as_json:
        _print_json([listing.as_json(line) for line in found])
        return
    for line in found:
        click.echo(listing.as_text(line))


@main.command("open")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="The answers as JSON.")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the attachments into this folder.",
)
@_explained
def open_(reference: str, as_json: bool, files: Path | None) -> None:
    """Open one submission, with what was sent later about it; the audit trail knows of it."""
    settings = _settings()
    case = open_case(open_database(settings.database_url), utc_now, _identities(settings), reference, actor=_actor())
    if as_json:
        _print_json(opened.as_json(case))
    else:
        click.echo(opened.as_text(case, settings.deployment))
    if files:
        for path in opened.write(files, case):
            click.echo(str(path), err=True)


@main.command()
@click.option("--roles", is_flag=True, help="Also make the roles of PostgreSQL, and give each its rights.")
@_explained
def migrate(roles: bool) -> None:
    """Bring the databases to the present schema; of all settings this needs their addresses only."""
    migrate_all(databases_named(), with_roles=roles)
    click.echo("The database has the present schema.")


@main.command()
@click.option("--production", "is_real", is_flag=True, help="Also refuse what is unsafe where people send real things.")
@click.option(
    "--side",
    type=click.Choice([one.value for one in Side]),
    help="Which process the settings are of, with --production.",
)
@_explained
def check(is_real: bool, side: str | None) -> None:
    """Look at configuration, keys, database and catalogues, and say how to mend what is wrong.

    The exit status is 1 on a fault; a warning is for somebody to think about.
    """
    settings, now = _settings(), utc_now()
    found = [*checks.findings(settings, now.date())]
    if is_real:
        found += production(settings, now, Side(side) if side else None)
    for finding in found:
        click.echo(f"{finding.word:6} {finding.subject}")
        if finding.fault:
            click.echo(f"       {finding.fault}\n       mend: {finding.mend}")
    sys.exit(1 if any(one.word == "FAULT" for one in found) else 0)
