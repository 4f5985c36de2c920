"""The blocks that stand for `{{ contacts }}` and `{{ sources }}`."""

from collections.abc import Iterator
from datetime import date
from html import escape

from forms_app.countries import Country, rules_for
from forms_app.language import Language, format_date, use
from forms_app.municipality import Contact, Deployment, Municipality
from guidance.labels import labels
from guidance.references import NO_BREAK

_LINES = ("opening_hours", "visiting_address", "postal_address")


def contact_cards(deployment: Deployment, countries: tuple[Country, ...], language: Language) -> str:
    """HTML: one card for each municipality under the law of these countries."""
    receivers = [one for country in countries for one in deployment.of_country(country)]
    cards = "".join(_card(one, language) for one in receivers)
    return f'<ul class="contacts">{cards}</ul>'


def statute_table(countries: tuple[Country, ...], language: Language) -> str:
    """Markdown: the laws and rules of these countries, which edition was read, and when."""
    words = labels(language)
    rows = [f"| {words['law']} | {words['version']} | {words['checked_on']} |", "|---|---|---|"]
    with use(language):
        for country in countries:
            for statute in rules_for(country).statutes.values():
                title = statute.title.replace("|", r"\|")
                version = _edition(statute.version).replace("|", r"\|")
                rows.append(f"| [{title}]({statute.address}) | {version} | {_day(statute.checked_on)} |")
    return "\n".join(rows)


def _edition(version: str) -> str:
    """A day in words, or the act's number: "1. juni 2026", "LBK 354/2025"."""
    try:
        return _day(date.fromisoformat(version))
    except ValueError:
        return version.replace(" ", NO_BREAK)


def _day(day: date) -> str:
    return format_date(day).replace(" ", NO_BREAK)


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
