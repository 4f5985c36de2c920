"""`portal front-pages`: what the web server in front shows where the portal cannot answer."""

from pathlib import Path

import click

from forms_app.cli.explained import explained
from forms_app.settings import deployment_of
from forms_app.web.front_pages import front_pages


@click.command("front-pages")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@explained
def front(folder: Path) -> None:
    """Write the pages that the web server in front shows where the portal cannot answer into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in front_pages(demo=deployment_of().demo):
        (folder / name).write_text(page, "utf-8")
        click.echo(str(folder / name))
