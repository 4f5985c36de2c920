"""Opening one case: the audit trail knows of it before anything is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.sealing.reference import parse_reference
from forms_app.sealing.submission import OpenedSubmission, SentFile, open_everything
from forms_app.storage import attachments, audit, cases, submissions
from forms_app.storage.engine import reading


class UnknownReference(PortalError):
    """No submission has this reference."""


class Erased(PortalError):
    """The submission was erased after it had been handed over; only its row is left."""


@dataclass(frozen=True, kw_only=True)
class OpenedCase:
    """A submission in clear, checked against its row."""

    submission: OpenedSubmission
    files: tuple[SentFile, ...]


def open_case(
    engine: sa.Engine, clock: Clock, identities: Sequence[Identity], reference: str, *, actor: str
) -> OpenedCase:
    """Open a case for `actor`, which is written down first.

    Raises WrongReference, UnknownReference, Erased, CannotOpen, and BindingMismatch when anything was swapped.
    """
    reference = parse_reference(reference)
    with engine.begin() as connection:
        row = submissions.by_reference(connection, reference)
        if row is None:
            raise UnknownReference(reference)
        audit.record(connection, at=clock(), actor=actor, action="opened", subject=str(row.id))
    with reading(engine) as connection:
        sealed = attachments.sealed(connection, row.id)
    if row.answers is None or sealed is None:
        raise Erased(reference)
    opened, files = open_everything(row.answers, sealed, identities, expected=row.binding)
    with engine.begin() as connection:
        cases.mark_opened(connection, row.id, now=clock())
    return OpenedCase(submission=opened, files=tuple(files))
