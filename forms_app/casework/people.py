"""Which cases are about one person. Only what was sealed tells that, so it is told by opened summaries, which live in
the memory of this process only.
"""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from forms_app.casework.spelling import compared
from forms_app.forms.definition import PERSON

_MOST = 100
"""What more cases than that share is made up, and tells nobody apart."""


class Likeness(StrEnum):
    """Why two cases may be about one person, the surest first."""

    NUMBER = "number"
    OTHER_NAME = "other_name"
    """The same identity number, and another name: one of the two was mistyped, or somebody has a new name."""
    NAME = "name"
    """The same name and birth date, and not an identity number in both: it may be two people."""


@dataclass(frozen=True, slots=True)
class _Marks:
    name: bytes | None
    number: bytes | None
    name_and_birth: bytes | None


class People:
    """Who the cases of one municipality are about, by submission.

    What is kept are digests under a key of this object: no identity number and no birth date stays in memory.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._marks: dict[uuid.UUID, _Marks] = {}
        self._with: defaultdict[bytes, set[uuid.UUID]] = defaultdict(set)

    def put(self, id: uuid.UUID, summary: Mapping[str, Any]) -> None:
        """Remember what the summary says of the person."""
        typed, born, number = (_text(summary.get(PERSON), key) for key in ("name", "born", "number"))
        name = " ".join(sorted(compared(typed).split()))
        marks = _Marks(
            name=self._digest(name),
            number=self._digest("number", number),
            name_and_birth=self._digest("born", name, born),
        )
        self._marks[id] = marks
        for mark in (marks.number, marks.name_and_birth):
            if mark:
                self._with[mark].add(id)

    def forget(self, id: uuid.UUID) -> None:
        """It was erased."""
        marks = self._marks.pop(id, None)
        for mark in (marks.number, marks.name_and_birth) if marks else ():
            if mark:
                self._with[mark].discard(id)
                if not self._with[mark]:
                    del self._with[mark]

    def like(self, id: uuid.UUID) -> dict[uuid.UUID, Likeness]:
        """The other cases that may be about the same person, and why."""
        own = self._marks.get(id)
        if own is None:
            return {}
        found = {other: Likeness.NAME for other in self._others(id, own.name_and_birth) if self._may_be(own, other)}
        for other in self._others(id, own.number):
            name = self._marks[other].name
            is_same = None in (own.name, name) or own.name == name
            found[other] = Likeness.NUMBER if is_same else Likeness.OTHER_NAME
        return found

    def _others(self, id: uuid.UUID, mark: bytes | None) -> set[uuid.UUID]:
        found = self._with.get(mark, set()) if mark else set()
        return found - {id} if len(found) <= _MOST else set()

    def _may_be(self, own: _Marks, other: uuid.UUID) -> bool:
        """Two different identity numbers are two people."""
        number = self._marks[other].number
        return not (own.number and number and own.number != number)

    def _digest(self, *parts: str) -> bytes | None:
        """None where a part of it is not known."""
        if not all(parts):
            return None
        text = "\n".join(parts).encode("utf-8", "surrogatepass")
        return blake2b(text, key=self._key, digest_size=16).digest()


def _text(person: object, key: str) -> str:
    """Whatever was sealed: one summary that is not as ours are must not hide the others."""
    found = person.get(key) if isinstance(person, Mapping) else None
    return found if isinstance(found, str) else ""
