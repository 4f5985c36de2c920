"""What is stored, as the books need it: counted by day and municipality, and one by one where the counts do not agree.

A day is one of UTC, as in the issue journal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from forms_app.storage.casework_tables import acknowledgements, sign_offs
from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.functions import digest_of
from forms_app.storage.tables import cases, deliveries, follow_ups, submissions

_ASKED_AT_ONCE = 500


class Standing(StrEnum):
    """Where something that was sent is."""

    WAITING = "waiting"
    """Something is still owed of it, or was given up."""
    HANDED_OVER = "handed_over"
    ERASED = "erased"
    """After it was proven that the municipality has it."""
    UNPROVEN = "unproven"
    """Erased, and nothing proves that, or something is still owed of it."""
    NOWHERE = "nowhere"
    """Nothing is owed of it, and nothing says that anybody got it."""


class Page(NamedTuple):
    """A page of the books."""

    day: date
    municipality: str


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What stands on one page. `digest` is the sum of the digests of its rows, and `taken_back` is a mark of some."""

    count: int
    digest: int
    standing: Mapping[Standing, int]
    taken_back: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One submission, as the books see it."""

    reference: str
    municipality: str
    accepted_at: datetime
    sealed_hash: str
    standing: Standing

    @property
    def page(self) -> Page:
        """Where it is counted."""
        return Page(self.accepted_at.astimezone(UTC).date(), self.municipality)


_STATE = {name: sa.literal_column(f"'{name}'", sa.String) for name in ("todo", "doing", "given_up", "succeeded")}
_IS_OWED = deliveries.c.state.in_([_STATE["todo"], _STATE["doing"], _STATE["given_up"]])
_OWED = (
    sa.select(
        deliveries.c.submission_id,
        sa.func.max(sa.case((_IS_OWED, 1), else_=0)).label("is_owed"),
        sa.func.max(sa.case((deliveries.c.state == _STATE["succeeded"], 1), else_=0)).label("is_delivered"),
    )
    .where(deliveries.c.kind != sa.literal_column(f"'{CONFIRMATION_MAIL}'", sa.String))
    .group_by(deliveries.c.submission_id)
    .subquery("owed")
)
_FIRST = sa.func.coalesce(follow_ups.c.follows, submissions.c.id)
# Asked only of what was erased, and of what no delivery speaks for: a CASE stops at the first that holds.
_IS_ACKNOWLEDGED = (
    sa.exists()
    .select_from(acknowledgements.join(deliveries))
    .where(deliveries.c.submission_id == submissions.c.id)
    .correlate(submissions)
)
_signed_case = cases.alias("signed_case")
_IS_SIGNED_OFF = (
    sa.exists()
    .select_from(sign_offs.join(_signed_case, _signed_case.c.id == sign_offs.c.case_id))
    # A signature counts for what had been sent by then.
    .where(_signed_case.c.submission_id == _FIRST, sign_offs.c.at >= submissions.c.accepted_at)
    .correlate(submissions, follow_ups)
)
_IS_PROVEN = sa.or_(_IS_ACKNOWLEDGED, _IS_SIGNED_OFF)
_IS_STILL_OWED = _OWED.c.is_owed == 1
_STANDING = sa.case(
    (sa.and_(submissions.c.erased_at.is_not(None), sa.or_(_IS_STILL_OWED, sa.not_(_IS_PROVEN))), Standing.UNPROVEN),
    (submissions.c.erased_at.is_not(None), Standing.ERASED),
    (_IS_STILL_OWED, Standing.WAITING),
    (_OWED.c.is_delivered == 1, Standing.HANDED_OVER),
    (_IS_PROVEN, Standing.HANDED_OVER),
    else_=Standing.NOWHERE,
).label("standing")
_ROWS = (
    sa.select(
        submissions.c.reference,
        submissions.c.municipality,
        submissions.c.accepted_at,
        submissions.c.sealed_hash,
        _STANDING,
    )
    .join_from(submissions, follow_ups, follow_ups.c.submission_id == submissions.c.id, isouter=True)
    .join(_OWED, _OWED.c.submission_id == submissions.c.id, isouter=True)
)
_TAKEN_BACK = sa.or_(cases.c.withdrawn_at.is_not(None), cases.c.revoked_at.is_not(None))


def pages(
    connection: sa.Connection, *, since: date | None = None, municipality: str | None = None
) -> dict[Page, Stored]:
    """Every page on which anything is stored."""
    stated = (
        _ROWS.add_columns(sa.case((_TAKEN_BACK, 1), else_=0).label("is_taken_back"))
        .join(cases, cases.c.submission_id == submissions.c.id, isouter=True)
        .where(*_within(since, municipality))
        .subquery("stated")
    )
    day = sa.func.date(stated.c.accepted_at, type_=sa.Date).label("day")
    query = sa.select(
        day,
        stated.c.municipality,
        sa.func.count(),
        sa.cast(sa.func.sum(digest_of(stated.c.reference, stated.c.sealed_hash)), sa.BigInteger),
        sa.func.sum(stated.c.is_taken_back),
        *(sa.func.sum(sa.case((stated.c.standing == one, 1), else_=0)) for one in Standing),
    ).group_by(day, stated.c.municipality)
    return {
        Page(on, to): Stored(
            count=count, digest=digest, standing=dict(zip(Standing, standing, strict=True)), taken_back=back
        )
        for on, to, count, digest, back, *standing in connection.execute(query)
    }


def _within(since: date | None, municipality: str | None) -> list[sa.ColumnElement[bool]]:
    found = []
    if since:
        found.append(submissions.c.accepted_at >= start_of(since))
    if municipality is not None:
        found.append(submissions.c.municipality == municipality)
    return found


def start_of(day: date) -> datetime:
    """When a day of the books begins."""
    return datetime.combine(day, time(), UTC)


def rows(connection: sa.Connection, page: Page) -> list[Row]:
    """Everything on one page."""
    end = start_of(page.day + timedelta(days=1))
    query = _ROWS.where(*_within(page.day, page.municipality), submissions.c.accepted_at < end)
    return [_row(one) for one in connection.execute(query)]


def by_reference(connection: sa.Connection, references: Collection[str]) -> dict[str, Row]:
    """Those of these that are stored anywhere, by their reference."""
    asked = sorted(references)
    found: list[Row] = []
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        query = _ROWS.where(submissions.c.reference.in_(asked[start : start + _ASKED_AT_ONCE]))
        found += [_row(one) for one in connection.execute(query)]
    return {one.reference: one for one in found}


def _row(row: Any) -> Row:
    return Row(**dict(row._mapping) | {"standing": Standing(row.standing)})
