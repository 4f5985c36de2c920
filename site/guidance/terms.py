"""Reads terms.toml: which words are wrong in which language, what they are, and what to write instead."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from forms_app.language import Language

Choices = Mapping[str, tuple[str, ...]]
"""A word in small letters, and the words to choose from instead."""

# Not the ending of "BankID-en".
_WORD = re.compile(r"(?<!\w)(?<!\w-)[^\W\d_]+")


class Wrong(StrEnum):
    """What is wrong with a word, as the finding says it."""

    BOKMAL = "er bokmål"
    NYNORSK = "er nynorsk"
    NORWEGIAN = "er norsk"
    DANISH = "er dansk"
    NOT_OUR_NYNORSK = "er ikke vår nynorsk"


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word that is wrong in a language."""

    wrong: Wrong
    instead: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A wrong word in a text."""

    position: int
    word: str
    term: Term

    @property
    def message(self) -> str:
        """«ikke» er bokmål; skriv «ikkje»."""
        choices = " eller ".join(f"«{one}»" for one in self.term.instead)
        return f"«{self.word}» {self.term.wrong}; skriv {choices}"


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What must not stand in texts in one language."""

    terms: Mapping[str, Term]
    allowed: tuple[str, ...]
    longest: int
    """The number of words in the longest phrase."""

    def hits(self, text: str) -> Iterator[Hit]:
        """Every wrong word or phrase, from the left; a word counts once, as part of the longest phrase."""
        text = self._without_allowed(text)
        words = list(_WORD.finditer(text))
        skip_to = 0
        for number, first in enumerate(words):
            if first.start() < skip_to:
                continue
            for last in reversed(words[number : number + self.longest]):
                word = " ".join(text[first.start() : last.end()].split())
                if term := self.terms.get(word.lower()):
                    yield Hit(position=first.start(), word=word, term=term)
                    skip_to = last.end()
                    break

    def _without_allowed(self, text: str) -> str:
        for phrase in self.allowed:
            pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
            text = re.sub(pattern, lambda match: "·" * len(match[0]), text, flags=re.IGNORECASE)
        return text


@lru_cache
def vocabulary(language: Language) -> Vocabulary:
    """What must not stand in texts in `language`."""
    terms: dict[str, Term] = {}
    for wrong, choices in _WRONG_IN[language]():
        for word, instead in choices.items():
            terms.setdefault(word, Term(wrong=wrong, instead=instead))
    longest = max(len(word.split()) for word in terms)
    return Vocabulary(terms=terms, allowed=tuple(_file()["allowed"][language]), longest=longest)


@lru_cache
def _file() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads(files(__package__).joinpath("terms.toml").read_text(encoding="utf-8"))


def table(name: str) -> Choices:
    """A table of the file."""
    return {word: (one,) if isinstance(one, str) else tuple(one) for word, one in _file()[name].items()}


def _turned(choices: Choices) -> Choices:
    """The other way about: "vedtak" and "avgjørelse" are both "afgørelse" in Danish."""
    found: dict[str, tuple[str, ...]] = {}
    for word, others in choices.items():
        for other in others:
            found[other] = (*found.get(other, ()), word)
    return found


def _in_bokmal() -> Iterable[tuple[Wrong, Choices]]:
    yield Wrong.NYNORSK, _turned(table("nynorsk"))
    yield Wrong.NYNORSK, table("wrong_in_bokmal")
    yield Wrong.DANISH, _turned(table("dansk"))
    yield Wrong.DANISH, table("wrong_in_norwegian")


def _in_nynorsk() -> Iterable[tuple[Wrong, Choices]]:
    from_bokmal = {**table("nynorsk"), **table("wrong_in_nynorsk")}
    yield Wrong.BOKMAL, from_bokmal
    yield Wrong.NOT_OUR_NYNORSK, table("nynorsk_norm")
    for danish in (_turned(table("dansk")), table("wrong_in_norwegian")):
        yield Wrong.DANISH, _translated(danish, {**from_bokmal, **table("nynorsk_norm")})


def _in_danish() -> Iterable[tuple[Wrong, Choices]]:
    yield Wrong.NORWEGIAN, table("dansk")
    yield Wrong.NORWEGIAN, table("wrong_in_danish")
    known = {**table("dansk"), **table("wrong_in_danish")}
    nynorsk = _turned(table("nynorsk"))
    in_both = {word: bokmal for word, bokmal in nynorsk.items() if all(one in known for one in bokmal)}
    yield Wrong.NORWEGIAN, _translated(in_both, known)


def _translated(choices: Choices, words: Choices) -> Choices:
    """`choices` with each word to write put into the language of `words`, where that differs."""
    return {
        word: tuple(dict.fromkeys(new for one in instead for new in words.get(one, (one,))))
        for word, instead in choices.items()
    }


_WRONG_IN = {Language.NB: _in_bokmal, Language.NN: _in_nynorsk, Language.DA: _in_danish}
