"""Rules for what stands between the dashes at the top of a page."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from forms_app.language import Language
from guidance.findings import Finding, Rule
from guidance.freshness import FINGERPRINT
from guidance.pages import JURISDICTIONS, Audience, Page, Status

REQUIRED = ("title", "description", "owner", "review_by", "jurisdiction")
OPTIONAL = ("slug", "counterpart", "lix_max", "status", "audience", "keywords", "text_language")
KEYS = (*REQUIRED, *OPTIONAL)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_LIX_LIMITS = range(20, 61)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_jurisdiction(value: Any) -> bool:
    """Lists of lists are no words; YAML reads a bare NO as False."""
    names = value if isinstance(value, list) else []
    known = [name for name in names if isinstance(name, str) and name in JURISDICTIONS]
    return bool(names) and known == names and len(set(known)) == len(known)


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


_WANTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_is_text, "være tekst; sett den i anførselstegn"),
    "description": (_is_text, "være tekst; sett den i anførselstegn"),
    "owner": (_is_text, "være tekst; sett den i anførselstegn"),
    # A moment is a date as well to Python.
    "review_by": (lambda value: type(value) is date, "være en dato, slik: 2027-11-22"),
    "jurisdiction": (_is_jurisdiction, f"være {' eller '.join(f'[{name}]' for name in JURISDICTIONS)}"),
    "slug": (_matches(_SLUG), "være små bokstaver a–z, tall og bindestrek, slik: slik-soker-du"),
    "counterpart": (
        # Left empty, the page is one that nobody has compared yet.
        lambda value: value is None or _matches(FINGERPRINT)(value),
        "skrives av kommandoen; ta bort linjen, og kjør: portal page confirm {page}",
    ),
    "lix_max": (
        lambda value: type(value) is int and value in _LIX_LIMITS,
        f"være et helt tall fra {_LIX_LIMITS[0]} til {_LIX_LIMITS[-1]}",
    ),
    "status": (lambda value: value in list(Status), f"være {', '.join(Status)}"),
    "audience": (lambda value: value in list(Audience), f"være {' eller '.join(Audience)}"),
    "keywords": (_is_list_of_words, "være en liste med ord, slik: [avslag, ventetid]"),
    "text_language": (
        lambda value: _matches(_LANGUAGE)(value) and value not in list(Language),
        "være språket i teksten med to bokstaver når det ikke er mappens, slik: en",
    ),
}


def check(page: Page) -> Iterator[Finding]:
    """What is missing at the top of the page, unknown there, or not what it must be."""

    def fault(rule: Rule, key: str, message: str) -> Finding:
        return Finding(rule=rule, where=page.where, line=page.meta_lines.get(key, 1), message=message)

    if page.meta_fault is not None:
        yield fault(Rule.FRONT_MATTER_UNREADABLE, "", page.meta_fault)
        return
    for key in REQUIRED:
        if page.meta.get(key) in (None, "", []):
            yield fault(Rule.KEY_MISSING, key, f"mangler «{key}:» mellom strekene øverst")
    for key, value in page.meta.items():
        if key not in KEYS:
            message = f"ukjent opplysning «{key}»; kjente: {', '.join(KEYS)}"
            yield fault(Rule.KEY_UNKNOWN, str(key), message)
        elif not (key in REQUIRED and value in (None, "", [])) and not _WANTED[key][0](value):
            message = f"«{key}» må {_WANTED[key][1].format(page=page.where)}"
            yield fault(Rule.KEY_WRONG, key, message)


def check_review(page: Page, today: date) -> Iterator[Finding]:
    """A page someone should have read again by now."""
    due = page.meta.get("review_by")
    if type(due) is date and due < today:
        yield Finding(
            rule=Rule.REVIEW_DUE,
            where=page.where,
            line=page.meta_lines.get("review_by", 1),
            message=f"skulle vært gjennomgått {due} av {page.meta.get('owner')}; les siden, og sett en ny dato",
        )
