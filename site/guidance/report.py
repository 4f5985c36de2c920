"""How readable the pages are, as `make content` prints it."""

from collections.abc import Iterator

from forms_app.language import Language
from guidance import lix
from guidance.pages import Pages


def readability(pages: Pages) -> Iterator[str]:
    """A line for each published page that citizens read, the hardest first, and then the medians."""
    yield f"{'LIX':>4}{'grense':>8}{'ord':>6}  side"
    for page, measured in lix.table(pages):
        # A dash: too short to be judged.
        value = "–" if measured.value is None else str(measured.value)
        yield f"{value:>4}{lix.limit_of(page):>8}{measured.words:>6}  {page.where}"
    of_each = [f"{language.own_name.lower()} {_median(_in(language, pages))}" for language in Language]
    yield f"median: {_median(pages)} ({', '.join(of_each)}); grense {lix.MEDIAN_LIMIT}"


def _in(language: Language, pages: Pages) -> Pages:
    return {key: page for key, page in pages.items() if page.language is language}


def _median(pages: Pages) -> str:
    value = lix.median_of(pages)
    return "–" if value is None else f"{value:g}"
