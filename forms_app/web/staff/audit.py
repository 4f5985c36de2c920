"""The auditor's page: who did what with the cases of their municipality."""

import uuid
from datetime import date, datetime, timedelta

from flask import Response, make_response, redirect, request

from forms_app.casework import trail
from forms_app.casework.deeds import DEEDS
from forms_app.casework.trail import Wanted
from forms_app.clock import start_of_day
from forms_app.countries import rules_for
from forms_app.documents.spreadsheet import to_csv
from forms_app.language import format_moment, lazy_gettext
from forms_app.language import gettext as _
from forms_app.references.reference import WrongReference, parse_reference, whole_of
from forms_app.sealing.canonical import moment_text
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.web.staff.doors import AUDITORS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.office import office

MENU.append(("/staff/audit", lazy_gettext("Audit trail"), AUDITORS))
_FIELDS = ("since", "until", "actor", "action", "reference")
_PATTERN = "%d.%m.%Y"
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@staff_page("/audit", any_of=AUDITORS)
def audit() -> Response:
    """The entries that are looked for, the newest first."""
    names = _names()
    typed = {name: request.args.get(name, "").strip() for name in _FIELDS}
    wanted, faults = _read(typed)
    before = request.args.get("before", "")
    found = trail.page(office().engine, names, wanted, before=int(before) if before.isdecimal() else None)
    return page(
        "audit.html",
        title=_("Audit trail"),
        status=422 if faults else 200,
        typed=typed,
        kept={name: value for name, value in typed.items() if value},
        faults=faults,
        people=trail.people(office().engine, names, visitor().municipality),
        deeds=sorted(((key, str(words)) for key, words in DEEDS.items()), key=lambda one: one[1].casefold()),
        lines=found.lines,
        next=found.next,
        is_first=not before,
        moment=lambda at: format_moment(at, _zone()),
    )


@staff_page("/audit.csv", any_of=AUDITORS, methods=("POST",))
def audit_csv() -> Response:
    """Everything that is looked for, for a spreadsheet. It leaves an entry itself."""
    wanted, faults = _read({name: request.form.get(name, "").strip() for name in _FIELDS})
    if faults:
        return make_response(redirect("/staff/audit", 303))
    lines = trail.export(office().engine, office().clock, _names(), wanted, actor=visitor().actor)
    heads = [_("Time"), _("Time in UTC"), _("Who"), _("What was done"), _("Reference")]
    rows = ([format_moment(one.at, _zone()), moment_text(one.at), one.who, one.deed, one.reference] for one in lines)
    response = make_response(to_csv([heads, *rows]))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{visitor().municipality}.csv"'
    return response


def _read(typed: dict[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What is looked for, and by field what cannot be understood, which then is not looked for."""
    days = {name: _day(typed[name]) for name in ("since", "until")}
    mistyped = [name for name, day in days.items() if typed[name] and day is None]
    faults = {name: _("Write the date like this: 22.11.2026.") for name in mistyped}
    reference = ""
    try:
        reference = parse_reference(whole_of(typed["reference"])) if typed["reference"] else ""
    except WrongReference:
        faults["reference"] = _("This reference is mistyped.")
    wanted = Wanted(
        municipality=visitor().municipality,
        since=_begin(days["since"]),
        until=_begin(days["until"], days_later=1),
        actor=typed["actor"],
        action=typed["action"],
        reference=reference,
    )
    return wanted, faults


def _day(text: str) -> date | None:
    try:
        day = datetime.strptime(text, _PATTERN).date()
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year < _LAST_YEAR else None


def _begin(day: date | None, *, days_later: int = 0) -> datetime | None:
    return start_of_day(day + timedelta(days=days_later), _zone()) if day else None


def _zone() -> str:
    return rules_for(office().deployment.municipality(visitor().municipality).country).time_zone


def _names() -> dict[uuid.UUID, str]:
    with reading(office().staff) as connection:
        return members.names(connection)
