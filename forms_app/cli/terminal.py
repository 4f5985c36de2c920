"""What citizens wrote, made harmless for a terminal: it can neither steer it nor pass for lines of ours."""

import re
from collections.abc import Iterable, Iterator

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph

# Controls, marks that turn the writing direction, line and paragraph separators, and halves of characters.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """The text on one line, with what could steer a terminal written out, such as "\\u202e"."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    """The same for a cell of a list, where any run of white space is one space."""
    return harmless(" ".join(text.split()))


def harmless_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with every line harmless; the lines of an answer stay lines."""
    for block in blocks:
        match block:
            case Heading(text, step):
                yield Heading(harmless(text), step)
            case Paragraph(text):
                yield Paragraph(harmless(text))
            case Answered(question, lines):
                yield Answered(harmless(question), tuple(map(harmless, lines)))
