"""What a page says, not how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading; `step` names the form's step it stands for, so that a web page can offer to change it."""

    text: str
    step: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few."""

    text: str


@dataclass(frozen=True)
class Answered:
    """A question and its answer, a line an item; no lines means that it was not answered."""

    question: str
    lines: tuple[str, ...]


Block = Heading | Paragraph | Answered


def sections(blocks: Iterable[Block]) -> list[tuple[Heading, list[Answered]]]:
    """Each heading with the answers that follow it."""
    grouped: list[tuple[Heading, list[Answered]]] = []
    for block in blocks:
        match block:
            case Heading():
                grouped.append((block, []))
            case Answered():
                grouped[-1][1].append(block)
    return grouped
