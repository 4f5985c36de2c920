"""Rules for addresses: where pages are published, and where their links lead."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote

from forms_app.language import Language
from forms_app.masthead import forms_folder
from guidance.findings import Finding, Rule
from guidance.pages import Page, Pages
from guidance.suggestions import for_address
from guidance.written import blanked, without_code

_PAGE_LINK = re.compile(r"\]\((?P<file>[^)\s:#?]+\.md)?(?:#(?P<anchor>[^)\s]+))?[^)\n]*\)")
_ANCHOR = re.compile(r"\{:?[^{}\n]*#(?P<attribute>[^\s{}]+)[^{}\n]*\}|\bid=[\"'](?P<html>[^\"']+)")
_RAW_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)>\]\"'«»]*[^\s)>\]\"'«».,:;]")
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def check_links(page: Page, pages: Pages) -> Iterator[Finding]:
    """MkDocs finds the dead ones too, but not on which line."""
    body = without_code(page.body)
    for link in _PAGE_LINK.finditer(body):
        target = _target(page, link["file"], pages) if link["file"] else page
        rule, message = _fault_of_link(page, target, link)
        if rule is not None:
            yield Finding(rule=rule, where=page.where, line=page.line_of(link.start()), message=message)


def _target(page: Page, file: str, pages: Pages) -> Page | None:
    """The page in that file; a link may lead to another language's folder."""
    folder = posixpath.dirname(f"{page.language}/{page.path}")
    language, _, path = posixpath.normpath(posixpath.join(folder, unquote(file))).partition("/")
    return pages.get((Language(language), path)) if language in list(Language) else None


def _fault_of_link(page: Page, target: Page | None, link: re.Match[str]) -> tuple[Rule | None, str]:
    if target is None:
        return Rule.PAGE_LINK, f"lenken fører ingen steder: {link['file']}"
    if page.is_published and not target.is_published:
        message = f"lenken fører til {target.where}, som ikke er publisert; ta den bort, eller publiser siden"
        return Rule.UNPUBLISHED_LINK, message
    anchor = unquote(link["anchor"] or "")
    if anchor and anchor not in _anchors(target):
        message = f"ingen overskrift i {target.where} heter #{anchor}; skriv {{ #{anchor} }} etter den"
        return Rule.ANCHOR, message
    return None, ""


def _anchors(page: Page) -> set[str]:
    """Only names given by hand: one made from the words of a heading dies when the words are made better."""
    return {found["attribute"] or found["html"] for found in _ANCHOR.finditer(without_code(page.body))}


def check_written_addresses(page: Page) -> Iterator[Finding]:
    """Addresses outside the portal stand in one place each, with the day someone looked."""
    body = without_code(page.body)
    for match in _RAW_ADDRESS.finditer(body):
        known = for_address(match[0], page)
        write = f"skriv ({known})" if known else "skriv law:NØKKEL eller site:NØKKEL fra forms_app/countries/*.toml"
        yield _raw(page, match, f"adressen {match[0]} er skrevet for hånd; {write}")
    for match in _MAIL_ADDRESS.finditer(blanked(body, _RAW_ADDRESS)):
        yield _raw(page, match, f"{match[0]} hører hjemme i portal.toml; skriv {{{{ contacts }}}} på en egen linje")


def _raw(page: Page, match: re.Match[str], message: str) -> Finding:
    return Finding(rule=Rule.RAW_ADDRESS, where=page.where, line=page.line_of(match.start()), message=message)


def check_page_addresses(pages: Pages) -> Iterator[Finding]:
    """Two pages on one address, or a page on the address of the forms, would hide one another."""
    by_url = defaultdict(list)
    for page in pages.values():
        by_url[page.url].append(page)
        if page.url == f"/{page.language}/{forms_folder(page.language)}/":
            yield _taken(page, f"adressen {page.url} er skjemaenes; skriv en annen «slug»")
    for url, sharing in by_url.items():
        for page in sharing[1:]:
            yield _taken(page, f"adressen {url} er alt brukt av {sharing[0].where}; skriv en annen «slug»")


def _taken(page: Page, message: str) -> Finding:
    return Finding(rule=Rule.PAGE_ADDRESS, where=page.where, line=page.meta_lines.get("slug", 0), message=message)
