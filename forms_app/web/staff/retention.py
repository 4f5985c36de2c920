"""The leader's list of cases that have ended: what can be erased, and what stands in the way of the rest."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from forms_app.casework.retention import Obstacle
from forms_app.forms.definition import FormKey
from forms_app.language import format_date, gettext, ngettext
from forms_app.language import lazy_gettext as _
from forms_app.web.staff.doors import LEADERS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.hand_over import archivist
from forms_app.web.staff.words import FORM_NAMES

MENU.append(("/staff/retention", _("Erasing"), LEADERS))
_OBSTACLES: Mapping[Obstacle, Any] = {
    Obstacle.UNOPENED: _("Nobody has opened it. What is unopened is never erased."),
    Obstacle.NEWS: _("The sender has sent something that nobody has read."),
    Obstacle.DELIVERY: _("A hand-over to your own systems is not finished."),
    Obstacle.NO_PROOF: _("Nobody has signed that it is kept in the archive."),
    Obstacle.NO_RULE: _("No rule says how long it is kept."),
    Obstacle.NOT_DUE: _("It is not time yet."),
}


@staff_page("/retention", any_of=LEADERS, methods=["GET", "POST"])
def retention() -> Response:
    """A preview first; what is ticked there is erased when the page is sent."""
    erased: list[str] = []
    if request.method == "POST":
        erased = archivist().erase(visitor().municipality, request.form.getlist("reference"))
    lines = archivist().preview(visitor().municipality)
    return page(
        "retention.html",
        title=gettext("Erasing"),
        done=ngettext("%(num)d case was erased.", "%(num)d cases were erased.", len(erased)) if erased else "",
        asked_in_vain=request.method == "POST" and not erased,
        ready=[
            (one.case.reference, FORM_NAMES[FormKey(one.case.form)], format_date(one.due_on))
            for one in lines
            if one.obstacle is None and one.due_on
        ],
        waiting=[
            (one.case.reference, FORM_NAMES[FormKey(one.case.form)], _OBSTACLES[one.obstacle], _due(one.due_on))
            for one in lines
            if one.obstacle
        ],
    )


def _due(day: Any) -> str:
    return format_date(day) if day else "–"
