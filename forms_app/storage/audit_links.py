"""The chain of the audit trail as it is stored.

Entries are chained in the order in which they are found, and each link has a number without a gap. On SQLite writers
take turns, so that is the order of the ids. On PostgreSQL an id is given before its transaction ends, so that 6 may be
there before 5: then 5 is chained later, under a higher number. Nothing has to know which transactions are still open,
and no entry is ever passed over. Whether an entry came later than any transaction lasts is told by the signed heads
(`books.verifying`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from forms_app.sealing.trail import Head, SignedHead
from forms_app.storage.audit import AuditEntry
from forms_app.storage.casework_tables import audit_heads, audit_links
from forms_app.storage.tables import audit

_LOOKED_BACK = 10_000
"""So many ids behind the newest that is chained, nobody is still committing."""
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link: the place of an entry in the chain, and the hash over all up to it."""

    number: int
    entry_id: int
    sha256: str


_LAST = sa.select(audit_links).order_by(audit_links.c.number.desc()).limit(1)
_LAST_ENTRY = sa.select(sa.func.coalesce(sa.func.max(audit_links.c.entry_id), 0))
_UNLINKED = (
    sa.select(audit)
    .outerjoin(audit_links, audit_links.c.entry_id == audit.c.id)
    .where(audit_links.c.number.is_(None), audit.c.id > sa.bindparam("after"))
    .order_by(audit.c.id)
)
_LINKED = (
    sa.select(audit_links.c.number, audit_links.c.entry_id, audit_links.c.sha256, audit)
    .outerjoin(audit, audit.c.id == audit_links.c.entry_id)
    .order_by(audit_links.c.number)
    .execution_options(yield_per=_ROWS_AT_ONCE)
)
_HEADS = sa.select(audit_heads).where(audit_heads.c.number > sa.bindparam("after")).order_by(audit_heads.c.number)
_LAST_HEAD = sa.select(sa.func.coalesce(sa.func.max(audit_heads.c.number), 0))


def last(connection: sa.Connection) -> Link | None:
    """The newest link."""
    row = connection.execute(_LAST).one_or_none()
    return Link(**row._mapping) if row else None


def waiting(connection: sa.Connection, *, most: int) -> list[AuditEntry]:
    """The oldest entries that no link stands for yet."""
    after = connection.execute(_LAST_ENTRY).scalar_one() - _LOOKED_BACK
    return [_entry(row._mapping) for row in connection.execute(_UNLINKED.limit(most), {"after": after})]


def unlinked(connection: sa.Connection) -> list[AuditEntry]:
    """Every entry that no link stands for, also such as nobody would chain any more."""
    return [_entry(row._mapping) for row in connection.execute(_UNLINKED, {"after": -1 << 62})]


def add(connection: sa.Connection, links: Iterable[Link]) -> None:
    """Go on with the chain; a rival's link of the same number is an IntegrityError."""
    connection.execute(sa.insert(audit_links), [vars(one) for one in links])


def chained(connection: sa.Connection) -> Iterator[tuple[Link, AuditEntry | None]]:
    """The chain from its first link, each with its entry, or None where that is gone."""
    for row in connection.execute(_LINKED):
        found = row._mapping
        one = Link(number=found["number"], entry_id=found["entry_id"], sha256=found["sha256"])
        yield one, None if found["id"] is None else _entry(found)


def last_head(connection: sa.Connection) -> int:
    """The number of the link that was signed last; 0 where none was."""
    number: int = connection.execute(_LAST_HEAD).scalar_one()
    return number


def add_head(connection: sa.Connection, signed: SignedHead) -> None:
    """Keep a head until it is exported, and afterwards."""
    connection.execute(sa.insert(audit_heads), {**vars(signed.head), "signature": signed.signature})


def heads(connection: sa.Connection, *, after: int) -> list[SignedHead]:
    """The heads that stand for more than so many entries, the oldest first."""
    return [_signed(dict(row._mapping)) for row in connection.execute(_HEADS, {"after": after})]


def _signed(fields: dict[str, Any]) -> SignedHead:
    signature = fields.pop("signature")
    return SignedHead(head=Head(**fields), signature=signature)


def _entry(fields: Any) -> AuditEntry:
    return AuditEntry(**{name: fields[name] for name in AuditEntry.__dataclass_fields__})
