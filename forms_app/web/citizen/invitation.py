"""The sender's page about the invitation: the code to hand over, and whether it was answered, never how.

It stands apart from the sender's own code, so that nobody hands over the one that opens everything.
"""

from flask import Response, g, make_response

from forms_app.documents.card import invitation_card
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.forms.definition import FormDefinition
from forms_app.intake.follow_ups import invitation_of
from forms_app.language import gettext as _
from forms_app.web.addresses import INVITATION, INVITATION_CARD, STATUS, address, in_all_languages
from forms_app.web.citizen.code_page import where_typed
from forms_app.web.citizen.sent_case import SentCase, open_case, to_code
from forms_app.web.citizen.visit import page
from forms_app.web.portal import portal


def view(definition: FormDefinition, *, card_failed: bool = False) -> Response:
    """Show the code as long as somebody waits for the answer."""
    case = open_case(definition)
    if case is None:
        return to_code()
    if not case.standing.waits_for_answer:
        return case.go()
    response = page(
        "invitation.html",
        in_all_languages(definition, INVITATION),
        title=_("Invite the person to confirm"),
        status=503 if card_failed else 200,
        card_failed=card_failed,
        code=invitation_of(case.code).shown,
        typed_at=where_typed("confirm"),
        card_url=address(definition, INVITATION_CARD, g.language),
        status_url=address(definition, STATUS, g.language),
    )
    return case.answer(response)


def card(definition: FormDefinition) -> Response:
    """The invitation on a card, as a PDF; if that cannot be made, the page can be printed instead."""
    case = open_case(definition)
    if case is None:
        return to_code()
    if not case.standing.waits_for_answer:
        return case.go()
    try:
        pdf = _printed(case)
    except PdfFailed:
        return view(definition, card_failed=True)
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{INVITATION_CARD[g.language]}"'
    return case.answer(response)


def _printed(case: SentCase) -> bytes:
    blocks = invitation_card(
        code=invitation_of(case.code).shown, municipality=case.municipality, address=where_typed("confirm")
    )
    return to_pdf(blocks, language=g.language, title=_("Invitation code"), made_at=portal().desk.clock())
