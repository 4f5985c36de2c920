"""Reference numbers: seven random characters and a check character, "K7M2-9QXK".

A reference identifies a submission in speech and mail and opens nothing. The check character notices any
one wrong character and any two that changed places.
"""

import secrets

from forms_app.errors import PortalError
from forms_app.references.symbols import ALPHABET, grouped, syndrome, tidy, times_alpha, values

_RANDOM_LENGTH = 7
_LENGTH = 8


class WrongReference(PortalError):
    """A reference number was mistyped; nothing was looked up."""


def new_reference() -> str:
    """A fresh reference as shown, with its hyphen; the caller makes sure that it is not taken (35 bits)."""
    symbols = [secrets.randbelow(32) for unused_place in range(_RANDOM_LENGTH)]
    # Weighted by alpha to the power of its place, so that every place counts differently.
    symbols.append(times_alpha(syndrome(symbols, 1), -_RANDOM_LENGTH))
    return grouped("".join(ALPHABET[symbol] for symbol in symbols))


def part_of(reference: str, number: int) -> str:
    """The reference of what was sent later about a submission, as the first, the second and so on: "K7M2-9QXK-1"."""
    return f"{reference}-{number}"


def whole_of(reference: str) -> str:
    """The reference of what was sent first: the same, unless it is one made by `part_of`."""
    return "-".join(reference.split("-")[:2])


def parse_reference(text: str) -> str:
    """The reference as shown ("K7M2-9QXK") from what a person typed. Raises `WrongReference`."""
    tidied = tidy(text)
    symbols = [value for value in values(tidied) if value is not None]
    if len(tidied) != _LENGTH or len(symbols) != _LENGTH or syndrome(symbols, 1):
        raise WrongReference(f"{len(tidied)} characters")
    return grouped(tidied)
