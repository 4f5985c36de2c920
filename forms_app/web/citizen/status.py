"""Where a code is typed: it leads back to the draft, or to what was sent."""

from collections.abc import Mapping

from flask import Response, g, make_response, redirect
from wtforms import StringField

from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.intake import drafts, receipts
from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.sealing.codes import Code, WrongCode
from forms_app.web.addresses import RECEIPT, address, status_in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.visit import PostForm, page
from forms_app.web.portal import portal


class CodeForm(PostForm):
    """A code as people write it."""

    code = StringField()


def view() -> Response:
    """Ask for a code and follow it."""
    form = CodeForm()
    error = ""
    if form.validate_on_submit():
        try:
            response = _follow(Code.parse(form.code.data or ""))
        except WrongCode as wrong:
            error = _what_is_wrong(wrong)
        else:
            if response:
                return response
            error = _("We find nothing for this code. If you have sent something, call the municipality.")
    return page(
        "status.html",
        status_in_all_languages(),
        title=_("Find your draft or what you have sent"),
        status=422 if form.errors or error else 200,
        form=form,
        error=error,
        csrf_failed="csrf_token" in form.errors,
    )


def _what_is_wrong(wrong: WrongCode) -> str:
    if wrong.group is None:
        return _("This is not a whole code. A code has seven groups of four letters and digits.")
    return _(
        "Probably something is wrong in group %(group)s of the code. Compare it with the code you wrote down.",
        group=wrong.group,
    )


def _follow(code: Code) -> Response | None:
    engine = portal().desk.engine
    receipt = receipts.find(engine, code)
    if receipt:
        return _go(FormKey(receipt.binding.form), code, RECEIPT)
    draft = drafts.read(engine, code)
    if draft is None:
        return None
    return _go(draft.form, code, FORMS[draft.form].steps[0].slugs)


def _go(form: FormKey, code: Code, page_of_form: Mapping[Language, str]) -> Response:
    response = make_response(redirect(address(form, page_of_form, g.language), 303))
    cookie.write(response, form, code, is_shared=True)
    return response
