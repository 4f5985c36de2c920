"""What staff are told when a page is not there or something fails: in the frame and the language of their pages."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.web.post_form import PostForm
from forms_app.web.staff.doors import ANYBODY, greet, staff_page
from forms_app.web.staff.frame import page
from forms_app.web.staff.resending import resend_page

_TOO_LARGE, _BUSY = 413, 503
_PAGES: Mapping[int, tuple[Any, Any]] = {
    400: (_("Something did not work"), _("Nothing was stored. Go back, and try once more.")),
    404: (_("This page does not exist"), _("The address may be mistyped, or the page has moved.")),
    405: (_("This page does not exist"), _("The address may be mistyped, or the page has moved.")),
    _TOO_LARGE: (_("The files are too large"), _("Nothing was stored. Go back, and choose fewer or smaller files.")),
    500: (
        _("Something went wrong with us"),
        _(
            "Look whether it was done before you do it again. If it goes wrong once more, tell those who run the "
            "service."
        ),
    ),
    _BUSY: (_("We cannot take it just now"), _("Nothing was stored. Try again in a minute.")),
}


_MOVING: tuple[Any, Any] = (
    _("We are moving the service"),
    _(
        "It takes some minutes. Nothing can be stored meanwhile, and no case can be opened, for that leaves a trace. "
        "Nothing is lost."
    ),
)


@staff_page("/<path:unused_path>", any_of=ANYBODY)
def nothing_here(unused_path: str) -> Response:
    """An address that leads nowhere."""
    return trouble_page(404)


def trouble_page(status: int, *, is_moving: bool = False) -> Response:
    """What has happened, and what to do; what was typed while the database was busy can be sent again."""
    if status == _TOO_LARGE:
        # A request that is too large is refused before anybody has asked who it is from.
        greet()
    title, sentence = _MOVING if is_moving else _PAGES.get(status, _PAGES[500])
    if status == _BUSY and request.method == "POST":
        return resend_page(str(title), status=status, is_moving=is_moving)
    link = ("/staff/", gettext("To the start"))
    # What was posted may be what cannot be read.
    form = PostForm(formdata=None)
    return page("message.html", title=str(title), status=status, sentences=[str(sentence)], link=link, form=form)
