"""What is known when a citizen asks for a page of a form: their draft, how far it is filled in, and where they may
go."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request

from forms_app.forms.answers import FilledForm, fill, new_context
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, Step
from forms_app.forms.text import say
from forms_app.intake import changes, drafts, receipts
from forms_app.intake.changes import Changes
from forms_app.intake.drafts import Draft
from forms_app.intake.receipts import Receipt
from forms_app.language import Language
from forms_app.masthead import masthead, page_url
from forms_app.sealing.codes import Code
from forms_app.web.addresses import START, address
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.portal import portal


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A draft in a citizen's hands."""

    definition: FormDefinition
    code: Code
    is_shared: bool
    draft: Draft
    filled: FilledForm

    @property
    def mark(self) -> str:
        """What a page of this draft carries."""
        return mark_of(self.code)

    @property
    def changes(self) -> Changes:
        """What the form asks otherwise than when the draft was begun."""
        return changes.changes(self.draft, self.filled)

    @property
    def left_at(self) -> Step:
        """Where the citizen goes on: the first step that needs something, or the last one."""
        gap = self.filled.first_gap
        return gap.step if gap else self.filled.steps[-1].step

    def answer(self, response: Response) -> Response:
        """Send the response with the cookie's hours counted anew."""
        cookie.write(response, Kept.DRAFT, self.definition.key, self.code, is_shared=self.is_shared)
        return response

    def go(self, page: Mapping[Language, str], *, more: str = "") -> Response:
        """Send the citizen to another page of this form; `more` is what follows its path."""
        return self.answer(make_response(redirect(address(self.definition, page, g.language) + more, 303)))


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that was sent before with the code in the cookie."""

    definition: FormDefinition
    code: Code
    is_shared: bool
    receipt: Receipt


def mark_of(code: Code) -> str:
    """Names a draft on its pages, so that a page left open is not taken for one of the next draft.

    Nobody can guess it who has not seen a page of the draft.
    """
    return sha256(code.draft_id).hexdigest()[:32]


def is_posted_from(code: Code) -> bool:
    """Whether the page that is being posted was made for the draft of this code."""
    return hmac.compare_digest(request.form.get("draft", "").encode(), mark_of(code).encode())


def present_context() -> Context:
    """The context before anything is answered: the rules of where readers of this language usually live."""
    services = portal()
    country = services.deployment.usual_country(g.language)
    context = new_context(services.deployment.municipalities, country, services.desk.clock())
    return replace(context, takes_test_numbers=services.demo)


def visit(definition: FormDefinition) -> Visit | Sent | None:
    """What the cookies lead to: an unsent draft, else what was sent last, else nothing."""
    kept = cookie.read(Kept.DRAFT, definition.key)
    found = open_draft(definition, *kept) if kept else None
    return found or last_sent(definition)


def last_sent(definition: FormDefinition) -> Sent | None:
    """What was sent last from this computer, or was looked up here with its code."""
    for kept in (Kept.RECEIPT, Kept.DRAFT):
        found = cookie.read(kept, definition.key)
        receipt = receipts.find(portal().desk.engine, found[0]) if found else None
        if found and receipt and receipt.binding.form == definition.key:
            return Sent(definition=definition, code=found[0], is_shared=found[1], receipt=receipt)
    return None


def open_draft(definition: FormDefinition, code: Code, is_shared: bool) -> Visit | None:
    """The unsent draft of this form that the code opens."""
    engine = portal().desk.engine
    # The draft first: if another click sends it in between, it is seen as sent, never as a draft without answers.
    draft = drafts.read(engine, code)
    if draft is None or draft.form != definition.key or receipts.is_sent(engine, code):
        return None
    draft = changes.carried_over(definition, draft)
    filled = fill(definition, draft.typed, present_context(), unfinished=draft.unfinished)
    return Visit(definition=definition, code=code, is_shared=is_shared, draft=draft, filled=filled)


def note(receipt: Receipt) -> None:
    """Write the reference into the issue journal; to be called before anyone is shown it."""
    binding = receipt.binding
    portal().journal.issue(binding.accepted_at, binding.reference, binding.municipality, receipt.sealed_hash)


def page(
    template: str,
    languages: Mapping[Language, str],
    *,
    title: str,
    status: int = 200,
    languages_form: str = "",
    **values: Any,
) -> Response:
    """A page inside the frame that every page has; `languages` leads to the same page in each language, by way of the
    page's form of the id `languages_form` where what stands in it must come along.
    """
    frame = masthead(
        g.language,
        demo=portal().demo,
        current_path=languages[g.language],
        languages=languages,
        languages_form=languages_form,
    )
    body = render_template(
        template,
        masthead=frame,
        title=title,
        language=g.language,
        page_url=lambda key: page_url(g.language, key),
        say=say,
        **values,
    )
    return make_response(body, status)


def to_start(definition: FormDefinition, *, more: str = "") -> Response:
    """Where someone without a draft belongs; `more` is what follows the path."""
    return make_response(redirect(address(definition, START, g.language) + more, 303))
