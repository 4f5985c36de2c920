"""Where somebody who has logged in begins: the first page that their role may see."""

from flask import Response, make_response, redirect

from forms_app.casework.deeds import roles_said
from forms_app.language import gettext as _
from forms_app.web.staff.doors import ANYBODY, staff_page, visitor
from forms_app.web.staff.frame import menu, page
from forms_app.web.staff.office import office


@staff_page("/", any_of=ANYBODY)
def start() -> Response:
    """On to the first page of the menu."""
    for url, unused_label, roles in menu():
        if roles & visitor().roles:
            return make_response(redirect(url, 303))
    return page("message.html", title=_("Nothing to do here yet"), sentences=[], link=None)


@staff_page("/me", any_of=ANYBODY)
def me() -> Response:
    """What whoever is logged in may do, and where."""
    deployment = office().deployment
    held = [(deployment.name_of(place), roles_said(roles)) for place, roles in sorted(visitor().member.roles.items())]
    return page("me.html", title=visitor().member.name, held=held)
