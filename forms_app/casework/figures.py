"""What a leader wants to know of a month: how much came in, how long people waited, and what lies over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

import sqlalchemy as sa

from forms_app.clock import local_date, start_of_day
from forms_app.storage import figures
from forms_app.storage.engine import reading
from forms_app.storage.figures import CaseFacts
from forms_app.storage.tables import CaseStatus

MONTHS = 13
_OVER = frozenset({CaseStatus.ANSWERED, CaseStatus.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Month:
    """What became of the cases that came in during one month; `first` is its first day.

    The waiting times are whole days from the day a case came in to the day of the answer; None where nothing has been
    answered yet. `overdue` counts the cases with a legal date that has passed, or that was met too late.
    """

    first: date
    form: str
    received: int
    opened: int
    answered: int
    median_days: int | None
    p90_days: int | None
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How it is today: open cases, those that nobody has opened or works on, and those over a legal date."""

    open: int
    unopened: int
    unassigned: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one municipality. The latest month comes first."""

    today: Standing
    months: tuple[Month, ...]


def figures_of(engine: sa.Engine, municipality: str, *, zone: str, now: datetime, form: str = "") -> Figures:
    """For this form, or for all of them one by one."""
    today = local_date(now, zone)
    first = _months_before(today.replace(day=1), MONTHS - 1)
    with reading(engine) as connection:
        found = figures.facts(connection, municipality, since=start_of_day(first, zone))
    cases = [case for case in found if form in ("", case.form)]
    recent: dict[tuple[date, str], list[CaseFacts]] = {}
    for case in cases:
        month = _came_in(case, zone).replace(day=1)
        if month >= first:
            recent.setdefault((month, case.form), []).append(case)
    months = [
        _month(month, form, recent[month, form], zone, today) for month, form in sorted(recent, key=_latest_first)
    ]
    return Figures(today=_standing(cases, today), months=tuple(months))


def nearest_rank(sorted_days: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least so many per cent do not exceed; None of nothing."""
    if not sorted_days:
        return None
    return sorted_days[max(0, ceil(len(sorted_days) * percent / 100) - 1)]


def _month(first: date, form: str, cases: Sequence[CaseFacts], zone: str, today: date) -> Month:
    waited = sorted((case.answered_on - _came_in(case, zone)).days for case in cases if case.answered_on)
    return Month(
        first=first,
        form=form,
        received=len(cases),
        opened=sum(case.opened_at is not None for case in cases),
        answered=len(waited),
        median_days=nearest_rank(waited, 50),
        p90_days=nearest_rank(waited, 90),
        overdue=sum(_is_overdue(case, today) for case in cases),
    )


def _standing(cases: Iterable[CaseFacts], today: date) -> Standing:
    still = [case for case in cases if case.status not in _OVER]
    return Standing(
        open=len(still),
        unopened=sum(case.opened_at is None for case in still),
        unassigned=sum(not case.has_assignee for case in still),
        overdue=sum(case.due_on is not None and case.due_on < today for case in still),
    )


def _is_overdue(case: CaseFacts, today: date) -> bool:
    return case.was_late or (case.status not in _OVER and case.due_on is not None and case.due_on < today)


def _came_in(case: CaseFacts, zone: str) -> date:
    return case.received_on or local_date(case.accepted_at, zone)


def _months_before(first: date, number: int) -> date:
    months = first.year * 12 + first.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)


def _latest_first(key: tuple[date, str]) -> tuple[int, str]:
    return -key[0].toordinal(), key[1]
