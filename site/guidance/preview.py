"""What the preview shows where the build would stop: messages on the pages, and marks for what is unknown."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from forms_app.countries import Country, read_rules, rules_for
from forms_app.language import Language
from guidance.findings import Finding
from guidance.pages import Page, Pages, Status
from guidance.references import LINK, REFERENCE, UnknownReference, phrase, unresolved

STATES: Mapping[Status, str] = {
    Status.DRAFT: "utkast",
    Status.REVIEW: "til gjennomlesing",
    Status.PUBLISHED: "publisert",
}
"""The states of a page as editors know them."""

UNPUBLISHED_MARK = " (utkast)"
"""Follows a page's title in the preview's list of pages."""
OUTSIDE_MENU = "Står ikke i menyen"
"""The heading over the pages that only a preview lists."""

_UNREADABLE_BODY = """# {title}

Siden kan ikke vises før det som står i meldingen over, er rettet i filen.
"""
_NOT_GIVEN = "–"
_ONE_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A finding as the page shows it, in Bokmål."""

    label: str
    """How much it weighs and where it is, in words: "Feil, linje 11"."""
    message: str


Notices = Mapping[tuple[Language, str], tuple[Notice, ...]]


def notices(pages: Pages, found: Iterable[Finding], *, fault: str | None) -> Notices:
    """What each page has to show. What belongs to no page is shown on the front pages it concerns.

    `fault` is about the sources of all pages: their facts, and who is served.
    """
    by_page: dict[tuple[Language, str], list[Notice]] = defaultdict(list)
    by_file = {page.where: key for key, page in pages.items()}
    for key in _front_pages(pages, "") if fault else []:
        by_page[key].append(Notice(label="Feil", message=str(fault)))
    for one in found:
        own = by_file.get(one.where)
        for key in [own] if own else _front_pages(pages, one.where):
            by_page[key].append(_notice(one, is_elsewhere=own is None))
    return MappingProxyType({key: tuple(its) for key, its in by_page.items()})


def band(page: Page) -> str | None:
    """What stands above a page that only editors see."""
    return None if page.is_published else f"{STATES[page.status].capitalize()} – vises ikke for innbyggere"


def shown(page: Page) -> Page:
    """The page as far as it can be shown, whatever is wrong with it."""
    if page.meta_fault is not None:
        meta = _meta(replace(page, meta=MappingProxyType({})))
        return replace(page, meta=meta, body=_UNREADABLE_BODY.format(title=meta["title"]))
    return replace(page, meta=_meta(page), body=_marked(page))


def reread_rules() -> str | None:
    """Take in what an editor changed in the facts. Where a file cannot be read, the old ones stay: the reason."""
    for country in Country:
        try:
            read_rules(country, files("forms_app.countries").joinpath(f"{country}.toml").read_text("utf-8"))
        except Exception as error:  # The file is being edited: anything can be wrong with it.
            return f"forms_app/countries/{country}.toml kan ikke leses, så sidene viser det som sto der før: {error}"
    rules_for.cache_clear()
    return None


def _front_pages(pages: Pages, where: str) -> list[tuple[Language, str]]:
    """Of the language whose folder the file is in, else of all; the first page where there is no front page."""
    own = [language for language in Language if where.startswith(f"docs/{language}/")]
    chosen = []
    for language in own or Language:
        keys = [key for key in pages if key[0] is language]
        front = (language, "index.md")
        chosen += [front] if front in pages else keys[:1]
    return chosen


def _notice(finding: Finding, *, is_elsewhere: bool) -> Notice:
    parts = [
        finding.weight.capitalize(),
        finding.where if is_elsewhere else "",
        f"linje {finding.line}" if finding.line else "",
    ]
    return Notice(label=", ".join(part for part in parts if part), message=finding.message)


def _meta(page: Page) -> Mapping[str, Any]:
    """Front matter that templates can rely on."""
    texts = {key: _text(page, key) for key in ("title", "description", "owner")}
    due, slug = page.meta.get("review_by"), page.meta.get("slug")
    own = {
        # Nothing is written outside the folder of the preview.
        "slug": slug if isinstance(slug, str) and _ONE_WORD.fullmatch(slug) else None,
        "title": texts["title"] or page.path,
        "description": texts["description"],
        "owner": texts["owner"] or _NOT_GIVEN,
        "review_by": due if type(due) is date else None,
    }
    return MappingProxyType({**page.meta, **own})


def _text(page: Page, key: str) -> str:
    text = str(page.meta.get(key) or "")
    try:
        REFERENCE.sub(lambda match: phrase(match["name"], page), text)
    except UnknownReference:
        return REFERENCE.sub(lambda match: f"(ukjent: {match['name']})", text)
    return text


def _marked(page: Page) -> str:
    """The body with everything that nothing answers to marked, in the place where it stands."""
    before = None
    while page.body != before:
        # A mark inside stray braces makes a field of them, so look until there is nothing left.
        before = page.body
        page = replace(page, body=_marked_once(page))
    return page.body


def _marked_once(page: Page) -> str:
    parts, end = [], 0
    for position in sorted(one.position for one in unresolved(page)):
        if position < end:
            continue
        if field := REFERENCE.match(page.body, position):
            mark, after = _mark(field["name"]), field.end()
        elif link := LINK.match(page.body, position):
            # The words of the link stay words; what follows is the closing bracket of its address.
            mark, after = f" {_mark(link[0].removeprefix(']('))}](#", link.end()
        else:
            continue
        parts += [page.body[end:position], mark]
        end = after
    return "".join([*parts, page.body[end:]])


def _mark(name: str) -> str:
    return f'<mark class="unknown">ukjent: {escape(name)}</mark>'
