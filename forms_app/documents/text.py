"""Blocks as plain text, for a terminal."""

from collections.abc import Iterable, Iterator

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.language import gettext as _


def to_text(blocks: Iterable[Block]) -> str:
    """One block a paragraph; answers indented under their question."""
    return "\n".join(_lines(blocks)) + "\n"


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text):
                yield from ("", text, "-" * len(text))
            case Paragraph(text):
                yield text
            case Answered(question, lines):
                yield question
                yield from (f"    {line}" for line in lines or (_("Not answered"),))
