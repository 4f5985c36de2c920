"""What the page of a case says of the cases that belong with it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms_app.casework.assignment import seen_as
from forms_app.casework.inbox import InboxLine
from forms_app.casework.people import Likeness
from forms_app.casework.same_person import Circle
from forms_app.casework.status import CaseHistory
from forms_app.clock import local_date
from forms_app.language import current, gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.tables import CaseStatus
from forms_app.web.staff.case_told import rules_of
from forms_app.web.staff.doors import visitor
from forms_app.web.staff.inbox_lines import Desk, ShownLine, shown
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import same_person

_LIKENESS: Mapping[Likeness, Any] = {
    Likeness.NUMBER: _("The same %(number)s."),
    Likeness.OTHER_NAME: _("The same %(number)s, but another name. One of them may be mistyped."),
    Likeness.NAME: _("The same name and date of birth. One or both lack %(number)s, so it may be two people."),
}


@dataclass(frozen=True, kw_only=True)
class ShownFamily:
    """The cases it was joined with, and those that may belong with it, each with the reason. Not all could be compared
    yet where it is not `is_whole`.

    `number` is how many open cases the family has, this one counted; `seen` is who had them when the page was made.
    """

    cases: list[ShownLine]
    suggested: list[tuple[ShownLine, str]]
    is_whole: bool
    remarks: tuple[str, ...]
    number: int
    seen: str


def family_of(known: CaseHistory) -> ShownFamily:
    """In the language of the page; that names are shown is written down."""
    circle, desk = same_person().circle(known.case), desk_of_case(known)
    number = rules_of(known).national_id_name[current()]
    rows = [one.row for one in circle.family]
    return ShownFamily(
        cases=[shown(one, desk) for one in circle.family],
        suggested=[(shown(one, desk), str(_LIKENESS[why]) % {"number": number}) for one, why in circle.suggested],
        is_whole=circle.is_whole,
        remarks=tuple(_remarks(known, circle, desk.names)),
        number=sum(one is not CaseStatus.CLOSED for one in (known.case.status, *(row.status for row in rows))),
        seen=seen_as([known.case, *rows]) if rows else "",
    )


def desk_of_case(known: CaseHistory) -> Desk:
    """Today, where the case belongs."""
    rules = rules_of(known)
    with reading(office().staff) as connection:
        names = members.names(connection)
    today = local_date(office().clock(), rules.time_zone)
    return Desk(today=today, country=rules.country, names=names, member=visitor().id)


def _remarks(known: CaseHistory, circle: Circle, names: Mapping[uuid.UUID, str]) -> Iterator[str]:
    workers = {known.case.assignee, *(line.row.assignee for line in circle.family if _is_open(line))} - {None}
    if len(workers) > 1:
        found = ", ".join(sorted(_name(one, names) for one in workers))
        yield gettext("The family has more than one case worker: %(names)s. Agree on one of them.", names=found)
    for line, why in circle.suggested:
        if known.case.status is not CaseStatus.CLOSED and _is_another_s(line, known):
            name, reference = _name(line.row.assignee, names), line.row.reference
            if why is Likeness.NAME:
                yield gettext("%(name)s may work with the same person: %(reference)s.", name=name, reference=reference)
            else:
                yield gettext("%(name)s works with the same person: %(reference)s.", name=name, reference=reference)


def _is_another_s(line: InboxLine, known: CaseHistory) -> bool:
    """Whether it is open, and somebody has it who does not have this one."""
    return _is_open(line) and line.row.assignee not in (None, known.case.assignee)


def _is_open(line: InboxLine) -> bool:
    return line.row.status is not CaseStatus.CLOSED


def _name(member: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> str:
    return (names.get(member) if member else None) or gettext("Somebody who has left")
