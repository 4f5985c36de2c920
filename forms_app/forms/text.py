"""Sentences of a form that depend on the country or hold a legal number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms_app.countries import Country
from forms_app.forms.context import Context
from forms_app.language import current

Text = Any
"""A string, a lazily translated string, or one of the classes below; `say` makes it a sentence."""


@dataclass(frozen=True)
class ByCountry:
    """Another sentence in each country."""

    texts: Mapping[Country, Text]


@dataclass(frozen=True)
class WithFacts:
    """A sentence whose `%(name)s` are legal facts of the country: `WithFacts(_("Within %(time)s"), time="appeal")`."""

    text: Text
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Chosen:
    """The sentence that `choose` returns for the answers so far."""

    choose: Callable[[Context], Text]


@dataclass(frozen=True)
class NationalIdName:
    """What people of the country call their identity number; the native words live with the country's rules."""


def in_norway_and_denmark(norway: Text, denmark: Text) -> ByCountry:
    """The pair that nearly every country-dependent sentence is."""
    return ByCountry({Country.NORWAY: norway, Country.DENMARK: denmark})


def with_facts(text: Text, **facts: str) -> WithFacts:
    """A sentence that takes its numbers from the facts of the country."""
    return WithFacts(text, facts)


def say(text: Text, context: Context) -> str:
    """The sentence in the current language under the rules of `context`; "" where the country has none."""
    match text:
        case ByCountry(texts):
            return say(texts.get(context.country, ""), context)
        case WithFacts(words, facts):
            values = {name: context.rules.fact(fact).phrase(current()) for name, fact in facts.items()}
            return str(words) % values
        case Chosen(choose):
            return say(choose(context), context)
        case NationalIdName():
            name = context.rules.national_id_name[current()]
            return name[0].upper() + name[1:]
        case _:
            return str(text)
