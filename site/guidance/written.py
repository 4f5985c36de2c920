"""What an editor wrote by hand on a page: the rest is blanked, sign for sign, so that lines can still be counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidance.pages import Page
from guidance.references import REFERENCE

# No word and no blank, so that nothing is read across it.
_BLANK = "\0"
_CODE = re.compile(r"^[ \t]*(?P<fence>```|~~~).*?^[ \t]*(?P=fence)|`[^`\n]*`|<!--.*?-->", re.MULTILINE | re.DOTALL)
_NOT_WORDS = (
    REFERENCE,
    re.compile(r"(?<=\])\([^)\n]*\)"),  # where a link leads
    re.compile(r"^[ \t]*\[[^\]\n]+\]:.*$", re.MULTILINE),  # the same, written at the end of the page
    re.compile(r"<[^>\n]+>"),
    re.compile(r"https?://[^\s)>\]]+"),
    re.compile(r"\{:?[ \t]*[#.\w][^{}\n]*\}"),  # names and classes of headings
    re.compile(r"^[ \t>]*\d+[.)](?=[ \t])", re.MULTILINE),  # the numbers of a list
)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A title, a description or a body, with everything blanked that is not words written by hand."""

    text: str
    first_line: int

    def line_of(self, position: int) -> int:
        """The line of the file."""
        return self.first_line + self.text.count("\n", 0, position)


def passages(page: Page) -> Iterator[Passage]:
    """All that is written by hand on the page, from the top."""
    for key in ("title", "description"):
        yield Passage(text=blanked(str(page.meta.get(key) or ""), *_NOT_WORDS), first_line=page.meta_lines.get(key, 1))
    yield Passage(text=blanked(without_code(page.body), *_NOT_WORDS), first_line=page.body_line)


def without_code(body: str) -> str:
    """The body with code and comments blanked: what stands there is shown as it is, or not at all."""
    return blanked(body, _CODE)


def blanked(text: str, *patterns: re.Pattern[str]) -> str:
    """`text`, as long as before and with the same lines, without what the patterns match."""
    for pattern in patterns:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", _BLANK, match[0]), text)
    return text
