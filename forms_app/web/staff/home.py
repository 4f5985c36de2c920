"""Where somebody who has logged in begins: the first page that their role may see."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect

from forms_app.casework.access import Role
from forms_app.language import lazy_gettext as _
from forms_app.web.staff.doors import ANYBODY, staff_page, visitor
from forms_app.web.staff.frame import menu, page
from forms_app.web.staff.office import office

ROLE_NAMES: Mapping[Role, Any] = {
    Role.CASE_WORKER: _("Case worker"),
    Role.UNIT_LEADER: _("Unit leader"),
    Role.AUDITOR: _("Auditor"),
}


@staff_page("/", any_of=ANYBODY)
def start() -> Response:
    """On to the first page of the menu."""
    for url, unused_label, roles in menu():
        if roles & visitor().roles:
            return make_response(redirect(url, 303))
    return page("message.html", title=str(_("Nothing to do here yet")), sentences=[], link=None)


@staff_page("/me", any_of=ANYBODY)
def me() -> Response:
    """What whoever is logged in may do, and where."""
    deployment = office().deployment
    held = [
        (deployment.name_of(place), [str(ROLE_NAMES[role]) for role in sorted(roles)])
        for place, roles in sorted(visitor().member.roles.items())
    ]
    return page("me.html", title=visitor().member.name, held=held)
