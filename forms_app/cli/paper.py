"""`portal paper`: every blank form as PDF and Word, for the site and for the counter."""

from collections.abc import Iterator
from pathlib import Path

import click

from forms_app.cli.explained import explained
from forms_app.countries import Country
from forms_app.documents.docx import to_docx
from forms_app.documents.paper import blank_context, blank_paper, checked_at, file_name
from forms_app.documents.pdf import to_pdf
from forms_app.forms.definition import FormDefinition
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, use
from forms_app.municipality import Deployment
from forms_app.settings import deployment_of


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@explained
def paper(folder: Path) -> None:
    """Write every blank form into FOLDER as PDF and Word, a folder a language."""
    deployment = deployment_of()
    for path, content in _files(deployment):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        click.echo(str(folder / path))


def _files(deployment: Deployment) -> Iterator[tuple[Path, bytes]]:
    countries = [country for country in Country if deployment.of_country(country)]
    for language in Language:
        for definition in FORMS.values():
            for country in countries:
                with use(language):
                    made = _made(definition, country, language, deployment)
                for ending, content in made.items():
                    yield Path(language, file_name(definition, country, language, ending)), content


def _made(definition: FormDefinition, country: Country, language: Language, deployment: Deployment) -> dict[str, bytes]:
    context = blank_context(deployment, country)
    blocks, title, made_at = blank_paper(definition, context), say(definition.title, context), checked_at(country)
    return {
        "pdf": to_pdf(blocks, language=language, title=title, made_at=made_at),
        "docx": to_docx(blocks, language=language, title=title, made_at=made_at),
    }
