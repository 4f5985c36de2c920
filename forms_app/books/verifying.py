"""Whether the audit trail is what was once written: everything is computed anew, from the first entry.

The chain shows where an entry was changed, removed or moved. Whoever can write to the database could compute a chain of
their own from there on; the exported heads show that, for they cannot be signed again. An entry that was put in later
is told by its time: the worker chains each minute, so what is chained after a head cannot be much older than it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from forms_app.sealing.signature import key_id_of, verify
from forms_app.sealing.trail import NO_LINK, SignedHead, link
from forms_app.storage import audit, audit_links
from forms_app.storage.audit import AuditEntry
from forms_app.storage.audit_links import Link
from forms_app.storage.engine import reading

LATE = timedelta(minutes=10)
"""Longer than any transaction lasts, with room for clocks that differ."""


class Fault(StrEnum):
    """What can be wrong; the value is how it is told."""

    CHANGED = "was changed, or what stood before it was removed"
    REMOVED = "was removed"
    GAP = "is followed by a gap: what stood after it was removed"
    REORDERED = "does not stand where it was written: entries were reordered"
    INSERTED = "was inserted afterwards: it is dated before a head that was signed without it"
    REWRITTEN = "is where a chain ends that is another than the one that was signed: something up to here was changed"
    TRUNCATED = "is the last one left, and heads were signed over more: what stood after it was removed"
    FORGED_HEAD = "is named by a head that nobody with a known key has signed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong with the entry of this id; 0 is before the first."""

    entry_id: int
    fault: Fault
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found. `covered` entries are under the newest true head, signed at `covered_at`."""

    entries: int
    heads: int
    covered: int
    covered_at: datetime | None
    findings: tuple[Finding, ...]


@dataclass
class _Walk:
    """The chain as far as it has been walked; only the first fault is kept."""

    number: int = 0
    sha256: str = NO_LINK
    last_id: int = 0
    first: Finding | None = None
    # By number: the links that heads speak of, as they stand in the database.
    reached: dict[int, Link] = field(default_factory=dict)

    def fault(self, entry_id: int, fault: Fault, detail: str = "") -> None:
        self.first = self.first or Finding(entry_id=entry_id, fault=fault, detail=detail)


def verify_trail(engine: sa.Engine, heads: Iterable[SignedHead], keys: Iterable[str]) -> Verdict:
    """Read the whole trail; `keys` are the public keys (base64) that heads may be signed with."""
    exported = list(heads)
    by_id = {key_id_of(key): key for key in keys}
    true = [one for one in exported if _is_signed(one, by_id)]
    forged = [one for one in exported if not _is_signed(one, by_id)]
    with reading(engine) as connection:
        walk = _walked(connection, true)
        loose = audit_links.unlinked(connection)
    late = _late(loose, max((one.head.signed_at for one in true), default=None))
    findings = [walk.first, late, _first_unreached(walk, true), *(_forged(one) for one in forged[:1])]
    newest = max((one.head for one in true if _reaches(walk, one)), key=lambda head: head.number, default=None)
    return Verdict(
        entries=walk.number + len(loose),
        heads=len(exported),
        covered=newest.number if newest else 0,
        covered_at=newest.signed_at if newest else None,
        findings=tuple(one for one in findings if one),
    )


def _is_signed(one: SignedHead, by_id: Mapping[str, str]) -> bool:
    key = by_id.get(one.head.key_id)
    return key is not None and verify(one.head, one.signature, key)


def _walked(connection: sa.Connection, heads: list[SignedHead]) -> _Walk:
    walk = _Walk()
    signed_at = {one.head.number: one.head.signed_at for one in heads}
    before: datetime | None = None
    for found, entry in audit_links.chained(connection):
        _step(connection, walk, found, entry)
        if entry and (late := _late([entry], before)):
            walk.first = walk.first or late
        if found.number in signed_at:
            before = max(before or signed_at[found.number], signed_at[found.number])
            walk.reached[found.number] = found
    return walk


def _step(connection: sa.Connection, walk: _Walk, found: Link, entry: AuditEntry | None) -> None:
    if found.number != walk.number + 1:
        walk.fault(walk.last_id, Fault.GAP, f"of {found.number - walk.number - 1}")
    if entry is None:
        walk.fault(found.entry_id, Fault.REMOVED)
    elif walk.first is None and link(walk.sha256, found.number, **vars(entry)) != found.sha256:
        walk.fault(entry.id, _changed_or_moved(connection, walk, found, entry))
    walk.number, walk.sha256, walk.last_id = found.number, found.sha256, found.entry_id


def _changed_or_moved(connection: sa.Connection, walk: _Walk, found: Link, entry: AuditEntry) -> Fault:
    """Whether what stood here stands elsewhere now, or what stands here stood elsewhere."""
    stored = {one.sha256 for one, unused_entry in audit_links.chained(connection)}
    for other in audit.entries(connection):
        here = link(walk.sha256, found.number, **{**vars(other), "id": entry.id})
        moved = link(walk.sha256, found.number, **vars(other))
        if found.sha256 in (here, moved) or moved in stored:
            return Fault.REORDERED
    return Fault.CHANGED


def _late(entries: Iterable[AuditEntry], head_signed_at: datetime | None) -> Finding | None:
    """The first entry that should have been under a head that was signed without it."""
    for entry in entries:
        if head_signed_at and entry.at < head_signed_at - LATE:
            return Finding(entry_id=entry.id, fault=Fault.INSERTED)
    return None


def _reaches(walk: _Walk, one: SignedHead) -> bool:
    found = walk.reached.get(one.head.number)
    return found is not None and (found.entry_id, found.sha256) == (one.head.entry_id, one.head.sha256)


def _first_unreached(walk: _Walk, heads: list[SignedHead]) -> Finding | None:
    for one in sorted(heads, key=lambda one: one.head.number):
        if _reaches(walk, one):
            continue
        if one.head.number > walk.number:
            detail = f"{one.head.number} entries were signed, {walk.number} are left"
            return Finding(entry_id=walk.last_id, fault=Fault.TRUNCATED, detail=detail)
        return Finding(entry_id=one.head.entry_id, fault=Fault.REWRITTEN)
    return None


def _forged(one: SignedHead) -> Finding:
    return Finding(entry_id=one.head.entry_id, fault=Fault.FORGED_HEAD, detail=f"key {one.head.key_id}")
