"""Where whoever may be a program is asked to press the button once more."""

from collections.abc import Mapping

from flask import Response, request

from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.web.citizen.visit import page
from forms_app.web.post_form import PostForm


def ask_once_more(form: PostForm, languages: Mapping[Language, str], *, button: str) -> Response:
    """The button alone, with all that was posted of the form behind it."""
    kept = [(name, values) for name, values in request.form.lists() if name in form and name != "csrf_token"]
    return page("once_more.html", languages, title=_("Press once more, please"), form=form, kept=kept, button=button)
