"""The citizen's code: the one secret of a draft and of what was sent, and everything that is derived from it.

26 characters of 5 bits (130 bits) and two Reed-Solomon check characters over GF(32), shown in seven groups
of four. The check characters find the place of any one wrong character and notice any two. Keys are derived
from the 26 characters by HKDF-SHA256 with a label each, so that none of them tells anything about another.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage.x25519 import Identity

from forms_app.errors import PortalError
from forms_app.references.symbols import (
    ALPHABET,
    divided,
    exponent_of,
    grouped,
    syndrome,
    tidy,
    times_alpha,
    typed_groups,
    values,
)
from forms_app.sealing import bech32

_SECRET_LENGTH = 26
_LENGTH = 28
_IN_GROUP = 4
# Divides what is left for the last check symbol: the weights of the two check places together.
_POSITION_SUM = times_alpha(1, _SECRET_LENGTH) ^ times_alpha(1, _SECRET_LENGTH + 1)


class WrongCode(PortalError):
    """A code was mistyped; nothing was looked up."""

    def __init__(self, group: int | None) -> None:
        """`group`, 1 to 7, is the one to look at if only one is wrong; None when that cannot be told."""
        super().__init__("somewhere" if group is None else f"group {group}")
        self.group = group


@dataclass(frozen=True)
class Code:
    """One citizen's code. Made by `new` and `parse` only; its `repr` and `str` do not show the secret."""

    _text: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A fresh code from the system's random source."""
        secret = [secrets.randbelow(32) for unused_place in range(_SECRET_LENGTH)]
        return cls("".join(ALPHABET[value] for value in [*secret, *_check_symbols(secret)]))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a code as people write it: any case, spaces, hyphens, O or Ø for 0, I or L for 1.

        Raises `WrongCode`.
        """
        tidied = tidy(text)
        if len(tidied) != _LENGTH:
            raise WrongCode(_group_of_another_length(text))
        symbols = values(tidied)
        unreadable = {_group(position) for position, symbol in enumerate(symbols) if symbol is None}
        if unreadable:
            raise WrongCode(unreadable.pop() if len(unreadable) == 1 else None)
        known = [symbol for symbol in symbols if symbol is not None]
        if syndrome(known, 0) or syndrome(known, 1):
            raise WrongCode(_group_with_error(known))
        return cls(tidied)

    @property
    def shown(self) -> str:
        """For the citizen's eyes: "ABCD-EFGH-…", seven groups."""
        return grouped(self._text)

    @property
    def draft_id(self) -> bytes:
        """32 bytes that name the draft's rows and reveal nothing of the code."""
        return self._derived("draft id")

    @property
    def draft_key(self) -> bytes:
        """The 32-byte AES-256-GCM key of the draft."""
        return self._derived("draft key")

    @property
    def age_identity(self) -> Identity:
        """The age identity that opens what was sealed to `public_half`."""
        return Identity.from_str(bech32.encode("age-secret-key-", self._derived("age identity")).upper())

    @property
    def public_half(self) -> str:
        """The age recipient ("age1…") of the citizen's own copy and of messages to the citizen."""
        return str(self.age_identity.to_public())

    def for_part(self, label: str) -> Self:
        """A code of its own for what is sent later: always the same for the same label, and it leads back to nothing.

        It gives what belongs to the label a draft, and a lock, of its own; whoever is handed it learns no other code.
        """
        number = int.from_bytes(self._derived(f"part {label}"))
        secret = [number >> 5 * place & 31 for place in range(_SECRET_LENGTH)]
        return type(self)("".join(ALPHABET[value] for value in [*secret, *_check_symbols(secret)]))

    def _derived(self, label: str) -> bytes:
        info = f"portal code v1 {label}".encode()
        secret = self._text[:_SECRET_LENGTH].encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _group(position: int) -> int:
    return position // _IN_GROUP + 1


def _group_of_another_length(text: str) -> int | None:
    """The one of seven groups that has lost or gained a character."""
    groups = typed_groups(text)
    wrong = [place for place, group in enumerate(groups, 1) if len(group) != _IN_GROUP]
    return wrong[0] if len(groups) * _IN_GROUP == _LENGTH and len(wrong) == 1 else None


def _check_symbols(secret: list[int]) -> tuple[int, int]:
    """The two symbols that make the syndromes at alpha^0 and alpha^1 zero."""
    plain, weighted = syndrome(secret, 0), syndrome(secret, 1)
    last = divided(weighted ^ times_alpha(plain, _SECRET_LENGTH), _POSITION_SUM)
    return plain ^ last, last


def _group_with_error(symbols: list[int]) -> int | None:
    """The group of the one wrong symbol; None when more than one must be wrong."""
    plain, weighted = syndrome(symbols, 0), syndrome(symbols, 1)
    if not plain or not weighted:
        return None
    position = exponent_of(divided(weighted, plain))
    return _group(position) if position < _LENGTH else None
