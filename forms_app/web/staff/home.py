"""Where somebody who has logged in begins: the first page that their role may see."""

from flask import Response, make_response, redirect

from forms_app.language import gettext as _
from forms_app.web.staff.doors import ANYBODY, staff_page, visitor
from forms_app.web.staff.frame import MENU, page


@staff_page("/", any_of=ANYBODY)
def start() -> Response:
    """On to the first page of the menu."""
    for url, unused_label, roles in MENU:
        if roles & visitor().roles:
            return make_response(redirect(url, 303))
    return page("message.html", title=_("Nothing to do here yet"), sentences=[], link=None)
