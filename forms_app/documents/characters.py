"""Makes any text printable: what was typed must never keep a page from being made.

The answers themselves are kept elsewhere as they were typed; this is about how they look on a page.
"""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

REPLACEMENT = "□"
"""Stands for a character that no bundled font has."""

_BLANKS = re.compile(r"[\t\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"
_MOST_MARKS = 8
"""More marks on one letter no language has, and a font needs ever longer to stack them."""
_WORD = re.compile(r"\S+")

_OF_THE_FONTS = (
    # Latin, Greek, Cyrillic, Armenian, Hebrew
    *[(0x20, 0x7E), (0xA0, 0x484), (0x487, 0x4FF), (0x510, 0x513), (0x51A, 0x51D), (0x531, 0x5F4)],
    # Arabic and Persian
    *[(0x606, 0x60C), (0x61B, 0x61B), (0x61F, 0x61F), (0x621, 0x63A), (0x640, 0x655), (0x65A, 0x65A), (0x660, 0x66D)],
    *[(0x674, 0x674), (0x679, 0x67B), (0x67E, 0x680), (0x683, 0x684), (0x686, 0x687), (0x691, 0x691)],
    *[(0x698, 0x698), (0x6A4, 0x6A4), (0x6A9, 0x6A9), (0x6AF, 0x6AF), (0x6BE, 0x6BE), (0x6CC, 0x6CC), (0x6F0, 0x6F9)],
    # Devanagari, Georgian, phonetic letters
    *[(0x900, 0x950), (0x955, 0x97F), (0x10D0, 0x10FF), (0x1D00, 0x1DBF)],
    # Vietnamese and the rest of Latin and Greek, punctuation, currencies, letter-like signs
    *[(0x1E00, 0x2040), (0x2044, 0x2052), (0x2054, 0x20C0), (0x2100, 0x211E), (0x2120, 0x2120), (0x2122, 0x2122)],
    *[(0x2126, 0x2126), (0x212A, 0x212B), (0x2150, 0x2151), (0x2153, 0x2184)],
    # Arrows, mathematics, boxes, simple pictures
    *[(0x2190, 0x23FF), (0x2460, 0x2606), (0x2609, 0x262F), (0x2638, 0x268B), (0x2701, 0x2704), (0x2706, 0x2709)],
    *[(0x270C, 0x2714), (0x2717, 0x2726), (0xFB00, 0xFB06)],
)
"""What Libertinus Serif and, where it lacks something, the other fonts inside typst can show."""

_OF_EVERY_DAY = ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x2010, 0x2026))
"""Letters that need no joining, stacking or turning."""


def _set_of(ranges: tuple[tuple[int, int], ...]) -> frozenset[str]:
    found = (chr(point) for first, last in ranges for point in range(first, last + 1))
    return frozenset(one for one in found if category(one) != "Cn")


_PRINTABLE = _set_of(_OF_THE_FONTS)
_PLAIN = _set_of(_OF_EVERY_DAY)


def visible(text: str) -> str:
    """The text without what steers, turns the order of the words or is no character: any program can show it."""
    spaced = _BLANKS.sub(" ", text)
    return "".join(one for one in spaced if one in "\n" + _JOINERS or _is_seen(one))


def _is_seen(one: str) -> bool:
    return category(one) not in ("Cc", "Cf", "Cs") and one not in "\ufffe\uffff"


def printable(text: str) -> str:
    """The text as the bundled fonts can show it."""
    return "".join(_shown(visible(text)))


def _shown(text: str) -> Iterator[str]:
    marks = 0
    is_replaced = False
    for one in text:
        if one in _JOINERS or category(one).startswith("M"):
            # It belongs to the character before it, and goes where that one went.
            marks += 1
            if one in _PRINTABLE and not is_replaced and marks <= _MOST_MARKS:
                yield one
        else:
            marks = 0
            is_replaced = one != "\n" and one not in _PRINTABLE
            yield REPLACEMENT if is_replaced else one


def unmarked(text: str) -> str:
    """The same without the marks that stand above and below letters: some fonts have both, but not together."""
    return "".join(one for one in printable(normalize("NFC", text)) if not category(one).startswith("M"))


def plain(text: str) -> str:
    """The letters of every day only, which any font can set."""
    return "".join(one if one == "\n" or one in _PLAIN else REPLACEMENT for one in normalize("NFC", visible(text)))


def breakable(text: str, longest: int) -> str:
    """The text with invisible places to break a line in words of more than `longest` characters."""
    return _WORD.sub(lambda found: "\u200b".join(_pieces(found[0], longest)), text)


def _pieces(word: str, longest: int) -> Iterator[str]:
    return (word[start : start + longest] for start in range(0, len(word), longest))
