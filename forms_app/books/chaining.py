"""What the worker does with the audit trail each minute: chain what is new, sign the end, export it."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from forms_app.books.heads import HeadsFile
from forms_app.clock import Clock
from forms_app.sealing.signature import ReceiptSigner
from forms_app.sealing.trail import NO_LINK, Head, SignedHead, link
from forms_app.storage import audit_links
from forms_app.storage.audit import AuditEntry
from forms_app.storage.audit_links import Link
from forms_app.storage.engine import reading

_ENTRIES_AT_ONCE = 2_000


@dataclass(frozen=True, kw_only=True)
class Chainer:
    """Keeps the chain of one portal.

    Several workers may do it: each step is one transaction, which begins with what the others have done, and the
    database lets only one link and one head have a number.
    """

    engine: sa.Engine
    clock: Clock
    signer: ReceiptSigner
    file: HeadsFile

    def run_once(self) -> None:
        """Chain, sign and export all there is. Raises HeadsUnwritable and HeadsDamaged."""
        while self._chain_some():
            pass
        with reading(self.engine) as connection:
            missing = audit_links.heads(connection, after=self.file.last_number())
        self.file.export(missing)

    def _chain_some(self) -> bool:
        """One transaction; False where there is nothing to do, which is asked without holding up a writer."""
        with reading(self.engine) as connection:
            last = audit_links.last(connection)
            is_signed = last is None or audit_links.last_head(connection) == last.number
            if is_signed and not audit_links.waiting(connection, most=1):
                return False
        with self.engine.begin() as connection:
            links = _following(audit_links.last(connection), audit_links.waiting(connection, most=_ENTRIES_AT_ONCE))
            if links:
                audit_links.add(connection, links)
            self._sign(connection)
        return True

    def _sign(self, connection: sa.Connection) -> None:
        last = audit_links.last(connection)
        if last is None or audit_links.last_head(connection) == last.number:
            return
        head = Head(**vars(last), signed_at=self.clock(), key_id=self.signer.key_id)
        audit_links.add_head(connection, SignedHead(head=head, signature=self.signer.sign(head)))


def _following(last: Link | None, entries: Iterable[AuditEntry]) -> list[Link]:
    number, before = (last.number, last.sha256) if last else (0, NO_LINK)
    links = []
    for place, entry in enumerate(entries, start=number + 1):
        before = link(before, place, **vars(entry))
        links.append(Link(number=place, entry_id=entry.id, sha256=before))
    return links
