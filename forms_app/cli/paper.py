"""`portal paper`: every blank form as PDF and Word, for the site and for the counter."""

from pathlib import Path

import click

from forms_app.cli.explained import explained
from forms_app.documents.blank_forms import BlankForms
from forms_app.settings import deployment_of


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@explained
def paper(folder: Path) -> None:
    """Write every blank form into FOLDER as PDF and Word, a folder a language."""
    for path in BlankForms(deployment=deployment_of(), built=folder).build():
        click.echo(str(path))
