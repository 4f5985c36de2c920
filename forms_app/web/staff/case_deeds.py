"""What can be done on the page of a case. What was typed and could not be taken is on the page again."""

import uuid
from datetime import date

from flask import Response, make_response, redirect, request

from forms_app.casework import assignment, dates, notes, power
from forms_app.casework.assignment import AssignedMeanwhile, NotAColleague
from forms_app.casework.notes import EmptyNote, NoteTooLong
from forms_app.casework.status import AnswerIncomplete, CaseHistory, Change, WrongDay, set_status
from forms_app.clock import local_date
from forms_app.language import gettext as _
from forms_app.storage.case_events import StatusText
from forms_app.storage.engine import DatabaseBusy
from forms_app.storage.tables import AnsweredBy, CaseStatus
from forms_app.web.staff.case_page import Typed, show_case
from forms_app.web.staff.case_told import rules_of
from forms_app.web.staff.colleagues import case_workers
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import own_case

_POST = ["POST"]


@staff_page("/case/<reference>/assign", any_of=CASE_WORKERS, methods=_POST)
def assign_case(reference: str) -> Response:
    """Take the case, give it to a colleague, or let go of it."""
    known, chosen = own_case(reference), request.form.get("to", "")
    to = {"me": visitor().id, "nobody": None}.get(chosen, _id(chosen))
    if to is None and chosen != "nobody":
        return again(known, "to", _("Choose who is to have the case."))
    try:
        is_new = _assign(known, to)
    except AssignedMeanwhile:
        return again(known, "to", _("Somebody else has changed who has the case meanwhile. Look again, and choose."))
    except NotAColleague:
        return again(known, "to", _("Choose who is to have the case."))
    return done(known, "same" if not is_new else "assigned" if to else "released")


def _assign(known: CaseHistory, to: uuid.UUID | None) -> bool:
    """The whole family, unless it was said that only this case is meant."""
    engine, clock, actor = office().engine, office().clock, visitor().actor
    colleagues = {one.id for one in case_workers(known.case.municipality)}
    if known.case.family and "only" not in request.form:
        seen = request.form.get("family", "")
        return assignment.assign_family(engine, clock, known.case, to, seen=seen, colleagues=colleagues, actor=actor)
    had = _id(request.form.get("seen", ""))
    return assignment.assign(engine, clock, known.case, to, seen=had, colleagues=colleagues, actor=actor)


@staff_page("/case/<reference>/status", any_of=CASE_WORKERS, methods=_POST)
def say_status(reference: str) -> Response:
    """Say where the case stands, with one of our sentences, and how and when an answer was given."""
    known = own_case(reference)
    try:
        change = _change()
    except ValueError:
        return again(known, "on", _("Write the day of the answer with figures: day, month and year."))
    try:
        is_new = set_status(office().engine, office().clock, reference, change, actor=visitor().actor)
    except AnswerIncomplete:
        if change.status is CaseStatus.ANSWERED:
            return again(known, "on", _("Say on which day the answer was given, and how."))
        return again(known, "on", _("Only what is answered has the day of an answer. Empty it, or choose answered."))
    except WrongDay:
        return again(known, "on", _("The day must lie between the day it was received and today."))
    return done(known, "status" if is_new else "same")


@staff_page("/case/<reference>/note", any_of=CASE_WORKERS, methods=_POST)
def write_note(reference: str) -> Response:
    """Keep an internal note."""
    known = own_case(reference)
    recipients = office().recipients[known.case.municipality]
    text = request.form.get("note", "")
    try:
        notes.add(office().engine, office().clock, recipients, known.case, text, actor=visitor().actor)
    except EmptyNote:
        return again(known, "note", _("Write the note first."))
    except NoteTooLong:
        return again(known, "note", _("The note is too long. Make two of it, or shorten it."))
    except DatabaseBusy:
        return again(known, "note", _("It could not be kept just now. Press the button once more."))
    return done(known, "note")


@staff_page("/case/<reference>/confirm", any_of=CASE_WORKERS, methods=_POST)
def confirm_power(reference: str) -> Response:
    """Say that somebody has found out who may act, or take that back."""
    known = own_case(reference)
    is_confirmed = request.form.get("is") == "confirmed"
    is_new = power.confirm(
        office().engine, office().clock, known.case, is_confirmed=is_confirmed, actor=visitor().actor
    )
    return done(known, "same" if not is_new else "confirmed" if is_confirmed else "unconfirmed")


@staff_page("/case/<reference>/met", any_of=CASE_WORKERS, methods=_POST)
def meet_date(reference: str) -> Response:
    """Say that what was due is done, today."""
    known, kind = own_case(reference), request.form.get("kind", "")
    today = local_date(office().clock(), rules_of(known).time_zone)
    is_new = dates.meet(office().engine, office().clock, known.case, kind, on=today, actor=visitor().actor)
    return done(known, "met" if is_new else "same")


def _change() -> Change:
    """What was chosen. Raises ValueError for a day that is none, and for a value that is not offered."""
    parts = [request.form.get(f"on-{part}", "").strip() for part in ("year", "month", "day")]
    text, by = request.form.get("text", ""), request.form.get("by", "")
    return Change(
        status=CaseStatus(request.form.get("status", "")),
        text=StatusText(text) if text else None,
        on=date(*map(int, parts)) if any(parts) else None,
        by=AnsweredBy(by) if by else None,
    )


def again(known: CaseHistory, where: str, problem: str) -> Response:
    """The page with what was typed on it, and what is wrong with the field `where`."""
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    return show_case(own_case(known.submission.reference), Typed(where=where, problem=problem, values=values))


def done(known: CaseHistory, what: str) -> Response:
    """On to the page, which says what was done."""
    return make_response(redirect(f"/staff/case/{known.submission.reference}?done={what}", 303))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
