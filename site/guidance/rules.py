"""Checks of the guidance as it is written; needs no built site."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files

from forms_app import countries
from forms_app.countries import Country, rules_for
from guidance import addresses, bodies, freshness, front_matter, lix, numbers, purity
from guidance.findings import Finding, Rule
from guidance.pages import Audience, Page, Pages, Status
from guidance.references import REFERENCE, UnknownReference, phrase, unresolved
from guidance.written import without_code

_HEADING = re.compile(r"^# (?P<text>.+?)[ \t]*(?:\{[^}]*\})?[ \t]*$", re.MULTILINE)
_UNTITLED_BOX = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]*[\w-]+[ \t]*$", re.MULTILINE)


def check_pages(pages: Pages, *, today: date) -> list[Finding]:
    """All that is wrong with the pages, and what is due for review, in the order of files and lines."""
    found = [one for page in pages.values() for one in _check_page(page, pages, today)]
    found += [*freshness.check(pages), *addresses.check_page_addresses(pages)]
    # Of a page whose top cannot be read, nobody knows in which language its text is.
    readable = {key: page for key, page in pages.items() if page.meta_fault is None}
    found += [*purity.check(readable), *lix.check(readable)]
    # A draft may be left half-finished; a word that is no status is a slip, not a draft.
    drafts = {page.where for page in pages.values() if page.meta.get("status") in (Status.DRAFT, Status.REVIEW)}
    found = [replace(one, is_unpublished=one.where in drafts) for one in found]
    return sorted(found, key=lambda one: (one.where, one.line))


def check_facts(*, today: date) -> list[Finding]:
    """Legal facts and official pages that someone should have looked at again by now; never a reason to stop."""
    return [one for country in Country for one in _check_facts_of(country, today)]


def _check_facts_of(country: Country, today: date) -> Iterator[Finding]:
    name = f"{country}.toml"
    lines = files(countries).joinpath(name).read_text("utf-8").splitlines()
    rules = rules_for(country)
    for table, entries in (("facts", rules.facts), ("sites", rules.sites)):
        for key, entry in entries.items():
            if entry.review_by < today:
                yield Finding(
                    rule=Rule.FACT_DUE,
                    where=f"forms_app/countries/{name}",
                    line=next((at for at, line in enumerate(lines, start=1) if line == f"[{table}.{key}]"), 0),
                    message=f"«{key}» skulle vært kontrollert {entry.review_by}: {entry.address}",
                )


def _check_page(page: Page, pages: Pages, today: date) -> Iterator[Finding]:
    yield from front_matter.check(page)
    if page.meta_fault is None:
        yield from front_matter.check_review(page, today)
        yield from _headings(page)
        yield from _boxes(page)
        yield from addresses.check_links(page, pages)
        yield from addresses.check_written_addresses(page)
        # Without a country there is nothing to compare with, and that is reported already.
        if page.countries:
            yield from _references(page)
        if page.countries and page.audience is Audience.CITIZENS:
            yield from numbers.check(page)
        if page.countries and page.audience is Audience.CITIZENS and page.text_language == page.language:
            yield from bodies.check(page)


def _headings(page: Page) -> Iterator[Finding]:
    def fault(line: int, message: str) -> Finding:
        return Finding(rule=Rule.MAIN_HEADING, where=page.where, line=line, message=message)

    headings = list(_HEADING.finditer(without_code(page.body)))
    title = page.meta.get("title")
    if not headings:
        yield fault(page.body_line, f"mangler overskriften: # {title}")
        return
    first, *more = headings
    if title and first["text"] != title:
        yield fault(page.line_of(first.start()), f"overskriften må være lik tittelen øverst: # {title}")
    for heading in more:
        yield fault(page.line_of(heading.start()), f"siden har alt en hovedoverskrift; skriv ## {heading['text']}")


def _references(page: Page) -> Iterator[Finding]:
    def fault(line: int, message: str) -> Finding:
        return Finding(rule=Rule.REFERENCE, where=page.where, line=line, message=message)

    for key in ("title", "description"):
        for match in REFERENCE.finditer(str(page.meta.get(key) or "")):
            try:
                phrase(match["name"], page)
            except UnknownReference as error:
                yield fault(page.meta_lines.get(key, 1), str(error))
    for one in unresolved(page):
        yield fault(page.line_of(one.position), one.message)


def _boxes(page: Page) -> Iterator[Finding]:
    for box in _UNTITLED_BOX.finditer(without_code(page.body)):
        opening = box[0].strip()
        message = f'boksen mangler overskrift og ville vist en på engelsk; skriv {opening} "Kort fortalt"'
        line = page.line_of(box.start() + len(box[0]) - 1)
        yield Finding(rule=Rule.BOX_TITLE, where=page.where, line=line, message=message)
