"""The lines of the inbox as people read them: why a case stands where it does comes first."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from forms_app.casework.deeds import STATUS_NAMES
from forms_app.casework.inbox import InboxLine
from forms_app.casework.people import Likeness
from forms_app.casework.same_person import KnownTo
from forms_app.clock import local_date
from forms_app.countries import Country, rules_for
from forms_app.forms.definition import FormKey
from forms_app.language import gettext, ngettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.inbox import InboxRow
from forms_app.storage.inbox_order import Flag
from forms_app.storage.tables import CaseStatus
from forms_app.web.staff.complaint_words import step_words
from forms_app.web.staff.inbox_query import ALL, InboxQuery
from forms_app.web.staff.words import FLAG_NAMES, FORM_NAMES, short_date, waited, when_due

_TAKEN_BACK, _STUCK, _UNREAD, _IN_HAND, _CLOSED = range(5)
_TITLES: Mapping[int, Any] = {
    _TAKEN_BACK: _("Taken back by the sender"),
    _STUCK: _("Did not reach your own system"),
    _UNREAD: _("Not read yet, the oldest first"),
    _IN_HAND: _("In hand, the next date first"),
    _CLOSED: _("Closed"),
}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who looks at the list, and when and where: what turns dates and ids into words."""

    today: date
    country: Country
    names: Mapping[uuid.UUID, str]
    member: uuid.UUID
    known_to: Mapping[uuid.UUID, KnownTo] = field(default_factory=dict)
    """Colleagues who work with what may be the same person, by submission."""


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """A case in words. `urgency` is "over", "soon" or "later", and is also said by `due_words`. `step` is what a
    complaint waits for, wherever it stands in the list.

    `known_to` says who works with the same person; `family` how many cases are joined, and where they are listed.
    """

    reference: str
    name: str
    by: str
    form: str
    why: str
    step: str
    is_urgent: bool
    received: str
    age: str
    due: str
    due_words: str
    urgency: str
    assignee: str
    is_mine: bool
    flags: tuple[str, ...]
    known_to: str
    family: tuple[str, str] | None


def grouped(lines: Sequence[InboxLine], desk: Desk) -> list[tuple[str, list[ShownLine]]]:
    """The lines under the headings of their ranks, in the order of the list."""
    return [
        (str(_TITLES[rank]), [shown(line, desk) for line in found])
        for rank, found in groupby(lines, key=lambda line: line.row.position.rank)
    ]


def shown(line: InboxLine, desk: Desk) -> ShownLine:
    """One line."""
    row = line.row
    received_on = row.received_on or local_date(row.accepted_at, rules_for(desk.country).time_zone)
    due_words, urgency = _due(row, desk)
    is_done = row.status in (CaseStatus.ANSWERED, CaseStatus.CLOSED)
    step = step_words(line, rules_for(desk.country), desk.today)
    why, is_urgent = _why(row, step)
    name, by = _names(line)
    return ShownLine(
        reference=row.reference,
        name=name,
        by=by,
        form=str(FORM_NAMES[FormKey(row.form)]),
        why=why,
        step=step[0],
        is_urgent=is_urgent,
        received=short_date(received_on),
        age="" if is_done else waited(received_on, desk.today, desk.country),
        due=short_date(row.next_deadline) if row.next_deadline else "",
        due_words=due_words,
        urgency=urgency,
        assignee=_assignee(row, desk),
        is_mine=row.assignee == desk.member,
        flags=tuple(_flags(row)),
        known_to=_known_to(desk.known_to.get(row.submission_id), desk),
        family=_family(row),
    )


def _due(row: InboxRow, desk: Desk) -> tuple[str, str]:
    if row.next_deadline is None or row.next_kind is None:
        return "", "later"
    return when_due(row.next_kind, row.next_deadline, desk.today, desk.country)


def _why(row: InboxRow, step: tuple[str, bool]) -> tuple[str, bool]:
    """Why it stands here, and whether that is out of the ordinary: for a complaint in hand its next step."""
    match row.position.rank:
        case 0:
            return gettext("Power of attorney revoked") if row.revoked_at else gettext("Withdrawn"), True
        case 1:
            return gettext("Handing over failed"), True
        case 2 if row.opened_at is None:
            return gettext("Not opened"), False
        case 2:
            return gettext("Something new has come"), False
    if step[0]:
        return step
    return str(STATUS_NAMES[row.status]), False


def _names(line: InboxLine) -> tuple[str, str]:
    """Whom it is about, and who sent it for them."""
    if line.summary is None:
        return gettext("Cannot be opened"), ""
    if line.row.summary is None:
        return gettext("Erased"), ""
    about = next((line.names[key] for key in ("name_of_person", "grantor_name") if key in line.names), "")
    others = [name for name in line.names.values() if name != about]
    return about or gettext("No name yet"), others[0] if others else ""


def _assignee(row: InboxRow, desk: Desk) -> str:
    if row.assignee is None:
        return gettext("Nobody")
    return desk.names.get(row.assignee) or gettext("Somebody who has left")


def _known_to(known: KnownTo | None, desk: Desk) -> str:
    if known is None:
        return ""
    name = desk.names.get(known.worker) or gettext("Somebody who has left")
    if known.likeness is Likeness.NAME:
        return gettext("%(name)s may have a case of the same person", name=name)
    return gettext("%(name)s has a case of the same person", name=name)


def _family(row: InboxRow) -> tuple[str, str] | None:
    if row.family is None:
        return None
    words = ngettext("%(num)d joined case", "%(num)d joined cases", row.family_size)
    return words, InboxQuery(status=ALL, family=str(row.family)).url()


def _flags(row: InboxRow) -> Iterator[str]:
    marks = {
        Flag.LATE: row.is_late,
        Flag.UNCONFIRMED: row.is_unconfirmed,
        Flag.UNSCANNED: row.is_unscanned,
        Flag.TAKEN_BACK: bool(row.withdrawn_at or row.revoked_at) and row.position.rank != _TAKEN_BACK,
    }
    yield from (str(FLAG_NAMES[flag]) for flag, is_set in marks.items() if is_set)
    if row.mail_given_up:
        yield gettext("Mail to the sender failed")
    if row.additions:
        yield ngettext("%(num)d addition", "%(num)d additions", row.additions)
