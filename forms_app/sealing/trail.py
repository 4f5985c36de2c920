"""The chain of the audit trail, and its signed heads.

A link is SHA-256 over canonical JSON of `what` = "audit entry", `version` = 1, `number` (from 1), `previous` (the link
before, "" for the first) and the entry's `id`, `at`, `actor`, `action` and `subject`. So it stands for every entry up
to its own. What is signed of a head is canonical JSON of `what` = "audit head", `version` = 1, `key_id`, `number`,
`entry_id`, `sha256` (the link) and `signed_at`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from forms_app.sealing.canonical import canonical_json, moment_text, read_moment

NO_LINK = ""
"""What stands before the first entry."""


def link(previous: str, number: int, *, id: int, at: datetime, actor: str, action: str, subject: str) -> str:
    """The link of an entry, in hex."""
    entry = {"id": id, "at": moment_text(at), "actor": actor, "action": action, "subject": subject}
    return sha256(
        canonical_json({"what": "audit entry", "version": 1, "number": number, "previous": previous, **entry})
    ).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Head:
    """The chain as it stood at a moment: so many entries, the last of them, and its link."""

    number: int
    entry_id: int
    sha256: str
    signed_at: datetime
    key_id: str

    @property
    def canonical(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(
            {**asdict(self), "what": "audit head", "version": 1, "signed_at": moment_text(self.signed_at)}
        )


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """A head as it is exported; `signature` is base64."""

    head: Head
    signature: str

    def as_json(self) -> dict[str, Any]:
        """The fields of a line."""
        return {**asdict(self.head), "signed_at": moment_text(self.head.signed_at), "signature": self.signature}

    @classmethod
    def from_json(cls, fields: Any) -> Self:
        """What `as_json` gave. Raises `ValueError`, whatever stands there instead."""
        try:
            texts = {name: str(fields[name]) for name in ("sha256", "key_id", "signature")}
            head = Head(
                number=int(fields["number"]),
                entry_id=int(fields["entry_id"]),
                sha256=texts["sha256"],
                signed_at=read_moment(fields["signed_at"]),
                key_id=texts["key_id"],
            )
        except (TypeError, KeyError) as error:
            raise ValueError(type(error).__name__) from None
        return cls(head=head, signature=texts["signature"])
