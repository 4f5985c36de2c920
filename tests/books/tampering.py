"""What somebody does to a database who knows the schema, and how the books tell of it."""

from collections.abc import Callable

import sqlalchemy as sa

from forms_app.books.closing import Books, Gap
from forms_app.storage.tables import (
    attachments,
    attempts,
    case_events,
    deadlines,
    deliveries,
    follow_ups,
    submissions,
)
from forms_app.storage.tables import cases as case_rows

Closed = Callable[..., Books]
Change = Callable[..., None]


def gaps(books: Books) -> list[tuple[Gap, str]]:
    return [(one.gap, one.reference) for one in books.findings]


def deliver(reference: str, state: str = "succeeded") -> sa.Update:
    of = sa.select(submissions.c.id).where(submissions.c.reference == reference)
    return sa.update(deliveries).where(deliveries.c.submission_id.in_(of)).values(state=state)


def delete(reference: str) -> list[sa.Delete]:
    """Without a trace, as somebody would who knows the schema."""
    of = sa.select(submissions.c.id).where(submissions.c.reference == reference)
    cases_of = sa.select(case_rows.c.id).where(case_rows.c.submission_id.in_(of))
    owed = sa.select(deliveries.c.id).where(deliveries.c.submission_id.in_(of))
    return [
        sa.delete(attempts).where(attempts.c.delivery_id.in_(owed)),
        sa.delete(deliveries).where(deliveries.c.submission_id.in_(of)),
        sa.delete(deadlines).where(deadlines.c.case_id.in_(cases_of)),
        sa.delete(case_events).where(case_events.c.case_id.in_(cases_of)),
        sa.delete(case_rows).where(case_rows.c.submission_id.in_(of)),
        sa.delete(follow_ups).where(follow_ups.c.submission_id.in_(of)),
        sa.delete(attachments).where(attachments.c.submission_id.in_(of)),
        sa.delete(submissions).where(submissions.c.reference == reference),
    ]
