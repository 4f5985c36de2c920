"""More documents for what was sent: chosen, looked over, and sent."""

from collections.abc import Mapping

from flask import Response, g, request
from wtforms import HiddenField

from forms_app.forms.definition import FormDefinition
from forms_app.forms.people import Attachments
from forms_app.intake import additions
from forms_app.intake.additions import Addition, NotComplete, NotWhatWasReviewed, TakenBack
from forms_app.intake.drafts import AlreadySubmitted
from forms_app.intake.parcels import Receiver
from forms_app.language import gettext as _
from forms_app.storage.limits import Counted
from forms_app.web.addresses import ADDITION, ADDITION_REVIEW, STATUS, address, in_all_languages
from forms_app.web.citizen.attachments import change_files, upload_limits
from forms_app.web.citizen.sent_case import SentCase, nobody_receives, open_case, to_code
from forms_app.web.citizen.visit import is_posted_from, mark_of, note, page
from forms_app.web.closed import is_closed
from forms_app.web.limits import refused
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm

_FORM_ID = "documents"


class SendForm(PostForm):
    """Carries what the page shows: which addition, and the hash of its files."""

    number = HiddenField()
    reviewed = HiddenField()


def view(definition: FormDefinition) -> Response:
    """Choose files. Each is kept the moment it comes, and none is sent yet."""
    case = open_case(definition)
    if case is None:
        return to_code()
    addition = _addition(case)
    if addition is None:
        return case.go()
    if case.receiver is None:
        return nobody_receives(case, ADDITION, _title())
    is_closed(case.receiver.municipality)
    form = Attachments(_posted(), context=case.context, csrf=True)
    form.files.is_required = True
    if not form.is_submitted():
        return _show(case, addition, form)
    if not is_posted_from(addition.code):
        return _show(case, addition, form, status=409, notice=_not_kept())
    try:
        return _keep(case, addition, form)
    except AlreadySubmitted:
        renewed = _addition(case)
        return _show(case, renewed, form, status=409, notice=_not_kept()) if renewed else case.go()


def review(definition: FormDefinition) -> Response:
    """Look over the files; sending them accepts exactly those."""
    case = open_case(definition)
    if case is None:
        return to_code()
    addition, receiver, form = _addition(case), case.receiver, SendForm()
    if receiver is None:
        return nobody_receives(case, ADDITION_REVIEW, _title())
    is_closed(receiver.municipality)
    if form.is_submitted() and form.validate():
        return _receive(case, form, receiver)
    if addition is None:
        return case.go()
    if not addition.draft.files:
        return case.go(ADDITION)
    return _look_over(case, addition, form, status=422 if form.errors else 200)


def _addition(case: SentCase) -> Addition | None:
    """None where the case was taken back: then nothing more is taken about it."""
    try:
        return additions.open_addition(portal().desk, case.code)
    except TakenBack:
        return None


def _keep(case: SentCase, addition: Addition, form: Attachments) -> Response:
    action, unused_colon, target = request.form.get("action", "").partition(":")
    is_ours = form.validate()
    additions.begin(portal().desk, addition)
    # As in the form: a page that names this addition came from whoever holds the code, so its files are kept.
    are_kept = change_files(addition.code, form, action if is_ours else "", target)
    renewed = _addition(case) or addition
    if not (is_ours and are_kept):
        return _show(case, renewed, form, status=422)
    if action:
        return case.go(ADDITION)
    if not renewed.draft.files:
        form.files.errors = [_("Choose at least one file first.")]
        return _show(case, renewed, form, status=422)
    return case.go(ADDITION_REVIEW)


def _receive(case: SentCase, form: SendForm, receiver: Receiver) -> Response:
    """Send, unless something must be looked at first; whatever that is, the files are as they were."""
    number = int(form.number.data) if (form.number.data or "").isdecimal() and len(form.number.data) < 6 else 0
    addition = _addition(case)
    if addition and addition.number == number and refused(Counted.SUBMISSION):
        return _look_over(case, addition, form)
    try:
        with portal().places.one():
            receipt = additions.send_addition(
                portal().desk,
                case.code,
                number,
                reviewed=form.reviewed.data or "",
                receiver=receiver,
                language=g.language,
            )
    except (NotWhatWasReviewed, NotComplete, TakenBack):
        renewed = _addition(case)
        if renewed is None:
            return case.go()
        if not renewed.draft.files:
            return case.go(ADDITION)
        return _look_over(case, renewed, form, status=409, was_changed_elsewhere=True)
    note(receipt)
    return case.go(more=f"#sent-{number}")


def _posted() -> Mapping[str, list[str]] | None:
    return {name: request.form.getlist(name) for name in request.form} if request.method == "POST" else None


def _title() -> str:
    return _("Add documents")


def _not_kept() -> str:
    return _(
        "What you had chosen before has been sent already, or this page belongs to something else that you sent. "
        "If you chose files just now, choose them again."
    )


def _show(case: SentCase, addition: Addition, form: Attachments, *, status: int = 200, notice: str = "") -> Response:
    response = page(
        "addition.html",
        in_all_languages(case.definition, ADDITION),
        title=_title(),
        status=status,
        languages_form=_FORM_ID,
        form=form,
        form_id=_FORM_ID,
        mark=mark_of(addition.code),
        csrf_failed="csrf_token" in form.errors,
        notice=notice,
        reference=case.standing.first.row.reference,
        municipality=case.municipality,
        files=addition.draft.files,
        upload_limits=upload_limits(),
        status_url=address(case.definition, STATUS, g.language),
    )
    return case.answer(response)


def _look_over(
    case: SentCase, addition: Addition, form: SendForm, *, status: int = 200, was_changed_elsewhere: bool = False
) -> Response:
    form.number.data, form.reviewed.data = str(addition.number), addition.reviewed
    response = page(
        "addition_review.html",
        in_all_languages(case.definition, ADDITION_REVIEW),
        title=_("Check the documents"),
        status=status,
        form=form,
        csrf_failed="csrf_token" in form.errors,
        was_changed_elsewhere=was_changed_elsewhere,
        reference=case.standing.first.row.reference,
        municipality=case.municipality,
        files=addition.draft.files,
        back_url=address(case.definition, ADDITION, g.language),
    )
    return case.answer(response)
