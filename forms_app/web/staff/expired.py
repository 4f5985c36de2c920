"""What a case worker typed while their session ran out is shown, and is sent again after logging in."""

from flask import Response, request

from forms_app.language import gettext as _
from forms_app.language import set_current
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import office


def expired_page() -> Response:
    """Everything that was posted, in a form that posts it again to the same place."""
    set_current(office().deployment.municipalities[0].default_language)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return page(
        "expired.html",
        title=_("You have been logged out"),
        status=401,
        kept=kept,
        shown=[(name, value) for name, value in kept if "\n" in value or " " in value],
        action=request.path,
        has_files=bool(request.files),
    )
