"""The page that a code leads to after sending: what stands, what happens next, and the sender's own copy."""

from datetime import timedelta
from urllib.parse import quote

from flask import Response, g, make_response

from forms_app.clock import local_date
from forms_app.documents.blocks import sections
from forms_app.documents.filenames import safe_name
from forms_app.documents.follow_up import title_of
from forms_app.documents.submission import answered
from forms_app.forms.definition import FormDefinition
from forms_app.forms.taking_back import TAKING_BACK
from forms_app.forms.text import say
from forms_app.intake import status
from forms_app.intake.timeline import tell
from forms_app.language import format_date
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.web.addresses import (
    ADDITION,
    DELETE_COPY,
    FORGET,
    INVITATION,
    OWN_FILES,
    RECEIPT,
    RECEIPT_PDF,
    STATUS,
    TAKE_BACK,
    address,
    in_all_languages,
)
from forms_app.web.citizen.sent_case import SentCase, open_case, to_code
from forms_app.web.citizen.visit import is_posted_from, page
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


def view(definition: FormDefinition) -> Response:
    """Where it stands."""
    case = open_case(definition)
    if case is None:
        return to_code()
    standing, context, receiver = case.standing, case.context, case.receiver
    receipt = standing.first.receipt
    answers = receipt.answers if receipt else None
    response = page(
        "case.html",
        in_all_languages(definition, STATUS),
        title=_("What has come of what you sent"),
        form_title=say(definition.title, context),
        reference=standing.first.row.reference,
        accepted_at=standing.first.row.accepted_at,
        zone=context.rules.time_zone,
        municipality=case.municipality,
        contact=receiver.municipality.contact if receiver else None,
        told=tell(standing, context),
        is_open=not standing.case.taken_back_at and receiver is not None,
        take_back_label=say(TAKING_BACK[definition.key].title, context),
        receipt=receipt,
        sections=sections(answered(definition, context, answers, receipt.files)) if receipt and answers else [],
        files=_files(case),
        has_copy=standing.has_copy,
        waits_for_answer=standing.waits_for_answer,
        kept_until=_kept_until(case),
        urls={
            name: address(definition, place, g.language)
            for name, place in {
                "receipt": RECEIPT,
                "pdf": RECEIPT_PDF,
                "add": ADDITION,
                "take_back": TAKE_BACK,
                "invitation": INVITATION,
                "delete_copy": DELETE_COPY,
            }.items()
        },
        complaint_url=form_url(g.language, "complaint"),
        form=PostForm(),
        forget_url=address(definition, FORGET, g.language),
    )
    return case.answer(response)


def own_file(definition: FormDefinition, number: int, position: int) -> Response | None:
    """A file as it was sent; None where the sender has no copy of it."""
    case = open_case(definition)
    if case is None:
        return to_code()
    found = status.own_file(portal().desk.engine, case.standing, number, position)
    if found is None:
        return None
    response = make_response(found.content)
    response.mimetype = found.facts.kind
    name = quote(safe_name(found.facts.name))
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def delete_copy(definition: FormDefinition) -> Response:
    """Ask whether the own copy shall be deleted; sending the page deletes it."""
    case = open_case(definition)
    if case is None:
        return to_code()
    if not case.standing.has_copy:
        return case.go()
    form = PostForm()
    if form.is_submitted() and not is_posted_from(case.code):
        # The page was opened for something else that was sent.
        return case.go(DELETE_COPY)
    if form.validate_on_submit():
        status.delete_own_copy(portal().desk.engine, portal().desk.clock, case.standing)
        return case.go()
    response = page(
        "confirm.html",
        in_all_languages(definition, DELETE_COPY),
        title=_("Delete your own copy?"),
        status=422 if form.errors else 200,
        form=form,
        csrf_failed=bool(form.errors),
        mark=case.mark,
        sentences=[
            _(
                "Then you can no longer read here what you sent, nor download the files. Nobody can bring the "
                "copy back."
            ),
            _(
                "What the municipality has received stays there. You keep the receipt, and you can still see the "
                "status."
            ),
        ],
        button=_("Delete my copy"),
        status_url=address(definition, STATUS, g.language),
    )
    return case.answer(response)


def _files(case: SentCase) -> list[tuple[str, int, str, str]]:
    """Name, size, what it was sent with if that came later, and address of each file that the sender has a copy of."""
    folder = address(case.definition, OWN_FILES, g.language)
    titles = {one.number: title_of(one.kind, one.number) for one in case.standing.later}
    return [
        (file.name, file.size, titles.get(number, ""), f"{folder}/{number}/{position}")
        for number, sent in case.standing.sendings.items()
        for position, file in enumerate(sent.receipt.files if sent.receipt else (), start=1)
        if position in sent.kept
    ]


def _kept_until(case: SentCase) -> str:
    """The last day of the own copy of what was sent first."""
    receiver = case.receiver
    if receiver is None:
        return ""
    sent_on = local_date(case.standing.first.row.accepted_at, case.context.rules.time_zone)
    return format_date(sent_on + timedelta(days=receiver.municipality.own_copy_days))
