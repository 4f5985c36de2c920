"""The frame around each page: masthead, language links, list of pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forms_app.language import Language
from forms_app.masthead import LanguageLink, Masthead, masthead
from guidance.labels import labels
from guidance.pages import Page, Pages


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line in the list of pages: a page, or a group of pages with a heading."""

    title: str
    url: str | None = None
    is_current: bool = False
    children: tuple["Entry", ...] = ()


def page_masthead(page: Page, pages: Pages, *, demo: bool) -> Masthead:
    """The masthead of a page. Where a language has no counterpart, the link to its front page says so."""
    twins = {language: pages.get((language, page.path)) for language in Language}
    urls = {language: twin.url if twin else f"/{language}/" for language, twin in twins.items()}
    top = masthead(page.language, demo=demo, current_path=page.url, languages=urls)
    return replace(top, languages=tuple(_honest(link, twins) for link in top.languages))


def bare_masthead(language: Language, *, demo: bool) -> Masthead:
    """The masthead of a page that is in no language: the chooser at `/`, and "not found"."""
    top = masthead(language, demo=demo, current_path="/", languages={})
    return replace(top, home_url="/", menu=(), footer_links=())


def front_pages(pages: Pages) -> Mapping[Language, Page]:
    """The front page of each language that has one."""
    return {language: pages[language, "index.md"] for language in Language if (language, "index.md") in pages}


def _honest(link: LanguageLink, twins: Mapping[Language, Page | None]) -> LanguageLink:
    language = Language(link.code)
    if twins[language]:
        return link
    return replace(link, name=f"{link.name} ({labels(language)['front_page']})")
