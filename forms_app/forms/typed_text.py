"""What is kept of a text that was typed: everything that is seen, and nothing that makes it look like another text."""

import re
from unicodedata import category

_NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What steers a terminal, turns the order of the words or is no character at all."""
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")

_JOINERS = "\u200c\u200d"
"""They shape Persian and Indic names and hold an emoji together, but mean nothing at the edge of a word."""
_LOOSE_JOINERS = re.compile(rf"(?<!\S)[{_JOINERS}]+|[{_JOINERS}]+(?!\S)")

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category, and yet empty: the Hangul fillers and the Braille blank."""


def paragraphs(text: str | None) -> str | None:
    """The text with its lines, without blanks around it; "" when nothing of it can be seen."""
    if text is None:
        return None
    return _if_seen(_NEVER.sub("", _LINE_ENDS.sub("\n", text)).strip())


def one_line(text: str | None) -> str | None:
    """The text as one line, with one blank for each run of them; "" when nothing of it can be seen."""
    if text is None:
        return None
    line = _NEVER.sub("", " ".join(text.split()))
    kept = "".join(one for one in line if one in _JOINERS or category(one) != "Cf")
    return _if_seen(" ".join(_LOOSE_JOINERS.sub("", kept).split()))


def _if_seen(text: str) -> str:
    return text if any(one not in _BLANK_LETTERS and category(one) not in _UNSEEN for one in text) else ""
