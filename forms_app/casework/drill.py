"""The restore drill: whether what lies in the database can be opened with the recovery key, on a machine that knows
neither the portal nor the network.

A sample of sealed answers goes out, with a check value for each: SHA-256 of the hexadecimal SHA-256 of what is inside.
What comes back is the inner hash, which cannot be had from the check value: only who has opened the envelope knows it.
Nothing of either is personal, for each answer is sealed with a random salt in it. The audit trail keeps the hash of the
list that went out, so that a result is of a drill that took place, and the outcome.
"""

import io
import json
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.sealing.canonical import moment_text
from forms_app.sealing.envelope import open_envelope
from forms_app.storage import audit, recipients
from forms_app.storage.audit import AuditEntry
from forms_app.storage.engine import reading
from forms_app.storage.recipients import SealedAnswers

_ENCLOSED = Path(__file__).parent / "enclosed"
PASSED = "drill passed"
FAILED = "drill failed"
TAKEN_OUT = "took out a drill"


class NothingToDrill(PortalError):
    """There is no submission to take a sample of yet."""


class NoSuchDrill(PortalError):
    """The result is not of a drill that was taken out here, or its list was changed."""


class BadResult(PortalError):
    """The file is no result of a drill."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a result shows: how many envelopes there were, and the names of those that were not opened rightly.

    `opened_with` is the public half that the key file named, "" where it named none.
    """

    drill: str
    envelopes: int
    faulty: tuple[str, ...]
    opened_with: str
    is_working_key: bool

    @property
    def passed(self) -> bool:
        """Whether the recovery key opens everything."""
        return not self.faulty and not self.is_working_key


def export(
    engine: sa.Engine,
    clock: Clock,
    identities: Sequence[Identity],
    *,
    most: int,
    actor: str,
    municipality: str | None = None,
) -> bytes:
    """A zip with everything that the drill takes. Raises NothingToDrill and CannotOpen."""
    with reading(engine) as connection:
        chosen = recipients.sample(connection, most, municipality=municipality)
    if not chosen:
        raise NothingToDrill
    drill = secrets.token_hex(8)
    checks = {f"{number:04}.age": one for number, one in enumerate(chosen, start=1)}
    lines = [f"{name} {_check(_inner(one.envelope, identities))}\n" for name, one in checks.items()]
    listed = f"drill {drill}\n" + "".join(lines)
    with engine.begin() as connection:
        action = f"{TAKEN_OUT} {drill} {_hash(listed)}"
        audit.record(connection, at=clock(), actor=actor, action=action, subject=municipality or audit.EVERYWHERE)
    about = {
        "drill": drill,
        "made_at": moment_text(clock()),
        "envelopes": len(chosen),
        "lists": sorted({one.fingerprint for one in chosen}),
    }
    return _packed(checks, listed, about)


def check_result(
    engine: sa.Engine, clock: Clock, identities: Sequence[Identity], result: str, *, actor: str
) -> Outcome:
    """Compare a result with what went out, and write the outcome down. Raises BadResult and NoSuchDrill."""
    drill, rows, opened_with = _read(result)
    listed = f"drill {drill}\n" + "".join(f"{name} {expected}\n" for name, expected, unused_inner in rows)
    with engine.begin() as connection:
        taken_out = audit.last(connection, [f"{TAKEN_OUT} {drill}"])
        if taken_out is None or not taken_out.action.endswith(f" {_hash(listed)}"):
            raise NoSuchDrill(drill)
        outcome = Outcome(
            drill=drill,
            envelopes=len(rows),
            faulty=tuple(name for name, expected, inner in rows if _check(inner) != expected),
            opened_with=opened_with,
            is_working_key=opened_with in {str(one.to_public()) for one in identities},
        )
        action = f"{PASSED if outcome.passed else FAILED} {drill}"
        audit.record(connection, at=clock(), actor=actor, action=action, subject=taken_out.subject)
    return outcome


def last_passed(engine: sa.Engine) -> datetime | None:
    """When a drill passed last."""
    with reading(engine) as connection:
        found: AuditEntry | None = audit.last(connection, [PASSED])
    return found.at if found else None


def _read(result: str) -> tuple[str, list[tuple[str, str, str]], str]:
    """Drill, then name, check value and inner hash of each envelope, and the key."""
    try:
        first, *lines = [line.split() for line in result.splitlines() if line.strip()]
        word, drill = first
        opened_with = "".join(one[1] for one in lines if one[0] == "key")
        rows = [(name, expected, inner) for name, expected, inner in (one for one in lines if one[0] != "key")]
    except (ValueError, IndexError):
        raise BadResult from None
    if word != "drill" or not rows:
        raise BadResult
    return drill, rows, opened_with


def _inner(envelope: bytes, identities: Sequence[Identity]) -> str:
    return sha256(open_envelope(envelope, identities)).hexdigest()


def _check(inner: str) -> str:
    return _hash(inner)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _packed(checks: Mapping[str, SealedAnswers], listed: str, about: Mapping[str, object]) -> bytes:
    return _zip(
        {f"sealed/{name}": one.envelope for name, one in checks.items()}
        | {"expected.txt": listed.encode(), "about.json": json.dumps(about, indent=2).encode() + b"\n"}
        | {path.name: path.read_bytes() for path in sorted(_ENCLOSED.iterdir())}
    )


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
