"""The frame around each page: masthead, language links, list of pages, and what stands below the text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from forms_app.language import Language, format_date, use
from forms_app.masthead import LanguageLink, Masthead, masthead
from forms_app.municipality import Deployment
from guidance.labels import labels
from guidance.pages import Page, Pages

ERRORS_PAGE = "feil.md"
"""The page that tells how to report an error; every other page ends with a link to it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line in the list of pages: a page, or a group of pages with a heading."""

    title: str
    url: str | None = None
    is_current: bool = False
    other_language: str | None = None
    """Of the title, where it is not the reader's."""
    children: tuple["Entry", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a group shows its pages from the start: the reader is on one of them."""
        return any(child.is_current for child in self.children)


@dataclass(frozen=True, kw_only=True)
class PaperFoot:
    """What a printed page must tell: it has lost its address bar, and is read for years."""

    address: str
    """With the host when the deployment has said where it is published."""
    municipalities: tuple[str, ...]
    """Those under the law of the page's countries."""
    edition: str
    """The day the page was built, in words."""


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


def other_language(page: Page) -> str | None:
    """The language of a page's text where it is not that of the frame around it, so that it is read aloud rightly."""
    return page.text_language if page.text_language != page.language else None


def front_pages(pages: Pages) -> Mapping[Language, Page]:
    """The front page of each language that has one."""
    return {language: pages[language, "index.md"] for language in Language if (language, "index.md") in pages}


def report_url(page: Page, pages: Pages) -> str | None:
    """Where a reader of this page reports an error in it; None on that page itself, and where there is none."""
    target = pages.get((page.language, ERRORS_PAGE))
    return target.url if target and target.path != page.path else None


def paper_foot(page: Page, deployment: Deployment, *, site_url: str | None, built_on: date) -> PaperFoot:
    """What is printed below the page."""
    served = [one.name for country in page.countries for one in deployment.of_country(country)]
    with use(page.language):
        edition = format_date(built_on)
    return PaperFoot(address=(site_url or "").rstrip("/") + page.url, municipalities=tuple(served), edition=edition)


def _honest(link: LanguageLink, twins: Mapping[Language, Page | None]) -> LanguageLink:
    language = Language(link.code)
    if twins[language]:
        return link
    return replace(link, name=f"{link.name} ({labels(language)['front_page']})")
