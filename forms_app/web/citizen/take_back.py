"""Withdrawing an application or a complaint, or revoking a power of attorney, after having been told what it means."""

from flask import Response, g

from forms_app.forms.definition import FormDefinition
from forms_app.forms.taking_back import TAKING_BACK
from forms_app.forms.text import say
from forms_app.intake import withdrawal
from forms_app.web.addresses import STATUS, TAKE_BACK, address, in_all_languages
from forms_app.web.citizen.sent_case import SentCase, nobody_receives, open_case, to_code
from forms_app.web.citizen.visit import is_posted_from, note, page
from forms_app.web.closed import is_closed
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


def view(definition: FormDefinition) -> Response:
    """Ask; sending the page takes it back."""
    case = open_case(definition)
    if case is None:
        return to_code()
    if case.standing.case.taken_back_at:
        return case.go()
    receiver = case.receiver
    if receiver is None:
        return nobody_receives(case, TAKE_BACK, _title(case))
    is_closed(receiver.municipality)
    form = PostForm()
    if form.is_submitted() and not is_posted_from(case.code):
        # The page was opened for something else that was sent.
        return case.go(TAKE_BACK)
    if form.validate_on_submit():
        note(withdrawal.take_back(portal().desk, case.code, receiver=receiver, language=g.language))
        return case.go()
    return _ask(case, form)


def _title(case: SentCase) -> str:
    return say(TAKING_BACK[case.definition.key].title, case.context)


def _ask(case: SentCase, form: PostForm) -> Response:
    response = page(
        "confirm.html",
        in_all_languages(case.definition, TAKE_BACK),
        title=_title(case),
        status=422 if form.errors else 200,
        form=form,
        csrf_failed=bool(form.errors),
        mark=case.mark,
        sentences=[say(text, case.context) for text in TAKING_BACK[case.definition.key].meaning],
        button=_title(case),
        status_url=address(case.definition, STATUS, g.language),
    )
    return case.answer(response)
