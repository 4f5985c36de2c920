"""The overview for staff: every page in every language with what it needs from a human, most urgent first."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from importlib.resources import as_file, files
from pathlib import Path
from statistics import median

import jinja2

from forms_app.language import Language, format_date, use
from guidance import freshness, lix
from guidance.markup import filled
from guidance.pages import Audience, Page, Pages, Status
from guidance.preview import STATES
from guidance.references import UnknownReference

_STYLES = "overview.css"
_CONFIRMED = "bekreftet"
_STALE = "endret siden sist"
_NEVER = "aldri sammenlignet"


class Need(IntEnum):
    """What a page may need from a human, the most urgent first."""

    REPAIR = 0
    WRITE = 1
    COMPARE = 2
    REVIEW = 3
    SIMPLIFY = 4
    READ = 5
    FINISH = 6

    @property
    def words(self) -> str:
        """As the table says it."""
        return _NEEDS[self]


_NEEDS = {
    Need.REPAIR: "rett opplysningene øverst",
    Need.WRITE: "skriv siden",
    Need.COMPARE: "sammenlign og bekreft",
    Need.REVIEW: "gå gjennom nå",
    Need.SIMPLIFY: "skriv enklere",
    Need.READ: "les som andre leser",
    Need.FINISH: "skriv ferdig",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A page, or one that is missing, as the table shows it."""

    where: str
    language: Language
    needs: tuple[Need, ...]
    state: str
    title: str = ""
    owner: str = ""
    freshness: str = ""
    review_by: date | None = None
    lix: int | None = None
    words: int | None = None
    link: str | None = None
    """From the overview to the file; None where there is none."""

    @property
    def is_due(self) -> bool:
        """Whether someone should have read the page again by now."""
        return Need.REVIEW in self.needs

    @property
    def place(self) -> tuple[Need | int, date, str]:
        """Where the row stands: what is urgent first, then what is due first."""
        return min(self.needs, default=len(Need)), self.review_by or date.max, self.where


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A language in numbers."""

    name: str
    pages: int
    published: int
    words: int
    median_lix: int | None


def write(folder: Path, pages: Pages, today: date) -> Path:
    """Write index.html and its stylesheet into `folder`; the path of the page."""
    rows = sorted([*_rows(folder, pages, today), *_missing(pages)], key=lambda row: row.place)
    with use(Language.NB):
        html = _template().render(
            rows=rows,
            sums=[_sum(rows, language) for language in Language],
            waiting=sum(bool(row.needs) for row in rows),
            today=format_date(today),
        )
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files(__package__) / "templates" / _STYLES) as styles:
        shutil.copyfile(styles, folder / _STYLES)
    (folder / "index.html").write_text(html, "utf-8")
    return folder / "index.html"


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["day"] = lambda day: format_date(day) if day else "–"
    source = files(__package__).joinpath("templates/overview.html").read_text("utf-8")
    return environment.from_string(source)


def _rows(folder: Path, pages: Pages, today: date) -> Iterator[Row]:
    for page in pages.values():
        measured = lix.measure(page)
        compared = _freshness(page, pages)
        due = page.meta.get("review_by")
        yield Row(
            where=page.where,
            language=page.language,
            title=_title(page),
            state=STATES[page.status] + (", for redaktører" if page.audience is Audience.EDITORS else ""),
            owner=str(page.meta.get("owner") or "mangler"),
            freshness=compared,
            review_by=due if type(due) is date else None,
            lix=measured.value,
            words=measured.words,
            needs=tuple(_needs(page, compared, today)),
            link=Path(os.path.relpath(page.where, folder)).as_posix(),
        )


def _missing(pages: Pages) -> Iterator[Row]:
    """The pages that people may read in Bokmål or Nynorsk only."""
    for page in pages.values():
        is_shown = page.is_published and page.meta_fault is None
        if is_shown and freshness.needs_counterpart(page) and freshness.twin_of(page, pages) is None:
            other = freshness.COUNTERPARTS[page.language]
            where = f"docs/{other}/{page.path}"
            yield Row(where=where, language=other, needs=(Need.WRITE,), state="finnes ikke")


def _title(page: Page) -> str:
    title = str(page.meta.get("title") or "uten tittel")
    try:
        return filled(title, page)
    except UnknownReference:
        return title


def _freshness(page: Page, pages: Pages) -> str:
    if not freshness.needs_counterpart(page):
        return "egen tekst"
    twin = freshness.twin_of(page, pages)
    if twin is None:
        return "motparten finnes ikke"
    stored = page.meta.get("counterpart")
    if stored == freshness.fingerprint(twin):
        return _CONFIRMED
    return _STALE if stored else _NEVER


def _needs(page: Page, compared: str, today: date) -> Iterator[Need]:
    due = page.meta.get("review_by")
    if page.meta_fault is not None:
        yield Need.REPAIR
    if compared in (_STALE, _NEVER) and page.is_published:
        yield Need.COMPARE
    if type(due) is date and due < today:
        yield Need.REVIEW
    if lix.check({(page.language, page.path): page}):
        yield Need.SIMPLIFY
    if page.status is Status.REVIEW:
        yield Need.READ
    if page.status is Status.DRAFT:
        yield Need.FINISH


def _sum(rows: Sequence[Row], language: Language) -> Sum:
    own = [row for row in rows if row.language is language and row.link]
    measured = [row.lix for row in own if row.lix is not None]
    return Sum(
        name=language.own_name,
        pages=len(own),
        published=sum(row.state == STATES[Status.PUBLISHED] for row in own),
        words=sum(row.words or 0 for row in own),
        median_lix=round(median(measured)) if measured else None,
    )
