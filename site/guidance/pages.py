"""Reads the Markdown pages of `docs/`: language from the folder, the rest from front matter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from forms_app.countries import Country
from forms_app.language import Language

# YAML reads a bare NO as False, so front matter names the countries in words.
JURISDICTIONS: Mapping[str, Country] = {"norge": Country.NORWAY, "danmark": Country.DENMARK}

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One Markdown file. The same `path` in another language serves the same need."""

    language: Language
    path: str
    """Inside the language's folder: "klage.md", "danmark/klage.md"."""
    meta: Mapping[str, Any]
    """The front matter as YAML read it; empty when it could not be read."""
    meta_fault: str | None
    """Why the front matter could not be read."""
    meta_lines: Mapping[str, int]
    """On which line of the file each key of the front matter stands."""
    body: str
    body_line: int
    """The line of the file on which the body starts, counted from 1."""

    @property
    def where(self) -> str:
        """The file as an editor knows it."""
        return f"docs/{self.language}/{self.path}"

    @property
    def countries(self) -> tuple[Country, ...]:
        """Whose law the page is about. The rules report what is no jurisdiction; here it is left out."""
        names = self.meta.get("jurisdiction")
        known = names if isinstance(names, list) else []
        return tuple(JURISDICTIONS[name] for name in known if name in JURISDICTIONS)

    @property
    def url(self) -> str:
        """Where it is published: the file's name, or its `slug` when that is not a word of the language."""
        folder, _, name = self.path.removesuffix(".md").rpartition("/")
        name = "" if name == "index" else str(self.meta.get("slug") or name)
        return "/" + "".join(f"{part}/" for part in (self.language, folder, name) if part)

    def line_of(self, position: int) -> int:
        """The line of the file for a position in the body."""
        return self.body_line + self.body.count("\n", 0, position)


Pages = Mapping[tuple[Language, str], Page]


def read_pages(docs: Path) -> Pages:
    """Every page in the languages' folders of `docs`."""
    found = {}
    for language in Language:
        folder = docs / language
        for file in sorted(folder.rglob("*.md")):
            path = file.relative_to(folder).as_posix()
            found[language, path] = parse_page(language, path, file.read_text("utf-8"))
    return MappingProxyType(found)


def parse_page(language: Language, path: str, text: str) -> Page:
    """The page in `text`; never raises: a fault in the front matter is kept in `meta_fault`."""
    match = _FRONT_MATTER.match(text)
    meta, fault = _read_meta(match)
    start = match.end() if match else 0
    return Page(
        language=language,
        path=path,
        meta=MappingProxyType(meta),
        meta_fault=fault,
        meta_lines=MappingProxyType(_key_lines(match["yaml"]) if match else {}),
        body=text[start:],
        body_line=1 + text.count("\n", 0, start),
    )


def _read_meta(match: re.Match[str] | None) -> tuple[dict[str, Any], str | None]:
    if match is None:
        return {}, "siden må begynne med en linje ---, så opplysninger om siden, så en linje ---"
    try:
        meta = yaml.safe_load(match["yaml"])
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (linje {mark.line + 2})" if mark else ""
        return {}, f"opplysningene øverst kan ikke leses{place}; sett tekst med kolon i anførselstegn"
    if not isinstance(meta, dict):
        return {}, "opplysningene øverst skal stå som «navn: verdi», én på hver linje"
    return meta, None


def _key_lines(front_matter: str) -> dict[str, int]:
    """Line 1 of the file is the opening dashes."""
    keys = [re.match(r"([A-Za-z_]+)[ \t]*:", line) for line in front_matter.splitlines()]
    return {key[1]: number for number, key in enumerate(keys, start=2) if key}
