"""Reads the Markdown pages of `docs/`: language from the folder, the rest from front matter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from forms_app.countries import Country
from forms_app.language import Language

# YAML reads a bare NO as False, so front matter names the countries in words.
JURISDICTIONS: Mapping[str, Country] = {"norge": Country.NORWAY, "danmark": Country.DENMARK}

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


MENU = "menu.md"
"""The file in each language's folder that lists the pages in order; it is no page itself."""


class Status(StrEnum):
    """How far a page has come. Only published pages leave the editors' house."""

    DRAFT = "draft"
    REVIEW = "review"
    """Written, and waits for a second reader."""
    PUBLISHED = "published"


class Audience(StrEnum):
    """Whom a page is written for."""

    CITIZENS = "citizens"
    EDITORS = "editors"
    """Published, but in no menu and no search, and without a counterpart in the other languages."""


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
        return tuple(JURISDICTIONS[name] for name in known if isinstance(name, str) and name in JURISDICTIONS)

    @property
    def status(self) -> Status:
        """How far the page has come; a word that is no status counts as a draft, so that a slip never publishes."""
        word = self.meta.get("status", Status.PUBLISHED)
        return Status(word) if word in list(Status) else Status.DRAFT

    @property
    def is_published(self) -> bool:
        """Whether citizens may see it."""
        return self.status is Status.PUBLISHED

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return Audience.EDITORS if self.meta.get("audience") == Audience.EDITORS else Audience.CITIZENS

    @property
    def keywords(self) -> tuple[str, ...]:
        """Everyday words people search for that the text does not use."""
        words = self.meta.get("keywords")
        return tuple(map(str, words)) if isinstance(words, list) else ()

    @property
    def text_language(self) -> str:
        """The language of the text itself; "en" on the one page in English inside a Norwegian frame."""
        return str(self.meta.get("text_language") or self.language)

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
            if path == MENU:
                continue
            found[language, path] = _read_page(language, path, file)
    return MappingProxyType(found)


def published(pages: Pages) -> Pages:
    """Those that leave the editors' house."""
    return MappingProxyType({key: page for key, page in pages.items() if page.is_published})


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


def _read_page(language: Language, path: str, file: Path) -> Page:
    try:
        return parse_page(language, path, file.read_text("utf-8"))
    except UnicodeDecodeError:
        page = parse_page(language, path, file.read_text("utf-8", errors="replace"))
        return replace(page, meta_fault="filen er ikke lagret som UTF-8; velg UTF-8 når du lagrer den")


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
