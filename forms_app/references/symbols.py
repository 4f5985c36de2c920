"""The 32 characters of codes and reference numbers, and arithmetic with them as the elements of GF(32).

Crockford's alphabet: digits and letters without I, L, O and U, so that a code survives being read aloud and
written by hand. Addition is exclusive or; multiplication goes by powers of `alpha`, a root of x^5 + x^2 +
1.
"""

import re
from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Spaces, also those that nobody sees, hyphens and dashes of any length, and what else stands between groups.
_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff\u2010-\u2015\u2212_.,:;/-]")
_LOOKALIKES = str.maketrans("OØIL", "0011")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def _powers_of_alpha() -> list[int]:
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 0b100000 else doubled)
    return powers


_POWERS = _powers_of_alpha()
_LOGARITHMS = {power: exponent for exponent, power in enumerate(_POWERS)}


def tidy(text: str) -> str:
    """As it was meant: capitals, no spaces or hyphens, O as 0, also when crossed out, I and L as 1."""
    return _SEPARATORS.sub("", text).upper().translate(_LOOKALIKES)


def typed_groups(text: str) -> list[str]:
    """What was typed between blanks and hyphens, tidied; people keep the groups apart as they were shown."""
    return [tidy(group) for group in _SEPARATORS.split(text) if group]


def grouped(text: str) -> str:
    """In groups of four with hyphens between."""
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def values(text: str) -> list[int | None]:
    """The value 0 to 31 of each character; None where it is not of the alphabet."""
    return [_VALUES.get(character) for character in text]


def times_alpha(value: int, exponent: int) -> int:
    """`value` times `alpha` to the `exponent`."""
    return _POWERS[(_LOGARITHMS[value] + exponent) % 31] if value else 0


def divided(value: int, by: int) -> int:
    """`value` divided by `by`, which is not 0."""
    return times_alpha(value, -_LOGARITHMS[by])


def exponent_of(value: int) -> int:
    """The power of `alpha`, 0 to 30, that `value` is; `value` is not 0."""
    return _LOGARITHMS[value]


def syndrome(symbols: Sequence[int], power: int) -> int:
    """The polynomial with these coefficients, lowest first, at `alpha` to the `power`."""
    total = 0
    for position, symbol in enumerate(symbols):
        total ^= times_alpha(symbol, power * position)
    return total
