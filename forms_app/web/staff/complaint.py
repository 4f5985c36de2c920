"""What a complaint waits for, and the page where a case worker says that it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, make_response, redirect, request

from forms_app.casework.access import NotAllowed
from forms_app.casework.complaints import (
    ComplaintOutcome,
    Handler,
    NextStep,
    NotNow,
    WrongDay,
    next_step,
)
from forms_app.clock import local_date
from forms_app.countries import CountryRules
from forms_app.documents.pdf import PdfFailed
from forms_app.forms.appeal import goes_straight_on
from forms_app.forms.definition import FormKey, StepForm
from forms_app.forms.questions import Day, OneOf, Option, Tick
from forms_app.language import current, gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.tables import AnsweredBy
from forms_app.web.staff.case_export import OwnCase, export, opened_case
from forms_app.web.staff.case_story import dates_of
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.frame import page
from forms_app.web.staff.hand_over import zip_answer
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import own_case
from forms_app.web.staff.words import ANSWERED_BY_NAMES

OUTCOMES = {
    ComplaintOutcome.UPHELD: _("Changed as the complainant asked"),
    ComplaintOutcome.PARTLY: _("Changed in part"),
    ComplaintOutcome.NOT_UPHELD: _("Not changed"),
}
_WRONG_DAY = _("The day lies before the complaint, before the step it follows, or after today.")
_MISSING_DAY = _("Write the day.")


class Reconsidered(StepForm):
    """The municipality has looked at its decision again."""

    outcome = OneOf(
        _("What became of the decision?"),
        options=[Option(value, label) for value, label in OUTCOMES.items()],
        missing=_("Choose what became of it."),
    )
    on = Day(_("On which day was the complainant told?"), missing=_MISSING_DAY)
    by = OneOf(
        _("How were they told?"),
        options=[Option(value, label) for value, label in ANSWERED_BY_NAMES.items()],
        missing=_("Choose how they were told."),
    )


class Replied(StepForm):
    """The complainant has answered, or their time has run out."""

    maintains = OneOf(
        _("Do they maintain the complaint?"),
        options=[Option("yes", _("Yes")), Option("no", _("No, or they have not answered in time"))],
        missing=_("Answer yes or no."),
    )
    on = Day(_("On which day?"), missing=_MISSING_DAY)


class Forwarded(StepForm):
    """The complaint has gone to those who decide."""

    on = Day(_("On which day was it sent on?"), missing=_MISSING_DAY)


class Shortened(StepForm):
    """The shorter time counts."""

    is_short = Tick(_("The law gives the shorter time in this kind of case."), missing=_("Tick the box if it is so."))


@dataclass(frozen=True, kw_only=True)
class _Complaint(OwnCase):
    """A complaint of the visitor's own municipality, and what it waits for."""

    step: NextStep

    @property
    def url(self) -> str:
        return f"/staff/case/{self.reference}/complaint"


@staff_page("/case/<reference>/complaint", any_of=CASE_WORKERS, methods=["GET", "POST"])
def complaint(reference: str) -> Response:
    """Where it stands, and the form for what comes next."""
    case = _own_complaint(reference)
    form = _form(case, request.form.to_dict(flat=False) if request.method == "POST" else None)
    if form is not None and request.method == "POST" and form.validate():
        try:
            _DEEDS[type(form)](_handler(case), case, form)
        except WrongDay:
            form["on"].errors = [
                gettext("The day lies before the complaint, before the step it follows, or after today.")
            ]
        except NotNow:
            now = _own_complaint(reference)
            return _shown(now, _form(now, None), status=409, notice=gettext("Somebody else has done this meanwhile."))
        else:
            return make_response(redirect(case.url, 303))
    return _shown(case, form, status=422 if form is not None and form.errors else 200)


@staff_page("/case/<reference>/complaint.zip", any_of=CASE_WORKERS)
def complaint_package(reference: str) -> Response:
    """The complaint with its papers as one file, for those who decide it."""
    case = _own_complaint(reference)
    try:
        content = export(case)
    except PdfFailed:
        return _shown(case, _form(case, None), status=503, notice=gettext("The file could not be made. Try again."))
    return zip_answer(content, case.reference)


def _shown(case: _Complaint, form: StepForm | None, *, status: int = 200, notice: str = "") -> Response:
    return page(
        "complaint.html",
        title=gettext("Complaint %(reference)s", reference=case.reference),
        status=status,
        notice=notice,
        case=case,
        step=case.step,
        question_form=form,
        dates=dates_of(case.history.case.deadlines, _rules(case), _today(case)),
        outcome=OUTCOMES[case.complaint.outcome] if case.complaint.outcome else "",
        may_shorten=case.step is NextStep.RECONSIDER and _rules(case).complaints.reconsider_short is not None,
        short_time=_short_time(case),
        goes_straight_on=goes_straight_on(case.context),
    )


def _today(case: _Complaint) -> date:
    return local_date(office().clock(), _rules(case).time_zone)


def _short_time(case: _Complaint) -> str:
    short = _rules(case).complaints.reconsider_short
    return short.phrase(current()) if short else ""


def _form(case: _Complaint, typed: Any) -> StepForm | None:
    """The form of what comes next; None where nothing does. What was typed for another step is not for this one."""
    kind = Shortened if typed and "is_short" in typed else _FORMS.get(case.step)
    return kind(typed, context=case.context) if kind else None


def _own_complaint(reference: str) -> _Complaint:
    """Raises NotAllowed for a case of another municipality, for none, and for what is no complaint."""
    if own_case(reference).submission.form != FormKey.COMPLAINT:
        raise NotAllowed(visitor().actor)
    case = opened_case(reference)
    step = next_step(case.complaint, case.context.rules, goes_straight_on=goes_straight_on(case.context))
    return _Complaint(**vars(case), step=step)


def _handler(case: _Complaint) -> Handler:
    services = office()
    return Handler(engine=services.engine, clock=services.clock, rules=_rules(case), actor=visitor().actor)


def _rules(case: _Complaint) -> CountryRules:
    return case.context.rules


def _reconsidered(handler: Handler, case: _Complaint, form: Any) -> None:
    outcome, by = ComplaintOutcome(form.outcome.data), AnsweredBy(form.by.data)
    handler.reconsider(case.reference, outcome, on=form.on.data, by=by)


def _replied(handler: Handler, case: _Complaint, form: Any) -> None:
    handler.replied(case.reference, maintains=form.maintains.data == "yes", on=form.on.data)


def _forwarded(handler: Handler, case: _Complaint, form: Any) -> None:
    on: date = form.on.data
    handler.forward(case.reference, on=on, goes_straight_on=goes_straight_on(case.context))


def _shortened(handler: Handler, case: _Complaint, unused_form: Any) -> None:
    handler.shorten(case.reference)


_FORMS: dict[NextStep, type[StepForm]] = {
    NextStep.RECONSIDER: Reconsidered,
    NextStep.REPLY: Replied,
    NextStep.FORWARD: Forwarded,
}
_DEEDS: dict[type[StepForm], Callable[[Handler, _Complaint, Any], None]] = {
    Reconsidered: _reconsidered,
    Replied: _replied,
    Forwarded: _forwarded,
    Shortened: _shortened,
}
