"""What came on paper, by telephone or in a visit is keyed in through the same questions, all of them on one page.

Nothing is kept on the server until all of it is stored, sealed like what citizens send: the page itself holds what was
typed so far, and grows as the answers lead to more questions.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Response, make_response, redirect, request

from forms_app.clock import local_date, start_of_day
from forms_app.countries import rules_for
from forms_app.files.refusals import UploadRefused
from forms_app.forms.answers import FilledForm, FilledStep, fill, new_context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.rows import Rows
from forms_app.forms.text import say
from forms_app.intake import drafts, receipts, uploads
from forms_app.intake.canaries import NotConfirmed
from forms_app.intake.drafts import Draft
from forms_app.intake.receipts import Receipt
from forms_app.intake.submit import KeyedIn, NotAccepted, NotWhatWasReviewed, review_hash, submit
from forms_app.language import current, lazy_gettext
from forms_app.language import gettext as _
from forms_app.municipality import Municipality
from forms_app.sealing.codes import Code, WrongCode
from forms_app.storage.engine import DatabaseBusy
from forms_app.storage.submissions import AlreadySubmitted
from forms_app.storage.tables import Source
from forms_app.web.errors import sentence
from forms_app.web.portal import portal
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.words import FORM_NAMES, SOURCE_NAMES

MENU.append(("/staff/new", lazy_gettext("Key in"), CASE_WORKERS))

_BUSY = lazy_gettext("It could not be stored just now. Choose the files again, and press once more.")
_SOURCES = (Source.PAPER, Source.PHONE, Source.VISIT)
_NOON = timedelta(hours=12)
_OLDEST = timedelta(days=3 * 365)


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """What is on the page. `received_on` is None, and `fault` says why, where the day is none that it can have come."""

    definition: FormDefinition
    municipality: Municipality
    source: Source
    received_on: date | None
    fault: str
    filled: FilledForm


@staff_page("/new", any_of=CASE_WORKERS)
def choose_form() -> Response:
    """Which form it is."""
    return page("new.html", title=_("Key in what came otherwise"), forms=[(key, FORM_NAMES[key]) for key in FormKey])


@staff_page("/new/<form>", any_of=CASE_WORKERS, methods=["GET", "POST"])
def key_in(form: str) -> Response:
    """The questions as far as the answers lead, and storing when all is there."""
    if form not in set(FormKey):
        return make_response(redirect("/staff/new", 303))
    keyed = _read(FORMS[FormKey(form)])
    if request.method == "GET" or request.form.get("action") != "store":
        return _show(keyed)
    if keyed.fault or keyed.filled.first_gap:
        return _show(keyed, status=422)
    try:
        reference = _store(keyed)
    except UploadRefused as refusal:
        return _show(keyed, status=422, problem=sentence(refusal))
    except (NotAccepted, NotConfirmed, DatabaseBusy):
        return _show(
            keyed,
            status=503,
            problem=str(_BUSY),
        )
    return make_response(redirect(f"/staff/case/{reference}", 303))


def _read(definition: FormDefinition) -> Keyed:
    """What was posted; nothing for a page that is opened."""
    services, place = portal(), visitor().municipality
    municipality = services.deployment.municipality(place)
    zone = rules_for(municipality.country).time_zone
    now = services.desk.clock()
    received_on, fault = _received(local_date(now, zone)) if request.method == "POST" else (None, "")
    typed = {name: request.form.getlist(name) for name in request.form} | {"municipality": [place]}
    shown = {*request.form.get("shown", "").split(), "municipality"}
    # Deadlines, and whether it is late, are those of the day it came.
    at = start_of_day(received_on, zone) + _NOON if received_on else now
    context = replace(
        new_context(services.deployment.municipalities, municipality.country, at), takes_test_numbers=services.demo
    )
    # A page that takes files asks nothing that could be missing.
    asked = {step.key: typed for step in definition.steps if step.key in shown or step.takes_files}
    source = request.form.get("source", "")
    return Keyed(
        definition=definition,
        municipality=municipality,
        source=Source(source) if source in _SOURCES else Source.PAPER,
        received_on=received_on,
        fault=fault,
        filled=fill(definition, asked, context),
    )


def _received(today: date) -> tuple[date | None, str]:
    try:
        day = date(*(int(request.form.get(f"received-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None, _("Write the day it came with figures: day, month and year.")
    if not today - _OLDEST <= day <= today:
        return None, _("The day it came cannot lie after today, or years back.")
    return day, ""


def _show(keyed: Keyed, *, status: int = 200, problem: str = "") -> Response:
    steps = [one for one in keyed.filled.steps if one.step.key != "municipality"]
    for one in steps:
        _make_room(one)
    return page(
        "keying.html",
        title=str(FORM_NAMES[keyed.definition.key]),
        status=status,
        keyed=keyed,
        sources=[(key, str(SOURCE_NAMES[key])) for key in _SOURCES],
        typed={part: request.form.get(f"received-{part}", "") for part in ("day", "month", "year")},
        steps=[(one, say(one.step.title, one.context)) for one in steps],
        once=_code().shown,
        shown=" ".join(one.step.key for one in steps),
        is_complete=keyed.filled.first_gap is None and not keyed.fault,
        problem=problem,
        faulty=[question for one in steps for question in one.form.questions() if question.is_faulty],
    )


def _make_room(filled: FilledStep) -> None:
    """A list has an empty row at its end, so that it grows whenever the page is shown."""
    for question in filled.form.questions():
        if isinstance(question, Rows) and len(question.data) == len(question.rows):
            question.add_row()


def _store(keyed: Keyed) -> str:
    """Its reference. Raises UploadRefused, NotAccepted, NotConfirmed and DatabaseBusy; then nothing is kept."""
    services = portal()
    assert keyed.received_on
    engine = services.desk.engine
    code = drafts.begin(engine, keyed.definition, services.desk.clock(), code=_code())
    try:
        draft = _with_files(Draft.empty(code, keyed.definition, services.desk.clock()))
        keyed_in = KeyedIn(source=keyed.source, received_on=keyed.received_on, actor=visitor().actor)
        receipt = submit(
            replace(services.desk, keyed=keyed_in),
            draft,
            keyed.filled,
            reviewed=review_hash(keyed.filled, [file.facts for file in draft.files], current()),
            municipality=keyed.municipality,
            recipients=services.recipients[keyed.municipality.key],
            language=current(),
        )
    except (AlreadySubmitted, NotWhatWasReviewed):
        # The button was pressed twice: the first press has stored it, or is just doing so.
        return _stored_before(code)
    except (UploadRefused, NotAccepted, NotConfirmed, DatabaseBusy):
        drafts.delete(engine, code)
        raise
    return _issued(receipt)


def _stored_before(code: Code) -> str:
    receipt = receipts.find(portal().desk.engine, code)
    if receipt is None:
        raise NotAccepted
    return _issued(receipt)


def _issued(receipt: Receipt) -> str:
    """The journal knows of a reference before anybody is shown it."""
    binding = receipt.binding
    portal().journal.issue(binding.accepted_at, binding.reference, binding.municipality, receipt.sealed_hash)
    return binding.reference


def _code() -> Code:
    """Drawn when the page was opened, so that pressing twice stores once; nobody keeps it."""
    try:
        return Code.parse(request.form.get("once", ""))
    except WrongCode:
        return Code.new()


def _with_files(draft: Draft) -> Draft:
    """The draft with what was chosen on the page, each file looked into like a citizen's."""
    services = portal()
    for upload in request.files.getlist("files"):
        if upload.filename:
            uploads.keep(
                services.desk.engine,
                draft.code,
                name=upload.filename,
                content=upload.stream.read(),
                now=services.desk.clock(),
                scanner=services.scanner,
            )
    return drafts.read(services.desk.engine, draft.code) or draft
