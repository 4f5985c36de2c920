"""How hard a page is to read: LIX, words per sentence and the share of long words, as Björnsson defined it.

Below 35 is easy, above 45 is officialese. What is measured is the text as read, facts filled in, without generated
tables. A heading, a list item and a table cell each count as a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from guidance.findings import Finding, Rule
from guidance.pages import Audience, Page, Pages
from guidance.prose import Prose, body_prose_of

LIMIT = 45
"""For a page; `lix_max` in its front matter gives it another."""
MEDIAN_LIMIT = 35
ENOUGH_WORDS = 100
"""On a shorter page one sentence would decide."""

_LONG = 6
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Not after "nr." in "nr. 2", nor within "f.eks. at": what follows would be a small letter or a digit.
_SENTENCE_END = re.compile(r"[.!?…][.!?…»«”\")]*\s+(?![a-zæøå\d])|:\s+(?=[«»“\"]?[A-ZÆØÅ])")


@dataclass(frozen=True, kw_only=True)
class Lix:
    """How hard a text is to read."""

    words: int
    value: int | None
    """None for a text too short to be judged."""


def measure(page: Page) -> Lix:
    """How hard the page is to read."""
    return measure_texts(prose.text for prose in body_prose_of(page))


def measure_texts(texts: Iterable[str]) -> Lix:
    """How hard the texts are to read together; no sentence runs on from one to the next."""
    sentences = [words for text in texts for words in _sentences(text)]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < ENOUGH_WORDS:
        return Lix(words=len(words), value=None)
    long = sum(_is_long(word) for word in words)
    return Lix(words=len(words), value=round(len(words) / len(sentences) + 100 * long / len(words)))


def check(pages: Pages) -> list[Finding]:
    """Every page that is harder to read than it may be."""
    return [one for page in pages.values() for one in _check_page(page)]


def check_median(pages: Pages) -> list[Finding]:
    """Whether the pages for citizens are too hard to read on the whole."""
    value = median_of(pages)
    if value is None or value <= MEDIAN_LIMIT:
        return []
    hardest = ", ".join(page.where for page, _ in table(pages)[:3])
    message = f"halvparten av sidene har LIX {value:g} eller mer, og grensen er {MEDIAN_LIMIT}; forenkle {hardest}"
    return [Finding(rule=Rule.LIX_MEDIAN, where="docs", line=0, message=message)]


def median_of(pages: Pages) -> float | None:
    """The LIX that half of the published citizens' pages do not reach; None where no page is long enough."""
    values = [lix.value for _, lix in table(pages) if lix.value is not None]
    return median(values) if values else None


def table(pages: Pages) -> list[tuple[Page, Lix]]:
    """The published citizens' pages with their LIX, the hardest first."""
    measured = [
        (page, measure(page)) for page in pages.values() if page.is_published and page.audience is Audience.CITIZENS
    ]
    return sorted(measured, key=lambda one: (-(one[1].value or 0), one[0].where))


def _check_page(page: Page) -> Iterator[Finding]:
    limit, value = limit_of(page), measure(page).value
    if value is None or value <= limit:
        return
    longest, length = max(_with_lengths(body_prose_of(page)), key=lambda one: one[1])
    yield Finding(
        rule=Rule.LIX,
        where=page.where,
        line=longest,
        message=f"LIX er {value}, og grensen er {limit}; del lange setninger og velg kortere ord. "
        f"Setningen med flest ord har {length} og står her",
        is_unpublished=not page.is_published,
    )


def limit_of(page: Page) -> int:
    """How hard the page may be; the rules of the front matter report what is no number."""
    own = page.meta.get("lix_max")
    return own if type(own) is int else LIMIT


def _with_lengths(proses: Iterable[Prose]) -> Iterator[tuple[int, int]]:
    """For each sentence the line it begins on, and how many words it has."""
    for prose in proses:
        start = 0
        for end in (*(match.end() for match in _SENTENCE_END.finditer(prose.text)), len(prose.text)):
            if words := _WORD.findall(prose.text, start, end):
                yield prose.line_of(start), len(words)
            start = end


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE_END.split(text):
        if words := _WORD.findall(sentence):
            yield words


def _is_long(word: str) -> bool:
    return sum(sign.isalpha() for sign in word) > _LONG
