"""How a question is answered with a pen: the face of each question type on paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WriteOn:
    """Empty lines to write on."""

    lines: int


@dataclass(frozen=True)
class Box:
    """One thing to tick."""

    label: str
    hint: str = ""


@dataclass(frozen=True)
class TickOff:
    """Boxes to tick, one or several of them."""

    boxes: tuple[Box, ...]
    takes_several: bool


@dataclass(frozen=True)
class TickThis:
    """One box before the question itself, which is a statement to agree to."""


@dataclass(frozen=True)
class DateBoxes:
    """A box for each digit of day, month and year."""


@dataclass(frozen=True)
class PaperQuestion:
    """A question as it stands on paper."""

    label: str
    hint: str
    is_required: bool
    shape: "PaperShape"


@dataclass(frozen=True)
class Repeated:
    """The same few questions several times, each time under `title` and a number."""

    title: str
    times: int
    questions: tuple[PaperQuestion, ...]


PaperShape = WriteOn | TickOff | TickThis | DateBoxes | Repeated
