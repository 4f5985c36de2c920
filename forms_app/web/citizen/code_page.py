"""The page that shows the code, the card to print, and forgetting the code on this computer."""

from urllib.parse import urlsplit

from flask import Response, g, make_response, request

from forms_app.documents.card import card as card_blocks
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.web.addresses import CARD, CODE, DELETE, FORGET, RECEIPT, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.keeping import keeping, last_day
from forms_app.web.citizen.visit import Visit, page, to_start, visit
from forms_app.web.portal import portal
from forms_app.web.post_form import PostForm


def view(definition: FormDefinition, *, card_failed: bool = False) -> Response:
    """Shows the code on request, never otherwise before sending."""
    found = visit(definition)
    if found is None:
        return to_start(definition)
    draft = found if isinstance(found, Visit) else None
    response = page(
        "code.html",
        in_all_languages(definition, CODE),
        title=_("Your code"),
        status=503 if card_failed else 200,
        code=found.code.shown,
        card_failed=card_failed,
        typed_at=where_typed("status"),
        card_url=address(definition, CARD, g.language) if draft else None,
        keeping=keeping(draft) if draft else None,
        delete_url=address(definition, DELETE, g.language) if draft else None,
        back_url=address(definition, draft.left_at.slugs if draft else RECEIPT, g.language),
        form=PostForm(),
        forget_url=address(definition, FORGET, g.language),
    )
    return draft.answer(response) if draft else response


def card(definition: FormDefinition) -> Response:
    """The code on a card, as a PDF; if that cannot be made, the page with the code can be printed instead."""
    found = visit(definition)
    if not isinstance(found, Visit):
        return to_start(definition)
    title = say(definition.title, found.filled.context)
    blocks = card_blocks(code=found.code.shown, form=title, address=where_typed("status"), expires_on=last_day(found))
    try:
        pdf = to_pdf(blocks, language=g.language, title=_("Your code"), made_at=portal().desk.clock())
    except PdfFailed:
        return view(definition, card_failed=True)
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{CARD[g.language]}"'
    return response


def where_typed(page_key: str) -> str:
    """The address of a single page as people type it: without what the browser puts before it."""
    site = urlsplit(portal().site_address).netloc or request.host
    return site + form_url(g.language, page_key)


def forget(definition: FormDefinition) -> Response:
    """Take the codes off this computer; whoever wrote them down can go on elsewhere."""
    response = to_start(definition)
    if PostForm().validate():
        cookie.forget(response, definition.key)
    return response
