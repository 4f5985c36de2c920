"""Taking a case out to the municipality's own archive, and signing that it is kept there."""

from flask import Response, make_response, redirect, request

from forms_app.casework.retention import EXPORTED, Archivist, NotExported
from forms_app.countries import rules_for
from forms_app.documents.pdf import PdfFailed
from forms_app.language import gettext as _
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.web.staff.case_export import export, opened_case
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import own_case


@staff_page("/case/<reference>/hand-over", any_of=CASE_WORKERS, methods=["GET", "POST"])
def hand_over(reference: str) -> Response:
    """Which files were taken out, and the form that signs for one of them."""
    found = own_case(reference)
    if request.method == "POST":
        try:
            archivist().sign_off(found.submission.reference, request.form.get("sha256", ""))
        except NotExported:
            return _shown(reference, status=422, problem=_("Choose the file that is kept in the archive."))
        return make_response(redirect(f"/staff/case/{found.submission.reference}/hand-over", 303))
    return _shown(reference)


@staff_page("/case/<reference>/whole.zip", any_of=CASE_WORKERS)
def whole_case(reference: str) -> Response:
    """The case with its papers as one file."""
    case = opened_case(reference)
    try:
        content = export(case)
    except PdfFailed:
        return _shown(reference, status=503, notice=_("The file could not be made. Try again."))
    return zip_answer(content, case.reference)


def zip_answer(content: bytes, reference: str) -> Response:
    """The file, to be saved under the reference."""
    response = make_response(content)
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}.zip"'
    return response


def archivist() -> Archivist:
    """Who signs off and erases here."""
    services = office()
    place = services.deployment.municipality(visitor().municipality)
    return Archivist(
        engine=services.engine,
        clock=services.clock,
        zone=rules_for(place.country).time_zone,
        rules=services.deployment.retention,
        actor=visitor().actor,
    )


def _shown(reference: str, *, status: int = 200, notice: str = "", problem: str = "") -> Response:
    found = own_case(reference)
    subject = str(found.submission.id)
    with reading(office().engine) as connection:
        trail = audit.entries(connection, subject)
    taken_out = [(one.at, one.action.rpartition(" ")[2]) for one in trail if one.action.startswith(f"{EXPORTED} ")]
    signed = [(one.at, one.action.rpartition(" ")[2]) for one in trail if one.action.startswith("signed off ")]
    place = office().deployment.municipality(found.case.municipality)
    return page(
        "hand_over.html",
        title=_("Hand over %(reference)s", reference=found.submission.reference),
        status=status,
        notice=notice,
        problem=problem,
        reference=found.submission.reference,
        taken_out=list(reversed(taken_out)),
        signed=signed,
        zone=rules_for(place.country).time_zone,
    )
