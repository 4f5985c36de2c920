"""The content gate: everything that `make content` holds the guidance and the words of the forms against."""

from datetime import date
from pathlib import Path

from guidance import catalogues, lix, menu, purity
from guidance.checks import check_site
from guidance.findings import Finding
from guidance.pages import Pages
from guidance.rules import check_facts, check_pages


def check_written(pages: Pages, *, docs: Path, today: date) -> list[Finding]:
    """All that is wrong with what editors write: the pages, their menus and the facts."""
    return [
        *check_pages(pages, today=today),
        *menu.check(docs, pages),
        *lix.check_median(pages),
        *check_facts(today=today),
    ]


def check_all(pages: Pages, *, docs: Path, site: Path, root: Path, today: date) -> list[Finding]:
    """All of that, and what is wrong with the built site and the catalogues."""
    return [
        *check_written(pages, docs=docs, today=today),
        *catalogues.check(root),
        *purity.check_messages(root / "translations"),
        *check_site(site, pages),
    ]
