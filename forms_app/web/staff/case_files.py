"""What can be taken out of a case: its files, the case file as PDF, and the places that help as a table."""

import io

from flask import Response, make_response, request, send_file

from forms_app.casework.bodies import bodies_of
from forms_app.casework.printing import printed_case
from forms_app.casework.status import CaseHistory
from forms_app.clock import local_date
from forms_app.documents.filenames import numbered_name
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.documents.spreadsheet import to_csv
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.language import current
from forms_app.language import gettext as _
from forms_app.sealing.submission import SentFile
from forms_app.web.staff.case_story import dates_of, file_at, is_shown_in_browser
from forms_app.web.staff.case_told import context_of_case, history_of, rules_of
from forms_app.web.staff.doors import CASE_WORKERS, staff_page
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import opened_for, own_case

_FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A file that is shown may run nothing, ask for nothing and send nothing."""


@staff_page("/case/<reference>/file/<int:number>/<int:position>", any_of=CASE_WORKERS)
def case_file_page(reference: str, number: int, position: int) -> Response:
    """A file: shown where that is safe, else, and with `?original`, to be downloaded."""
    known = own_case(reference)
    opened = opened_for(known, f"opened a file {number}-{position}")
    file = file_at(opened, number, position)
    if file is None:
        return nothing_here(known)
    if is_shown_in_browser(file) and "original" not in request.args:
        return _shown(file, position)
    return download(file.content, "application/octet-stream", numbered_name(position, file.facts.name))


@staff_page("/case/<reference>/case.pdf", any_of=CASE_WORKERS)
def case_pdf(reference: str) -> Response:
    """The case file for an archive or a printer."""
    known = own_case(reference)
    opened = opened_for(known, "printed")
    rules, now = rules_of(known), office().clock()
    dates = dates_of(known.case.deadlines, rules, local_date(now, rules.time_zone))
    blocks = printed_case(
        opened,
        office().deployment,
        dates=[(one.name, one.day, one.source) for one in dates],
        happened=[(one.when, f"{one.what} ({one.who})") for one in history_of(known)],
    )
    title = _("Case %(reference)s", reference=known.submission.reference)
    try:
        pdf = to_pdf(blocks, language=current(), title=title, made_at=now)
    except PdfFailed:
        sentences = [_("The PDF could not be made. Print the page of the case instead.")]
        link = (f"/staff/case/{known.submission.reference}", _("Back to the case"))
        return page("message.html", title=title, status=409, sentences=sentences, link=link)
    return download(pdf, "application/pdf", f"{known.submission.reference}.pdf")


@staff_page("/case/<reference>/places.csv", any_of=CASE_WORKERS)
def bodies_csv(reference: str) -> Response:
    """The places that help, for a spreadsheet."""
    known = own_case(reference)
    opened = opened_for(known, "exported the bodies")
    definition = FORMS[FormKey(opened.submission.binding.form)]
    table = bodies_of(definition, context_of_case(opened), opened.submission.answers)
    if table is None:
        return nothing_here(known)
    content = to_csv([table.columns, *table.rows])
    return download(content, "text/csv", f"{known.submission.reference}.csv")


def nothing_here(known: CaseHistory) -> Response:
    """The case is there, and what was asked for is not."""
    link = (f"/staff/case/{known.submission.reference}", _("Back to the case"))
    return page("message.html", title=_("There is nothing here."), status=404, sentences=[], link=link)


def _shown(file: SentFile, position: int) -> Response:
    """The copy that was made of it, or the file itself where that is as good."""
    content = file.content if file.cleaned is None else file.cleaned
    response = _sent(content, file.facts.kind, file, position)
    response.headers["Content-Security-Policy"] = _FILE_POLICY
    return response


def _sent(content: bytes, kind: str, file: SentFile, position: int) -> Response:
    name = numbered_name(position, file.facts.name)
    return make_response(send_file(io.BytesIO(content), mimetype=kind, download_name=name))


def download(content: bytes, kind: str, name: str) -> Response:
    """A file, to be saved under a name."""
    return make_response(send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name))
