"""One case: what it says, what it waits for, and what has been done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from forms_app.casework.deeds import STATUS_NAMES
from forms_app.casework.opening import Erased
from forms_app.casework.status import CaseHistory
from forms_app.errors import PortalError
from forms_app.intake.timeline import STATUS_TEXTS
from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch
from forms_app.storage.tables import AnsweredBy, CaseStatus
from forms_app.web.staff.case_told import tell
from forms_app.web.staff.colleagues import case_workers
from forms_app.web.staff.doors import CASE_WORKERS, blueprint, staff_page, visitor
from forms_app.web.staff.family_told import family_of
from forms_app.web.staff.frame import page
from forms_app.web.staff.own_case import opened_for, own_case
from forms_app.web.staff.words import ANSWERED_BY_NAMES

DONE = {
    "assigned": _("The case has been given to a case worker."),
    "released": _("The case has been let go of."),
    "status": _("It is said. The sender reads it on the status page."),
    "note": _("The note is kept."),
    "confirmed": _("It is written down that the right to act is confirmed."),
    "unconfirmed": _("The confirmation has been taken back."),
    "met": _("It is written down as done."),
    "joined": _("The cases are joined."),
    "parted": _("The case has been taken out of the family."),
    "same": _("It stood so already. Nothing was changed."),
}
"""What has just been done, by the word in the address."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody typed on the page that could not be taken, and why; `where` is the field to mend."""

    where: str = ""
    problem: str = ""
    values: dict[str, str] = field(default_factory=dict)


@staff_page("/case/<reference>", any_of=CASE_WORKERS)
def case_page(reference: str) -> Response:
    """The whole case; that it was opened is written down first."""
    return show_case(own_case(reference))


def show_case(known: CaseHistory, typed: Typed | None = None) -> Response:
    """The page, with what was `typed` on it where that could not be taken."""
    told = tell(opened_for(known), known)
    return page(
        "case.html",
        title=told.name,
        status=422 if typed else 200,
        known=known,
        done=str(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
        typed=typed or Typed(),
        choices=_choices(known),
        told=told,
        family=family_of(known),
    )


_NOT_SHOWN: Mapping[type[PortalError], tuple[Any, Any]] = {
    Erased: (_("This case is erased"), _("Its content was handed over and erased here.")),
    BindingMismatch: (
        _("This case cannot be shown"),
        _(
            "Its content does not belong to it: something in the database was swapped or changed. Nothing of it is "
            "shown. Tell those who run the service at once, and give them the reference."
        ),
    ),
    CannotOpen: (
        _("This case cannot be shown"),
        _(
            "No key of this service opens it: it was sealed to another key, or its bytes have changed. Tell those who "
            "run the service, and give them the reference."
        ),
    ),
}


@blueprint.errorhandler(Erased)
@blueprint.errorhandler(BindingMismatch)
@blueprint.errorhandler(CannotOpen)
def _not_shown(error: PortalError) -> Response:
    """Never any data, on whichever page: it is erased, it does not belong here, or no key opens it."""
    title, sentence = _NOT_SHOWN[type(error)]
    reference = (request.view_args or {})["reference"]
    sentences = [str(sentence), gettext("Reference: %(reference)s", reference=reference)]
    link = ("/staff/inbox", gettext("Back to the inbox"))
    return page("message.html", title=str(title), status=409, sentences=sentences, link=link)


def _choices(known: CaseHistory) -> dict[str, list[tuple[str, str]]]:
    """What the menus of the page offer, by name."""
    people = case_workers(known.case.municipality)
    return {
        "to": [(str(one.id), one.name) for one in people if one.id not in (visitor().id, known.case.assignee)],
        "status": [(key, str(STATUS_NAMES[key])) for key in CaseStatus],
        "text": [("", gettext("No sentence")), *((key, str(words)) for key, words in STATUS_TEXTS.items())],
        "by": [("", gettext("Choose")), *((key, str(ANSWERED_BY_NAMES[key])) for key in AnsweredBy)],
    }
