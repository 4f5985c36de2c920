"""What was sent, in its sender's hands again: what all pages about it begin with."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, g, make_response, redirect

from forms_app.forms.answers import context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition
from forms_app.intake import status
from forms_app.intake.parcels import Receiver
from forms_app.intake.status import Standing
from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from forms_app.web.addresses import STATUS, address, in_all_languages
from forms_app.web.citizen import cookie
from forms_app.web.citizen.cookie import Kept
from forms_app.web.citizen.visit import mark_of, page
from forms_app.web.portal import portal


@dataclass(frozen=True, kw_only=True)
class SentCase:
    """A form that was sent, and everything that has come of it."""

    definition: FormDefinition
    code: Code
    is_shared: bool
    standing: Standing

    @property
    def mark(self) -> str:
        """What a page about it carries, so that one left open is not taken for one about another."""
        return mark_of(self.code)

    @property
    def municipality(self) -> str:
        """The name of the receiver."""
        return portal().deployment.name_of(self.standing.first.row.municipality)

    @property
    def receiver(self) -> Receiver | None:
        """Where more can be sent; None where the municipality has left the deployment."""
        municipality = portal().deployment.find(self.standing.first.row.municipality)
        if municipality is None:
            return None
        return Receiver(municipality=municipality, recipients=portal().recipients[municipality.key])

    @property
    def context(self) -> Context:
        """That of what was sent first, with its answers where the sender still has them."""
        row, receipt = self.standing.first.row, self.standing.first.receipt
        answers = (receipt.answers if receipt else None) or {}
        return context_of(portal().deployment, row.municipality, Language(row.language), row.accepted_at, answers)

    def answer(self, response: Response) -> Response:
        """Send the response with the cookie's hours counted anew."""
        cookie.write(response, Kept.RECEIPT, self.definition.key, self.code, is_shared=self.is_shared)
        return response

    def go(self, place: Mapping[Language, str] = STATUS, *, more: str = "") -> Response:
        """Send the citizen to another page about it."""
        return self.answer(make_response(redirect(address(self.definition, place, g.language) + more, 303)))


def open_case(definition: FormDefinition) -> SentCase | None:
    """What was sent last from this computer, or was looked up here with its code; its references are in the journal
    before anyone is shown them.
    """
    for kept in (Kept.RECEIPT, Kept.DRAFT):
        found = cookie.read(kept, definition.key)
        standing = status.find(portal().desk.engine, found[0]) if found else None
        if found and standing and standing.first.row.form == definition.key:
            _note(standing)
            return SentCase(definition=definition, code=found[0], is_shared=found[1], standing=standing)
    return None


def to_code() -> Response:
    """Where someone belongs who is not known here any more: the code leads back."""
    return make_response(redirect(form_url(g.language, "status"), 303))


def nobody_receives(case: SentCase, place: Mapping[Language, str], title: str) -> Response:
    """Said in place of a page that would send something to a municipality that has left."""
    response = page(
        "confirm.html",
        in_all_languages(case.definition, place),
        title=title,
        sentences=[
            _(
                "%(municipality)s does not receive anything through this service any more.",
                municipality=case.municipality,
            ),
            _("Contact the municipality directly, and give the reference from your receipt."),
        ],
        button=None,
        status_url=address(case.definition, STATUS, g.language),
        csrf_failed=False,
    )
    return case.answer(response)


def _note(standing: Standing) -> None:
    for sent in standing.sendings.values():
        row = sent.row
        portal().journal.issue(row.accepted_at, row.reference, row.municipality, row.sealed_hash)
