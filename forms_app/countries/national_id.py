"""A soft check of identity numbers: it asks people to look again and never stops them.

Norway: folkeregisterforskriften § 2-2-1 and § 2-2-2, and Skatteetaten's rule of check digits for numbers
issued from 2032. Denmark: the ten digits of CPR without modulus 11, which is not guaranteed since 2007.
Nothing is derived from a number, neither sex nor age.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from forms_app.countries.country import Country

_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212.-]")

_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Numbers issued until 2031 leave 0 here; from 2032 on any of the four. Both kinds live side by side.
_K1_REMAINDERS = range(4)

_D_NUMBER_DAY = 40
_H_NUMBER_MONTH = 40
_TEST_NUMBER_MONTHS = (65, 80)
_REPLACEMENT_DAY = 60


class Verdict(StrEnum):
    """What to say about a number; none of them stops the form."""

    OK = "ok"
    WRONG_FORM = "wrong_form"
    """Not that many digits."""
    CHECK_AGAIN = "check_again"
    """The right number of digits, but probably mistyped."""


def normalise(text: str) -> str:
    """Without the spaces, points and hyphens people write; how a number is stored, always as text."""
    return _SEPARATORS.sub("", text)


def check(text: str, country: Country, *, allow_test: bool = False) -> Verdict:
    """Judges a number as typed; never raises. `allow_test` accepts Norway's synthetic numbers."""
    digits = normalise(text)
    length = {Country.NORWAY: 11, Country.DENMARK: 10}[country]
    if not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        return Verdict.WRONG_FORM
    plausible = _norwegian(digits, allow_test=allow_test) if country is Country.NORWAY else _danish(digits)
    return Verdict.OK if plausible else Verdict.CHECK_AGAIN


def recognised(text: str) -> str | None:
    """The number in its normal form, where one of the countries gives such numbers; None for what is mistyped or not
    whole, for that tells nobody apart. Made-up numbers count.
    """
    digits = normalise(text)
    is_one = any(check(digits, country, allow_test=True) is Verdict.OK for country in Country)
    return digits if is_one else None


def _norwegian(digits: str, *, allow_test: bool) -> bool:
    """Fødselsnummer, D-number or H-number; a synthetic one only when allowed."""
    if _weighed(digits, _K1_WEIGHTS) not in _K1_REMAINDERS or _weighed(digits, _K2_WEIGHTS) != 0:
        return False
    return any(
        _is_date(day, month, int(digits[4:6]), centuries=(18, 19, 20, 21))
        for day, month, synthetic in _norwegian_readings(int(digits[:2]), int(digits[2:4]))
        if allow_test or not synthetic
    )


def _norwegian_readings(day: int, month: int) -> Iterator[tuple[int, int, bool]]:
    """Each way to read day and month, and whether only a synthetic number can mean it."""
    has_d_day = day > _D_NUMBER_DAY
    day -= _D_NUMBER_DAY if has_d_day else 0
    yield day, month, False
    # A D-number is never an H-number as well, but synthetic ones are made that way.
    yield day, month - _H_NUMBER_MONTH, has_d_day
    for offset in _TEST_NUMBER_MONTHS:
        yield day, month - offset, True


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11


def _danish(digits: str) -> bool:
    """CPR-nummer or a replacement number, whose day is 60 too high."""
    day, month, year, seventh = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6])
    if day > _REPLACEMENT_DAY:
        day -= _REPLACEMENT_DAY
    return _is_date(day, month, year, centuries=(_danish_century(year, seventh),))


def _danish_century(year: int, seventh: int) -> int:
    if seventh <= 3:
        return 19
    if seventh in (4, 9):
        return 20 if year <= 36 else 19
    return 20 if year <= 57 else 18


def _is_date(day: int, month: int, year: int, *, centuries: tuple[int, ...]) -> bool:
    """Whether the day exists in any of the centuries; they differ only on 29 February."""
    for century in centuries:
        try:
            date(100 * century + year, month, day)
        except ValueError:
            continue
        return True
    return False
