"""Finds legal numbers written by hand.

Digits are always found, unless they point into a text of law or a standard. Words are found where they count time or
age: "tre uker", "fyller seksten"; "tre eksempler" is left in peace.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from guidance.findings import Finding, Rule
from guidance.number_words import COMPOUND, UNIT, WORDS, units_of
from guidance.pages import Page
from guidance.suggestions import for_name, for_number
from guidance.written import blanked, passages

_SPACE = "[ \N{NO-BREAK SPACE}]"
_AND = r"\s*(?:[–,-]|,?\s*(?:og|eller|til|samt|and|to))\s*"
# A number that counts time points nowhere: in "§ 5 og 3 uker" the 3 is found.
_PLACE = rf"\d++(?:[./-]\d++)*+(?:{_SPACE}?[a-zæøå](?!\w))?(?!\s*{UNIT})"
_POINTERS = (
    r"§+",
    r"\bartik(?:kel|kelen|el|len|lar|lane|ler|lene|lerne)\b",
    r"\barticles?\b",
    r"\bkap(?:ittel|itlet|itel|itlene|itla|itler|\.)",
    r"\bchapters?\b",
    r"\b(?:nr|stk|pkt)\.",
    r"\b(?:punkt|ledd|bokstav|litra|forordning|WCAG)\b",
    r"\(EU\)",
    r"\bEN(?=\s\d{3}\s\d{3}\b)\s\d{3}",
)
_POINTING = re.compile(rf"(?:{'|'.join(_POINTERS)}){_SPACE}*{_PLACE}(?:{_AND}{_PLACE})*", re.IGNORECASE)
_DIGITS = re.compile(
    rf"(?<![\w-])(?P<number>\+?\d+(?:[.,:/–-]\d+|{_SPACE}\d{{2,8}}(?!\d)|{_SPACE}(?:til|og|eller){_SPACE}\d+)*)"
    rf"(?P<unit>\s*{UNIT}|{COMPOUND})?",
    re.IGNORECASE,
)
_TURNING = r"(?:fyller|fyl|fylte|fylt|fylder|fyldt|turns?|turned)\s+"
_THOUSANDS = re.compile(rf"\d{{1,2}}(?:{_SPACE}\d{{3}})+")


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A number as it stands on the page."""

    position: int
    text: str
    values: tuple[int, ...]
    unit: str


def check(page: Page) -> Iterator[Finding]:
    """Every number that ought to be a reference to a fact, or to be marked as an example."""
    for passage in passages(page):
        text = blanked(passage.text, _POINTING)
        for number in sorted([*_digits(text), *_words(text, page.text_language)], key=lambda one: one.position):
            message = f"«{number.text}» er skrevet for hånd; {_instead(number, page)}"
            line = passage.line_of(number.position)
            yield Finding(rule=Rule.NUMBER, where=page.where, line=line, message=message)


def _digits(text: str) -> Iterator[_Written]:
    for match in _DIGITS.finditer(text):
        number = match["number"]
        parts = ["".join(number.split())] if _THOUSANDS.fullmatch(number) else re.findall(r"\d+", number)
        yield _Written(
            position=match.start(), text=_plain(match[0]), values=tuple(map(int, parts)), unit=match["unit"] or ""
        )


def _words(text: str, language: str) -> Iterator[_Written]:
    words = WORDS.get(language, {})
    if words:
        for match in _counting(language).finditer(text):
            value = words[(match["counted"] or match["turned"] or match["bare"]).lower()]
            unit = match["unit"] or "år"
            yield _Written(position=match.start(), text=_plain(match[0]), values=(value,), unit=unit)


@lru_cache
def _counting(language: str) -> re.Pattern[str]:
    word = "|".join(sorted(WORDS[language], key=len, reverse=True))
    old = "|".join(word for word, value in WORDS[language].items() if value >= 7)
    return re.compile(
        # A decade is no number of years.
        rf"(?<!\w)(?!tiår(?:et|ene)?(?!\w))(?P<counted>{word})(?:\s+(?:hele|heile|whole))?(?P<unit>\s+{UNIT}|{COMPOUND})"
        rf"|(?<!\w){_TURNING}(?P<turned>{word})(?!\w)"
        # "Under tolv", but not "over åtte eksempler".
        rf"|(?<!\w)(?:under|over)\s+(?P<bare>{old})(?!\w|\s+\w)",
        re.IGNORECASE,
    )


def _instead(number: _Written, page: Page) -> str:
    if reference := for_name(page).get(number.text):
        return f"skriv {reference}"
    if _is_telephone(number.text):
        return "telefonnumre hører hjemme i portal.toml eller forms_app/countries/*.toml"
    example = f"{{{{ example.{number.values[0]} }}}}"
    if fact := for_number(number.values, units_of(number.unit), page):
        return f"skriv {fact}, eller {example} hvis det er et eksempel"
    return f"skriv {example} hvis det er et eksempel; tall fra loven hører hjemme i forms_app/countries/*.toml"


def _is_telephone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    grouped = re.fullmatch(rf"\+?\d+(?:{_SPACE}\d+)*", text) is not None
    return grouped and not _THOUSANDS.fullmatch(text) and (len(digits) == 8 or (len(digits) >= 5 and text != digits))


def _plain(text: str) -> str:
    """As one would say it: on one line, with common blanks."""
    return " ".join(text.split())
