"""Where a code is typed: it leads back to the draft, or to what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, g, make_response, redirect
from wtforms import BooleanField, StringField

from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.intake import drafts, invitations, status
from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code, WrongCode
from forms_app.storage.limits import Counted
from forms_app.web.addresses import STATUS, address, single_page
from forms_app.web.citizen import confirm, cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.keeping import how_long, nothing_found
from forms_app.web.citizen.typed_code import what_is_wrong
from forms_app.web.citizen.visit import Visit, open_draft, page, visit
from forms_app.web.limits import refused, uncount
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


class CodeForm(PostForm):
    """A code as people write it."""

    code = StringField()
    let_go = BooleanField()


def view() -> Response:
    """Ask for a code and follow it."""
    form = CodeForm()
    error = ""
    if form.validate_on_submit():
        try:
            code = Code.parse(form.code.data or "")
        except WrongCode as wrong:
            return _page(form, error=what_is_wrong(wrong))
        if not refused(Counted.CODE):
            found = _lead(code)
            if found:
                uncount(Counted.CODE)
            if found and (found.in_the_way is None or form.let_go.data):
                return found.follow()
            if found:
                return _page(form, in_the_way=found.in_the_way)
            if invited := invitations.find(portal().desk.engine, code):
                uncount(Counted.CODE)
                return confirm.show(invited)
            error = nothing_found()
    return _page(form, error=error)


def _page(form: CodeForm, *, error: str = "", in_the_way: Code | None = None) -> Response:
    return page(
        "status.html",
        single_page("status"),
        title=_("Find your draft or what you have sent"),
        status=422 if form.errors or error else 200,
        form=form,
        error=error,
        in_the_way=in_the_way.shown if in_the_way else None,
        how_long=how_long(),
        confirm_url=form_url(g.language, "confirm"),
        csrf_failed="csrf_token" in form.errors,
    )


@dataclass(frozen=True, kw_only=True)
class _Lead:
    """Where a code leads. `in_the_way` is an unsent draft of the same form whose code only this computer holds."""

    code: Code
    form: FormKey
    kept: Kept
    page: Mapping[Language, str]
    in_the_way: Code | None = None

    def follow(self) -> Response:
        response = make_response(redirect(address(self.form, self.page, g.language), 303))
        cookie.write(response, self.kept, self.form, self.code, is_shared=True)
        return response


def _lead(code: Code) -> _Lead | None:
    engine = portal().desk.engine
    standing = status.find(engine, code)
    if standing:
        return _Lead(code=code, form=FormKey(standing.first.row.form), kept=Kept.RECEIPT, page=STATUS)
    draft = drafts.read(engine, code)
    if draft is None:
        return None
    definition = FORMS[draft.form]
    resumed, present = open_draft(definition, code, is_shared=True), visit(definition)
    if resumed is None:
        return None
    is_another = isinstance(present, Visit) and present.code != code
    return _Lead(
        code=code,
        form=draft.form,
        kept=Kept.DRAFT,
        page=resumed.left_at.slugs,
        in_the_way=present.code if is_another and present else None,
    )
