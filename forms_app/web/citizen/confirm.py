"""The page of someone for whom another has sent a form: type the invitation code, read who has sent what, and answer.

No cookie leads back here. The code travels in the page that is posted, with a signed mark that this code was found
before: whoever has read the text is not counted among those who guess.
"""

from typing import Any

from flask import Response, current_app, g, request
from itsdangerous import Signer
from wtforms import StringField

from forms_app.forms.answers import context_of
from forms_app.forms.confirmation import Confirmation
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.intake import invitations
from forms_app.intake.canaries import NotConfirmed
from forms_app.intake.invitations import Asked, Invitation, NoLongerAsked
from forms_app.intake.parcels import NotAccepted, Receiver
from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.masthead import contact_url
from forms_app.sealing.codes import Code, WrongCode
from forms_app.storage.engine import DatabaseBusy
from forms_app.storage.limits import Counted
from forms_app.web.addresses import single_page
from forms_app.web.citizen.keeping import nothing_found
from forms_app.web.citizen.step_page import FORM_ID, posted
from forms_app.web.citizen.steps import AS_IT_STANDS
from forms_app.web.citizen.typed_code import what_is_wrong
from forms_app.web.citizen.visit import mark_of, note, page
from forms_app.web.limits import refused, uncount
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm

PAGE = single_page("confirm")
_SHOWN = "shown"
"""The field of the mark."""


class CodeForm(PostForm):
    """A code as people write it."""

    code = StringField()


def view() -> Response:
    """Ask for the code, then for the answer."""
    form = CodeForm()
    if not form.is_submitted():
        return _ask(form)
    return _answered(form) if _SHOWN in request.form else _typed(form)


def show(found: Invitation) -> Response:
    """The text of the invitation with the questions, or what has become of it."""
    return _show(found, Confirmation(None, context=_context(found)))


def _typed(form: CodeForm) -> Response:
    """The page with nothing but a code was posted."""
    if _as_it_stands() or not form.validate():
        return _ask(form)
    try:
        found = _look_up(Code.parse(form.code.data or ""))
    except WrongCode as wrong:
        return _ask(form, error=what_is_wrong(wrong))
    return show(found) if found else _ask(form, error=_nothing_found())


def _answered(form: CodeForm) -> Response:
    """The page with the text was posted."""
    found = _of_page(form)
    if found is None:
        return _ask(form, error=_nothing_found())
    answer = Confirmation(posted(), context=_context(found))
    if _as_it_stands():
        return _show(found, answer)
    if not form.validate():
        return _show(found, answer, status=422, csrf_failed=True)
    if found.is_open and not answer.validate():
        return _show(found, answer, status=422)
    return _receive(found, answer)


def _receive(found: Invitation, answer: Confirmation) -> Response:
    receiver = _receiver(found)
    if not found.is_open or receiver is None:
        return _over(found)
    try:
        invitations.answer(portal().desk, found, answer.to_json(), receiver=receiver, language=g.language)
    except NoLongerAsked:
        pass
    except (NotAccepted, NotConfirmed, DatabaseBusy):
        text = _("Your answer could not be stored just now. Nothing you wrote is lost. Press the button once more.")
        return _show(found, answer, status=503, notice=text)
    return _over(invitations.find(portal().desk.engine, found.code) or found)


def _look_up(code: Code) -> Invitation | None:
    """None where there is no such invitation, or too many codes were tried."""
    if refused(Counted.CODE):
        return None
    found = invitations.find(portal().desk.engine, code)
    if found:
        uncount(Counted.CODE)
    return found


def _of_page(form: CodeForm) -> Invitation | None:
    try:
        code = Code.parse(form.code.data or "")
    except WrongCode:
        return None
    was_shown = _signer().validate(request.form[_SHOWN]) and request.form[_SHOWN] == _mark(code)
    return invitations.find(portal().desk.engine, code) if was_shown else _look_up(code)


def _nothing_found() -> str:
    return "" if g.get("refused") else nothing_found()


def _as_it_stands() -> bool:
    """Whether a button of another language was pressed."""
    return request.form.get("action") == AS_IT_STANDS


def _signer() -> Signer:
    secret = current_app.secret_key
    assert secret
    return Signer(secret, salt="invitation")


def _mark(code: Code) -> str:
    return _signer().sign(mark_of(code)).decode()


def _context(found: Invitation) -> Context:
    first = found.first
    return context_of(portal().deployment, first.municipality, Language(first.language), first.accepted_at, {})


def _receiver(found: Invitation) -> Receiver | None:
    """None where the municipality has left the deployment."""
    municipality = portal().deployment.find(found.first.municipality)
    if municipality is None:
        return None
    return Receiver(municipality=municipality, recipients=portal().recipients[municipality.key])


def _ask(form: CodeForm, *, error: str = "") -> Response:
    csrf_failed = "csrf_token" in form.errors
    return page(
        "invited.html",
        PAGE,
        title=_("Confirm what someone has sent for you"),
        status=422 if csrf_failed or error else 200,
        languages_form=FORM_ID,
        form_id=FORM_ID,
        own_url=PAGE[g.language],
        form=form,
        error=error,
        csrf_failed=csrf_failed,
    )


def _show(
    found: Invitation, answer: Confirmation, *, status: int = 200, csrf_failed: bool = False, notice: str = ""
) -> Response:
    if found.asked is None or not found.is_open or _receiver(found) is None:
        return _over(found)
    return page(
        "invited_answer.html",
        PAGE,
        title=_("Someone has sent a form for you"),
        status=status,
        form=CodeForm(),
        answer=answer,
        has_faults=csrf_failed or bool(notice) or any(question.is_faulty for question in answer.questions()),
        csrf_failed=csrf_failed,
        notice=notice,
        **_facts(found, found.asked),
        **_of_every_page(found),
    )


def _facts(found: Invitation, asked: Asked) -> dict[str, Any]:
    context = _context(found)
    return {
        "sender": asked.sender,
        "person": asked.person,
        "form_title": say(FORMS[FormKey(found.first.form)].title, context),
        "accepted_at": found.first.accepted_at,
        "zone": context.rules.time_zone,
    }


def _of_every_page(found: Invitation) -> dict[str, Any]:
    """What leads to the same page in another language, and what all these pages say."""
    return {
        "languages_form": FORM_ID,
        "form_id": FORM_ID,
        "own_url": PAGE[g.language],
        "code": found.code.shown,
        "mark": _mark(found.code),
        "municipality": portal().deployment.name_of(found.first.municipality),
        "contact_page": contact_url(g.language),
    }


def _over(found: Invitation) -> Response:
    """That it was answered, with the reference of the answer, or that nobody waits for one."""
    receipt = invitations.receipt_of(portal().desk.engine, found)
    if receipt:
        note(receipt)
    return page(
        "invited_over.html",
        PAGE,
        title=_("The answer has been received") if receipt else _("You need not answer any more"),
        form=CodeForm(),
        receipt=receipt,
        zone=_context(found).rules.time_zone,
        **_of_every_page(found),
    )
