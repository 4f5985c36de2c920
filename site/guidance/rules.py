"""Checks of the guidance as it is written; needs no built site."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from forms_app.countries import Country, rules_for
from forms_app.language import Language
from forms_app.masthead import forms_folder
from guidance.findings import Finding, Weight
from guidance.pages import JURISDICTIONS, Page, Pages
from guidance.references import unresolved

REQUIRED = ("title", "description", "owner", "review_by", "jurisdiction")
OPTIONAL = ("slug", "counterpart", "lix_max")

# Equal originals: what stands in one of these must stand in the other.
COUNTERPARTS = {Language.NB: Language.NN, Language.NN: Language.NB}

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^# (?P<text>.+?)[ \t]*(?:\{[^}]*\})?[ \t]*$", re.MULTILINE)
_UNTITLED_BOX = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]*[\w-]+[ \t]*$", re.MULTILINE)
_PAGE_LINK = re.compile(r"\]\((?P<target>[^)\s:#?]+\.md)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_pages(pages: Pages, *, today: date) -> list[Finding]:
    """All that is wrong with the pages, and what is due for review, in the order of files and lines."""
    found: list[Finding] = []
    for page in pages.values():
        if page.meta_fault is not None:
            found.append(Finding(where=page.where, line=1, message=page.meta_fault))
        else:
            found += _meta(page)
            found += _review(page, today)
            found += _headings(page)
        found += _boxes(page)
        found += _references(page)
        found += _links(page, pages)
    return sorted([*found, *_counterparts(pages), *_addresses(pages)], key=lambda one: (one.where, one.line))


def check_facts(*, today: date) -> list[Finding]:
    """Legal facts that someone should have compared with their source by now; never a reason to stop."""
    return [
        Finding(
            where=f"forms_app/countries/{country}.toml",
            line=0,
            message=f"{fact.name} ({fact.source}) skulle vært kontrollert {fact.review_by}: {fact.address}",
            weight=Weight.NOTE,
        )
        for country in Country
        for fact in rules_for(country).facts.values()
        if fact.review_by < today
    ]


def _meta(page: Page) -> Iterator[Finding]:
    def fault(key: str, message: str) -> Finding:
        return Finding(where=page.where, line=page.meta_lines.get(key, 1), message=message)

    for key in REQUIRED:
        if page.meta.get(key) in (None, "", []):
            yield fault(key, f"mangler «{key}:» mellom strekene øverst")
    for key in page.meta.keys() - {*REQUIRED, *OPTIONAL}:
        yield fault(str(key), f"ukjent opplysning «{key}»; kjente: {', '.join((*REQUIRED, *OPTIONAL))}")
    for key in ("title", "description", "owner"):
        if page.meta.get(key) and not isinstance(page.meta[key], str):
            yield fault(key, f"«{key}» må være tekst; sett den i anførselstegn")
    if page.meta.get("review_by") and type(page.meta["review_by"]) is not date:
        yield fault("review_by", "«review_by» må være en dato, slik: 2027-11-22")
    yield from _jurisdiction(page, fault("jurisdiction", f"«jurisdiction» må være {_choice()}"))
    slug = page.meta.get("slug")
    if slug is not None and not (isinstance(slug, str) and _SLUG.fullmatch(slug)):
        yield fault("slug", "«slug» må være små bokstaver a–z, tall og bindestrek, slik: slik-soker-du")


def _jurisdiction(page: Page, fault: Finding) -> Iterator[Finding]:
    names = page.meta.get("jurisdiction")
    if names and (not isinstance(names, list) or len(page.countries) != len(names)):
        yield fault


def _choice() -> str:
    return " eller ".join(f"[{name}]" for name in JURISDICTIONS)


def _review(page: Page, today: date) -> Iterator[Finding]:
    due = page.meta.get("review_by")
    if type(due) is date and due < today:
        message = f"skulle vært gjennomgått {due} av {page.meta.get('owner')}"
        yield Finding(where=page.where, line=page.meta_lines.get("review_by", 1), message=message, weight=Weight.NOTE)


def _headings(page: Page) -> Iterator[Finding]:
    body = _FENCED.sub(lambda match: "\n" * match[0].count("\n"), page.body)
    headings = list(_HEADING.finditer(body))
    title = page.meta.get("title")
    if not headings:
        yield Finding(where=page.where, line=page.body_line, message=f"mangler overskriften: # {title}")
        return
    first, *more = headings
    if first["text"] != title:
        message = f"overskriften må være lik tittelen øverst: # {title}"
        yield Finding(where=page.where, line=page.line_of(first.start()), message=message)
    for heading in more:
        message = f"siden har alt en hovedoverskrift; skriv ## {heading['text']}"
        yield Finding(where=page.where, line=page.line_of(heading.start()), message=message)


def _references(page: Page) -> Iterator[Finding]:
    for one in unresolved(page):
        yield Finding(where=page.where, line=page.line_of(one.position), message=one.message)


def _links(page: Page, pages: Pages) -> Iterator[Finding]:
    """MkDocs finds these too, but not on which line."""
    folder = posixpath.dirname(f"{page.language}/{page.path}")
    known = {f"{language}/{path}" for language, path in pages}
    for link in _PAGE_LINK.finditer(page.body):
        target = posixpath.normpath(posixpath.join(folder, unquote(link["target"])))
        if target not in known:
            message = f"lenken fører ingen steder: {link['target']}"
            yield Finding(where=page.where, line=page.line_of(link.start()), message=message)


def _boxes(page: Page) -> Iterator[Finding]:
    for box in _UNTITLED_BOX.finditer(page.body):
        opening = box[0].strip()
        message = f'boksen mangler overskrift og ville vist en på engelsk; skriv {opening} "Kort fortalt"'
        yield Finding(where=page.where, line=page.line_of(box.start() + len(box[0]) - 1), message=message)


def _counterparts(pages: Pages) -> Iterator[Finding]:
    for (language, path), page in pages.items():
        other = COUNTERPARTS.get(language)
        if other is None:
            continue
        twin = pages.get((other, path))
        if twin is None:
            message = f"siden finnes ikke på {other.own_name.lower()}; skriv docs/{other}/{path}"
            yield Finding(where=page.where, line=0, message=message)
        elif set(twin.countries) != set(page.countries):
            line = page.meta_lines.get("jurisdiction", 1)
            yield Finding(where=page.where, line=line, message=f"«jurisdiction» er en annen i {twin.where}")


def _addresses(pages: Pages) -> Iterator[Finding]:
    """Two pages on one address, or a page on the address of the forms, would hide one another."""
    by_url = defaultdict(list)
    for page in pages.values():
        by_url[page.url].append(page)
        if page.url == f"/{page.language}/{forms_folder(page.language)}/":
            message = f"adressen {page.url} er skjemaenes; skriv en annen «slug»"
            yield Finding(where=page.where, line=page.meta_lines.get("slug", 0), message=message)
    for url, sharing in by_url.items():
        for page in sharing[1:]:
            message = f"adressen {url} er alt brukt av {sharing[0].where}; skriv en annen «slug»"
            yield Finding(where=page.where, line=page.meta_lines.get("slug", 0), message=message)
