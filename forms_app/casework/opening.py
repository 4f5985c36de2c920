"""Opening one case: the audit trail knows of it before anything is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.forms.follow_up import FollowUpKind, kind_of
from forms_app.references.reference import parse_reference, whole_of
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch, OpenedSubmission, SentFile, open_everything
from forms_app.storage import attachments, audit, cases, follow_ups, submissions
from forms_app.storage.engine import reading
from forms_app.storage.submissions import Submission


class UnknownReference(PortalError):
    """No submission has this reference."""


class Erased(PortalError):
    """The submission was erased after it had been handed over; only its row is left."""


@dataclass(frozen=True, kw_only=True)
class OpenedSending:
    """One sending in clear, checked against its row; `kind` is None for the form."""

    kind: FollowUpKind | None
    submission: OpenedSubmission
    files: tuple[SentFile, ...]


@dataclass(frozen=True, kw_only=True)
class OpenedCase:
    """A submission in clear, checked against its row, and what was sent later about it, in order."""

    submission: OpenedSubmission
    files: tuple[SentFile, ...]
    later: tuple[OpenedSending, ...] = ()


def open_case(
    engine: sa.Engine,
    clock: Clock,
    identities: Sequence[Identity],
    reference: str,
    *,
    actor: str,
    action: str = "opened",
    is_read: bool = True,
) -> OpenedCase:
    """Open a case for `actor`, which is written down first; `action` says what for. What cannot be shown is written
    down too. Where only a part of it is shown, `is_read` is False: somebody must still read it.

    Raises WrongReference, UnknownReference, Erased, CannotOpen, and BindingMismatch when anything was swapped.
    """
    reference = parse_reference(reference)
    with engine.begin() as connection:
        row = submissions.by_reference(connection, reference)
        if row is None:
            raise UnknownReference(reference)
        audit.record(connection, at=clock(), actor=actor, action=action, subject=str(row.id))
    try:
        opened, news_at = _opened_case(engine, row, identities)
    except (BindingMismatch, CannotOpen):
        with engine.begin() as connection:
            audit.record(connection, at=clock(), actor=actor, action="not shown", subject=str(row.id))
        raise
    if is_read:
        with engine.begin() as connection:
            cases.mark_opened(connection, row.id, now=clock())
            if news_at:
                cases.mark_read(connection, row.id, news_at=news_at)
    return opened


def _opened_case(
    engine: sa.Engine, row: Submission, identities: Sequence[Identity]
) -> tuple[OpenedCase, datetime | None]:
    """With when the news came in that are in it."""
    with reading(engine) as connection:
        case = cases.of(connection, row.id)
        if case.municipality != row.municipality:
            # Who may see a case is read off the case, and whose it is off what was sent.
            raise BindingMismatch(f"{row.id}: municipality")
        first = _opened(connection, row, None, identities)
        later = [_opened(connection, one.submission, one.kind, identities) for one in follow_ups.of(connection, row.id)]
    for one in later:
        if whole_of(one.submission.binding.reference) != row.reference:
            raise BindingMismatch(f"{one.submission.binding.submission_id}: follows {row.reference}")
    return OpenedCase(submission=first.submission, files=first.files, later=tuple(later)), case.news_at


def _opened(
    connection: sa.Connection, row: Submission, kind: FollowUpKind | None, identities: Sequence[Identity]
) -> OpenedSending:
    sealed = attachments.sealed(connection, row.id)
    if row.answers is None or sealed is None:
        raise Erased(row.reference)
    opened, files = open_everything(row.answers, sealed, identities, expected=row.binding)
    if kind_of(opened.answers) != kind:
        raise BindingMismatch(f"{row.id}: kind")
    return OpenedSending(kind=kind, submission=opened, files=tuple(files))
