"""The citizens' pages: start, steps, review, receipt, the page where a code is typed, the self-check, and the page of
those who are invited to confirm.

Every form has the same pages, found by the words of the address: /nb/skjema/soknad/, …/om-deg, …/se-over, …/kvittering.
"""

from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from forms_app.forms.definition import FormDefinition
from forms_app.forms.registry import form_at
from forms_app.language import Language
from forms_app.masthead import SINGLE_PAGE_SLUGS, forms_folder
from forms_app.web.addresses import (
    ADDITION,
    ADDITION_REVIEW,
    CARD,
    CODE,
    DELETE,
    DELETE_COPY,
    DRAFT_PAPER,
    FORGET,
    INVITATION,
    INVITATION_CARD,
    OWN_FILES,
    PAPER,
    RECEIPT,
    RECEIPT_PDF,
    REVIEW,
    STATUS,
    TAKE_BACK,
)
from forms_app.web.citizen import (
    addition,
    case,
    code_page,
    confirm,
    deletion,
    invitation,
    paper,
    receipt,
    review,
    self_check,
    start,
    status,
    steps,
    take_back,
)

blueprint = Blueprint("citizen", __name__)

_ROOT = "/<any(nb, nn, da):language>/<any(skjema, skema):folder>"


@blueprint.url_value_preprocessor
def _read_address(unused_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the words of the address into a language and a form, or answer that the page does not exist."""
    if not values:
        return
    g.language = Language(values.pop("language"))
    if values.pop("folder") != forms_folder(g.language):
        abort(404)
    if "form" in values:
        definition = form_at(g.language, values.pop("form"))
        values["definition"] = definition or abort(404)


@blueprint.route(f"{_ROOT}/status", methods=["GET", "POST"])
def status_page() -> ResponseReturnValue:
    """Where a code is typed."""
    return status.view()


@blueprint.route(f"{_ROOT}/{SINGLE_PAGE_SLUGS['self_check'][Language.NB]}", methods=["GET", "POST"])
@blueprint.route(f"{_ROOT}/{SINGLE_PAGE_SLUGS['self_check'][Language.DA]}", methods=["GET", "POST"])
def self_check_page() -> ResponseReturnValue:
    """Whether there may be a right to a coordinator."""
    if request.path != self_check.PAGE[g.language]:
        abort(404)
    return self_check.view()


@blueprint.route(f"{_ROOT}/{SINGLE_PAGE_SLUGS['confirm'][Language.NB]}", methods=["GET", "POST"])
@blueprint.route(f"{_ROOT}/{SINGLE_PAGE_SLUGS['confirm'][Language.NN]}", methods=["GET", "POST"])
@blueprint.route(f"{_ROOT}/{SINGLE_PAGE_SLUGS['confirm'][Language.DA]}", methods=["GET", "POST"])
def confirm_page() -> ResponseReturnValue:
    """Where someone who was invited confirms what another has sent."""
    if request.path != confirm.PAGE[g.language]:
        abort(404)
    return confirm.view()


# Without the slash too: a redirect would repeat the Host header, which anyone can choose.
@blueprint.route(f"{_ROOT}/<form>/", methods=["GET", "POST"], strict_slashes=False)
def start_page(definition: FormDefinition) -> ResponseReturnValue:
    """Before the first question."""
    return start.view(definition)


@blueprint.route(f"{_ROOT}/<form>/<page>", methods=["GET", "POST"])
def form_page(definition: FormDefinition, page: str) -> ResponseReturnValue:
    """A step, or one of the pages after the last."""
    views = {
        REVIEW[g.language]: (review.view, {"GET", "POST"}),
        RECEIPT[g.language]: (receipt.view, {"GET"}),
        RECEIPT_PDF[g.language]: (receipt.pdf, {"GET"}),
        STATUS[g.language]: (case.view, {"GET"}),
        ADDITION[g.language]: (addition.view, {"GET", "POST"}),
        ADDITION_REVIEW[g.language]: (addition.review, {"GET", "POST"}),
        TAKE_BACK[g.language]: (take_back.view, {"GET", "POST"}),
        DELETE_COPY[g.language]: (case.delete_copy, {"GET", "POST"}),
        INVITATION[g.language]: (invitation.view, {"GET"}),
        INVITATION_CARD[g.language]: (invitation.card, {"GET"}),
        CODE[g.language]: (code_page.view, {"GET"}),
        CARD[g.language]: (code_page.card, {"GET"}),
        FORGET[g.language]: (code_page.forget, {"POST"}),
        DELETE[g.language]: (deletion.view, {"GET", "POST"}),
        PAPER[g.language]: (paper.view, {"GET"}),
        DRAFT_PAPER[g.language]: (paper.draft, {"GET"}),
    }
    if page in views:
        view, methods = views[page]
        return view(definition) if request.method in methods else abort(405)
    if blank := paper.blank(definition, page):
        return blank
    step = definition.step_at(g.language, page)
    return steps.view(definition, step or abort(404))


@blueprint.route(f"{_ROOT}/<form>/{OWN_FILES[Language.NB]}/<int:number>/<int:position>")
def own_file(definition: FormDefinition, number: int, position: int) -> ResponseReturnValue:
    """A file from the sender's own copy; the first number is that of the sending, and 0 is the form."""
    return case.own_file(definition, number, position) or abort(404)
