"""The names of bodies stand among the legal facts: a page that writes one by hand is wrong on the day it changes."""

import re
from collections.abc import Iterator

from guidance.findings import Finding, Rule
from guidance.pages import Page
from guidance.suggestions import for_name
from guidance.written import passages


def check(page: Page) -> Iterator[Finding]:
    """Every name of a body that is written by hand, alone or as a genitive."""
    names = {name: reference for name, reference in for_name(page).items() if not name[0].isdigit()}
    longest_first = sorted(names, key=len, reverse=True)
    by_hand = re.compile(
        rf"(?<!\w)(?P<name>{'|'.join(map(_spaced, longest_first))})(?P<genitive>s?)(?!\w)", re.IGNORECASE
    )
    canonical = {name.casefold(): name for name in names}
    for passage in passages(page):
        for match in by_hand.finditer(passage.text):
            written = " ".join(match[0].split())
            name = canonical[" ".join(match["name"].split()).casefold()]
            yield Finding(
                rule=Rule.BODY_NAME,
                where=page.where,
                line=passage.line_of(match.start()),
                message=f"«{written}» er skrevet for hånd; skriv {names[name]}{match['genitive'].lower()}",
            )


def _spaced(name: str) -> str:
    """A name of several words may be broken over two lines."""
    return r"\s+".join(map(re.escape, name.split()))
