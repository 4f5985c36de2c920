"""Joining cases of one person or one family, and the one list that they have then."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, request

from forms_app.casework import families
from forms_app.casework.family_list import places, printed_family
from forms_app.casework.opening import Erased, OpenedCase, UnknownReference, open_case
from forms_app.casework.status import CaseHistory
from forms_app.documents.blocks import Table
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.documents.spreadsheet import to_csv
from forms_app.language import current
from forms_app.language import gettext as _
from forms_app.references.reference import WrongReference
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch
from forms_app.storage.engine import DatabaseBusy
from forms_app.web.staff.case_deeds import again, done
from forms_app.web.staff.case_files import download, nothing_here
from forms_app.web.staff.colleagues import case_workers
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.family_told import desk_of_case
from forms_app.web.staff.frame import page
from forms_app.web.staff.inbox_lines import ShownLine, shown
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import own_case, same_person

_POST = ["POST"]
_EXPORTED = "exported the family"


@staff_page("/case/<reference>/join", any_of=CASE_WORKERS, methods=_POST)
def join_case(reference: str) -> Response:
    """Join the case with another of the same municipality."""
    known = own_case(reference)
    engine, clock, other = office().engine, office().clock, request.form.get("other", "")
    colleagues = {one.id for one in case_workers(known.case.municipality)}
    try:
        is_new = families.join(engine, clock, known, other, colleagues=colleagues, actor=visitor().actor)
    except (WrongReference, UnknownReference):
        return again(known, "other", _("No other case here has this reference. Compare it, and write it once more."))
    except DatabaseBusy:
        return again(known, "other", _("It could not be kept just now. Press the button once more."))
    return done(known, "joined" if is_new else "same")


@staff_page("/case/<reference>/leave", any_of=CASE_WORKERS, methods=_POST)
def leave_family(reference: str) -> Response:
    """Take the case out of its family."""
    known = own_case(reference)
    is_new = families.leave(office().engine, office().clock, known, actor=visitor().actor)
    return done(known, "parted" if is_new else "same")


@dataclass(frozen=True, kw_only=True)
class _FamilyList:
    """All cases of a family, and all places that help; `remarks` say what is missing."""

    cases: tuple[ShownLine, ...]
    places: Table
    remarks: tuple[str, ...]


@staff_page("/case/<reference>/family", any_of=CASE_WORKERS)
def family_page(reference: str) -> Response:
    """All cases of the family, and all places that help."""
    known = own_case(reference)
    found = _list_of(known, "opened for the family")
    if found is None:
        return nothing_here(known)
    return page("family.html", title=_("The family's list"), known=known, found=found)


@staff_page("/case/<reference>/family.csv", any_of=CASE_WORKERS)
def family_csv(reference: str) -> Response:
    """The places that help, for a spreadsheet."""
    known = own_case(reference)
    found = _list_of(known, _EXPORTED)
    if found is None:
        return nothing_here(known)
    rows = [found.places.columns, *found.places.rows, *((remark,) for remark in found.remarks)]
    return download(to_csv(rows), "text/csv", f"{known.submission.reference}-family.csv")


@staff_page("/case/<reference>/family.pdf", any_of=CASE_WORKERS)
def family_pdf(reference: str) -> Response:
    """The cases and the places, for a meeting."""
    known = own_case(reference)
    found = _list_of(known, _EXPORTED)
    if found is None:
        return nothing_here(known)
    title = _("The family's list")
    columns = (_("Case"), _("Received"), _("Where it stands"), _("Next date"), _("Case worker"))
    cases = Table(columns, tuple(tuple(_cells(one)) for one in found.cases))
    try:
        blocks = printed_family(title, cases, found.places, found.remarks)
        pdf = to_pdf(blocks, language=current(), title=title, made_at=office().clock())
    except PdfFailed:
        sentences = [_("The PDF could not be made. Print the page of the case instead.")]
        link = (f"/staff/case/{known.submission.reference}", _("Back to the case"))
        return page("message.html", title=title, status=409, sentences=sentences, link=link)
    return download(pdf, "application/pdf", f"{known.submission.reference}-family.pdf")


def _list_of(known: CaseHistory, action: str) -> _FamilyList | None:
    """None for a case that was joined with none. The trail of each case knows of the `action` before it is opened."""
    desk = desk_of_case(known)
    cases = tuple(shown(one, desk) for one in same_person().family(known.case))
    if not cases:
        return None
    opened = [(f"{one.name}, {one.reference}", _opened(one.reference, action)) for one in cases]
    remarks = tuple(
        _("The case %(name)s cannot be shown. Its places are not in the list.", name=name)
        for name, case in opened
        if case is None
    )
    return _FamilyList(cases=cases, places=places(opened, office().deployment), remarks=remarks)


def _opened(reference: str, action: str) -> OpenedCase | None:
    services = office()
    try:
        return open_case(
            services.engine,
            services.clock,
            services.identities,
            reference,
            actor=visitor().actor,
            action=action,
            is_read=False,
        )
    except (Erased, BindingMismatch, CannotOpen):
        # One that was damaged must not hide the others.
        return None


def _cells(line: ShownLine) -> Iterator[str]:
    yield f"{line.name}, {line.form}, {line.reference}"
    yield line.received
    yield line.why
    yield line.due
    yield line.assignee
