"""What a page says, not how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass

from forms_app.forms.paper import PaperQuestion


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


@dataclass(frozen=True)
class Bullets:
    """Short texts that belong together."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under the names of their columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ToFill:
    """A question to answer with a pen."""

    question: PaperQuestion


@dataclass(frozen=True)
class Signature:
    """Where to sign, and the date; `who` says whose name it is."""

    who: str


@dataclass(frozen=True)
class Address:
    """Where to send a paper; without lines it is not known, and there is room to write it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A code to keep, group by group."""

    groups: tuple[str, ...]


Block = Heading | Paragraph | Answered
"""What every way of writing can show."""

PrintedBlock = Block | Bullets | Table | ToFill | Signature | Address | Card
"""What PDF and Word can show. The first heading is the page's own."""


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
