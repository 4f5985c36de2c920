"""The words of the mail that confirms what was sent. Anybody may come to read it: it tells neither who sent what nor
what about, and opens nothing."""

from collections.abc import Iterator

from forms_app.countries import rules_for
from forms_app.delivery.letters import Letter
from forms_app.language import format_moment, use
from forms_app.language import gettext as _
from forms_app.masthead import form_url
from forms_app.municipality import Municipality
from forms_app.sealing.submission import Binding


def confirmation(binding: Binding, municipality: Municipality, *, site: str, demo: bool) -> Letter:
    """What is written about a submission; without the address of the `site`, its page is named and not linked to."""
    with use(binding.language):
        return Letter(
            language=binding.language,
            subject=_("We have received what you sent – reference %(reference)s", reference=binding.reference),
            text="\n\n".join(_paragraphs(binding, municipality, site, demo)) + "\n",
        )


def _paragraphs(binding: Binding, municipality: Municipality, site: str, demo: bool) -> Iterator[str]:
    if demo:
        yield _("Demo. This is not an official service. Do not send real information.")
    yield _("Hello.")
    yield _("We have received what you sent.")
    yield _lines(
        {
            _("Reference"): binding.reference,
            _("Received"): format_moment(binding.accepted_at, rules_for(municipality.country).time_zone),
            _("Municipality"): municipality.name,
        }
    )
    yield _("The receipt says what happens next. To see it again, you need the code that stands on it.")
    yield _where_the_code_is_typed(binding, site)
    yield _("We never send the code by e-mail, and nobody can give it to you if you lose it.")
    yield _questions(municipality)
    yield _(
        "Have you not sent us anything? Then someone has written your address by mistake. You need not do anything, "
        "and you can delete this e-mail."
    )
    yield _("This e-mail was sent automatically. Do not send private information by e-mail.")


def _where_the_code_is_typed(binding: Binding, site: str) -> str:
    if site:
        return _("Type the code here:") + f"\n{site}{form_url(binding.language, 'status')}"
    return _("Choose “%(page)s” on the website and type the code there.", page=_("Your submission"))


def _questions(municipality: Municipality) -> str:
    contact = {_("Phone"): municipality.contact.phone, _("E-mail"): municipality.contact.email}
    asked = _("Do you have questions? Contact the municipality and give the reference. It opens nothing by itself.")
    return "\n".join(filter(None, (asked, _lines(contact))))


def _lines(facts: dict[str, str | None] | dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
