"""The blocks that pages do not write but name: `{{ contacts }}`, `{{ sources }}`, `{{ deadlines }}` and the others."""

from collections.abc import Callable, Iterator, Mapping
from html import escape

from forms_app.language import Language
from forms_app.municipality import Contact, Deployment, Municipality
from guidance import before, tables
from guidance.labels import labels
from guidance.pages import Page

_LINES = ("opening_hours", "visiting_address", "postal_address")

_TABLES: Mapping[str, Callable[[Page, Deployment], str]] = {
    "sources": tables.sources,
    "deadlines": tables.deadlines,
    "ages": tables.ages,
    "processing_times": tables.processing_times,
}


def block(name: str, page: Page, deployment: Deployment) -> str:
    """What the block of that name (references.BLOCK_NAMES) says on this page: tables in Markdown, all else in HTML."""
    if make := _TABLES.get(name):
        return make(page, deployment)
    kind, _, form_key = name.partition(".")
    if kind == "before":
        return "".join(before.block(form_key, page.language, country, deployment) for country in page.countries)
    return contact_cards(page, deployment)


def contact_cards(page: Page, deployment: Deployment) -> str:
    """One card for each municipality under the law of the page's countries."""
    receivers = [one for country in page.countries for one in deployment.of_country(country)]
    cards = "".join(_card(one, page.language) for one in receivers)
    return f'<ul class="contacts">{cards}</ul>'


def _card(municipality: Municipality, language: Language) -> str:
    words = labels(language)
    unit = municipality.coordinating_unit[language]
    contact = municipality.contact
    facts = "".join(f"<div><dt>{words[key]}</dt><dd>{value}</dd></div>" for key, value in _facts(contact))
    known = f"<dl>{facts}</dl>" if facts else f'<p class="contact__missing">{words["contact_missing"]}</p>'
    return (
        f'<li class="contact"><p class="contact__name">{escape(municipality.name)}</p>'
        f"<p>{escape(unit[:1].upper() + unit[1:])}</p>{known}</li>"
    )


def _facts(contact: Contact) -> Iterator[tuple[str, str]]:
    if contact.phone:
        number = "".join(sign for sign in contact.phone if sign.isdigit() or sign == "+")
        yield "phone", f'<a href="tel:{number}">{escape(contact.phone)}</a>'
    if contact.email:
        yield "email", f'<a href="mailto:{escape(contact.email)}">{escape(contact.email)}</a>'
    for key in _LINES:
        if text := getattr(contact, key):
            yield key, escape(text).replace("\n", "<br>")
    if contact.website:
        yield "website", f'<a href="{escape(contact.website)}">{escape(contact.website)}</a>'
