"""What editors write in a terminal: `portal page …` and `portal preview`. Works without a server's modules.

`portal` finds both under the entry point group `portal.commands`.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from forms_app.language import Language
from guidance import freshness, new_page
from guidance.pages import Page, read_pages
from guidance.preview import STATES

_DOCS = Path("docs")
_OVERVIEW = Path("build/overview")
_HOST = "127.0.0.1"
_DEFAULT_LANGUAGES = {2: (Language.NB, Language.NN), 3: (Language.NB, Language.NN, Language.DA)}


def _explained(command: Callable[..., None]) -> Callable[..., None]:
    """Say what is wrong in a sentence, and from which folder the command works."""

    @wraps(command)
    def explained(*args: Any, **named: Any) -> None:
        if not _DOCS.is_dir():
            raise click.ClickException(f"Finner ikke mappen {_DOCS}. Kjør kommandoen i mappen der mkdocs.yml ligger.")
        try:
            command(*args, **named)
        except (new_page.NotMade, freshness.NoCounterpart) as error:
            raise click.ClickException(str(error)) from error

    return explained


@click.group()
def page() -> None:
    """Lag, sammenlign og kontroller sidene i docs."""


@page.command("new")
@click.argument("name", metavar="NAVN")
@click.argument("titles", metavar="TITTEL…", nargs=-1, required=True)
@click.option(
    "--language",
    "languages",
    type=click.Choice([language.value for language in Language]),
    multiple=True,
    help="Språket til en tittel; skriv ett for hver tittel. Uten dette: nb og nn, og da når det er tre titler.",
)
@click.option("--owner", metavar="HVEM", help="Hvem som har ansvar for siden.")
@_explained
def new(name: str, titles: Sequence[str], languages: Sequence[str], owner: str | None) -> None:
    """Lag en ny side som utkast: portal page new klage-barn "Klage for barn" "Klage for barn"."""
    chosen = languages or _DEFAULT_LANGUAGES.get(len(titles), ())
    if not chosen or len(chosen) != len(titles) or len(set(chosen)) != len(chosen):
        raise click.UsageError(
            "Skriv én tittel for hvert språk, først bokmål, så nynorsk, så eventuelt dansk, hver i anførselstegn. "
            "Skal siden bare finnes på dansk, så skriv --language da og én tittel."
        )
    wanted = new_page.NewPage(
        name=name.removesuffix(".md"), titles=dict(zip(map(Language, chosen), titles, strict=True)), owner=owner
    )
    click.echo(new_page.told(new_page.make(_DOCS, wanted, today=date.today()), wanted))


@page.command("list")
@_explained
def list_() -> None:
    """Vis alle sidene med tilstand, ansvarlig og dato for neste gjennomgang."""
    today = date.today()
    rows = [("side", "tilstand", "ansvarlig", "gjennomgås senest")]
    rows += [_row(one, today) for one in read_pages(_DOCS).values()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(one: Page, today: date) -> tuple[str, str, str, str]:
    due = one.meta.get("review_by")
    when = f"{due}{' (nå)' if due < today else ''}" if type(due) is date else "mangler"
    state = "kan ikke leses" if one.meta_fault else STATES[one.status]
    return one.where, state, str(one.meta.get("owner") or "mangler"), when


@page.command("diff")
@click.argument("file", metavar="FIL")
@_explained
def diff(file: str) -> None:
    """Vis hva som er endret i motparten (bokmål eller nynorsk) siden FIL ble bekreftet."""
    click.echo(freshness.show_difference(_DOCS, _slashes(file)))


@page.command("confirm")
@click.argument("file", metavar="FIL")
@click.option("--both", is_flag=True, help="Bekreft motparten også.")
@_explained
def confirm(file: str, both: bool) -> None:
    """Bekreft at FIL sier det samme som motparten sier nå."""
    click.echo(freshness.confirm(_DOCS, _slashes(file), both=both))


def _slashes(file: str) -> str:
    r"""People on Windows write docs\nb\klage.md."""
    return file.replace("\\", "/")


@page.command("check")
@_explained
def check() -> None:
    """Kontroller alle sidene; hver melding sier fil, linje og hva du skal skrive."""
    from guidance.__main__ import main

    sys.exit(main(["--only-written"]))


@page.command("overview")
@_explained
def overview() -> None:
    """Lag en oversikt over alle sidene i build/overview, med det som trenger et menneske først."""
    from guidance.overview import write

    click.echo(write(_OVERVIEW, read_pages(_DOCS), date.today()).as_posix())


@click.command()
@click.option("--port", default=8000, show_default=True, help="Nummeret i adressen.")
@click.option("--open", "is_opened", is_flag=True, help="Åpne sidene i nettleseren.")
@_explained
def preview(port: int, is_opened: bool) -> None:
    """Vis sidene i nettleseren mens du skriver; Ctrl-C avslutter."""
    if _is_taken(port):
        raise click.ClickException(f"Nummeret {port} er i bruk. Velg et annet: portal preview --port {port + 1}")
    # MkDocs' theme would print a banner about a successor.
    os.putenv("NO_MKDOCS_2_WARNING", "1")
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "mkdocs", "serve", "--no-strict", "--dev-addr", f"{_HOST}:{port}"]
        + ["--open"] * is_opened
    )
    # Ctrl-C reaches both of us; whoever ends this process alone means the server too.
    signal.signal(signal.SIGTERM, lambda *unused_arguments: server.terminate())
    click.echo(f"Sidene vises på http://{_HOST}:{port}/ om litt. Lagre en fil, og siden vises på nytt.")
    sys.exit(_status(server))


def _is_taken(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.settimeout(1)
        return attempt.connect_ex((_HOST, port)) == 0


def _status(server: subprocess.Popen[bytes]) -> int:
    """The server hears Ctrl-C too; wait until it has tidied up."""
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue
