"""How answers are weighed against what a law asks for. A condition holds, does not, or is open: whoever does not know
an answer is never told no because of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from forms_app.forms.text import Text

Given = Mapping[str, str]
"""Question name to the value that was chosen."""
Weighed = dict[str, bool | None]
"""Question name to whether its answer speaks for the right; None where that is open."""

UNSURE = "unsure"
"""The value of "I do not know", in every question that offers it."""


class Outcome(StrEnum):
    """What the answers point to, best first. None of them is a decision."""

    LIKELY = "likely"
    MAYBE = "maybe"
    UNLIKELY = "unlikely"


class Condition(Protocol):
    """What a law asks for."""

    def holds(self, given: Given) -> bool | None:
        """Whether the answers meet it; None where they leave it open."""
        ...

    def weighed(self, given: Given) -> Weighed:
        """The answers that decide it, in the order of the law."""
        ...


@dataclass(frozen=True)
class Said:
    """One question was answered with one of `answers`."""

    question: str
    answers: frozenset[str]

    def holds(self, given: Given) -> bool | None:
        """Open where nothing was answered, or "I do not know"."""
        answer = given.get(self.question, UNSURE)
        return None if answer == UNSURE else answer in self.answers

    def weighed(self, given: Given) -> Weighed:
        """The question itself."""
        return {self.question: self.holds(given)}


@dataclass(frozen=True)
class All:
    """Every part must hold; without parts it always does."""

    parts: tuple[Condition, ...]

    def holds(self, given: Given) -> bool | None:
        """One part that does not hold decides it, whatever else is open."""
        found = {part.holds(given) for part in self.parts}
        return False if False in found else None if None in found else True

    def weighed(self, given: Given) -> Weighed:
        """All of them: people want to see what spoke for them too."""
        return _together(self.parts, given)


@dataclass(frozen=True)
class Either:
    """One part is enough."""

    parts: tuple[Condition, ...]

    def holds(self, given: Given) -> bool | None:
        """One part that holds decides it, whatever else is open."""
        found = {part.holds(given) for part in self.parts}
        return True if True in found else None if None in found else False

    def weighed(self, given: Given) -> Weighed:
        """The parts that hold, or all of them where none does."""
        return _together(tuple(part for part in self.parts if part.holds(given)) or self.parts, given)


def said(question: str, *answers: str) -> Said:
    """`said("lasting", "yes")`."""
    return Said(question, frozenset(answers))


def all_of(*parts: Condition) -> All:
    """`all_of(said("lasting", "yes"), said("together", "yes"))`."""
    return All(parts)


def either(*parts: Condition) -> Either:
    """`either(said("complex", "yes"), said("together", "yes"))`."""
    return Either(parts)


ALWAYS = all_of()
NEVER = either()


@dataclass(frozen=True, kw_only=True)
class Right:
    """Something that a law gives, or lets the municipality give.

    Where `duty` holds the municipality must give it; where only `possible` holds it must consider it, or may give it.
    """

    key: str
    name: Text
    """With its article, as it stands inside a sentence: "a coordinator"."""
    gives: Text
    """One or two sentences about what it is and what else it takes."""
    source: str
    """The statute's key and section: "PBRL § 2-5 b"; several are divided by a semicolon."""
    page: str
    """The page of the guidance that tells more (masthead.PAGE_SLUGS)."""
    duty: Condition = NEVER
    possible: Condition = NEVER
    concerns: Condition = ALWAYS
    """Whom it is for; it is not mentioned to others."""
    is_beside: bool = False
    """Worth knowing, but never the answer to the question that people came with."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the answers say about one right, and which of them say so."""

    right: Right
    outcome: Outcome
    weighed: Weighed


def find(right: Right, given: Given) -> Finding:
    """Weigh the answers; what is open never counts against anybody."""
    if right.duty.holds(given):
        return Finding(right=right, outcome=Outcome.LIKELY, weighed=right.duty.weighed(given))
    is_out = right.duty.holds(given) is False and right.possible.holds(given) is False
    weighed = right.duty.weighed(given) | right.possible.weighed(given)
    return Finding(right=right, outcome=Outcome.UNLIKELY if is_out else Outcome.MAYBE, weighed=weighed)


def _together(parts: tuple[Condition, ...], given: Given) -> Weighed:
    return {question: holds for part in parts for question, holds in part.weighed(given).items()}
