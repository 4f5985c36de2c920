"""Every blank form as a file: made when the portal is built, or when somebody asks.

The built ones are there when a PDF cannot be set, and spare setting the same pages for everybody who asks. Which words
each of them shows stands beside them: one that says something else, because the law, the addresses or a question is
another by now, is made anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forms_app.countries import Country
from forms_app.documents.blocks import PrintedBlock
from forms_app.documents.docx import to_docx
from forms_app.documents.paper import blank_context, blank_paper, checked_at, file_name
from forms_app.documents.pdf import to_pdf
from forms_app.forms.definition import FormDefinition
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, use
from forms_app.municipality import Deployment

KINDS: dict[str, Callable[..., bytes]] = {"pdf": to_pdf, "docx": to_docx}
_WORDS = "words.json"


@dataclass(frozen=True, kw_only=True)
class BlankForms:
    """The blank forms of the countries that are served, with those that are built in the folder `built`."""

    deployment: Deployment
    built: Path

    @property
    def countries(self) -> list[Country]:
        """Those that have a municipality here."""
        return [country for country in Country if self.deployment.of_country(country)]

    def file(self, definition: FormDefinition, country: Country, language: Language, kind: str) -> bytes:
        """As PDF or Word. Raises PdfFailed where it is not built and cannot be made."""
        title, blocks = self._page(definition, country, language)
        name = _path(definition, country, language, kind)
        if _built_words(self.built).get(name) == _hash(title, blocks):
            try:
                return (self.built / name).read_bytes()
            except OSError:
                pass
        return KINDS[kind](blocks, language=language, title=title, made_at=checked_at(country))

    def build(self) -> Iterator[Path]:
        """Make every file, and say which."""
        words = {}
        for language in Language:
            for definition in FORMS.values():
                for country in self.countries:
                    title, blocks = self._page(definition, country, language)
                    for kind, make in KINDS.items():
                        name = _path(definition, country, language, kind)
                        content = make(blocks, language=language, title=title, made_at=checked_at(country))
                        yield _write(self.built / name, content)
                        words[name] = _hash(title, blocks)
        _write(self.built / _WORDS, json.dumps(words, indent=1).encode())

    def _page(self, definition: FormDefinition, country: Country, language: Language) -> tuple[str, list[PrintedBlock]]:
        context = blank_context(self.deployment, country)
        with use(language):
            return say(definition.title, context), blank_paper(definition, context)


def _path(definition: FormDefinition, country: Country, language: Language, kind: str) -> str:
    return f"{language}/{file_name(definition, country, language, kind)}"


def _hash(title: str, blocks: list[PrintedBlock]) -> str:
    return hashlib.sha256(repr((title, blocks)).encode()).hexdigest()


def _built_words(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / _WORDS).read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
