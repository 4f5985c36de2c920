"""The block about a form says what the form says, in every language and under both countries' law."""

from datetime import date
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element

import proper_html
import pytest
from babel.messages.pofile import read_po

from forms_app.countries import Country, rules_for
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.outline import Outline, outline
from forms_app.forms.registry import FORMS
from forms_app.language import Language, catalogue_folder, gettext, use
from forms_app.masthead import PAPER_SLUG, form_url
from forms_app.municipality import Deployment, load_deployment
from guidance.before import block
from guidance.references import BLOCK_NAMES

DEPLOYMENT: Deployment = load_deployment(Path(__file__).parents[2] / "portal.toml")
EVERYWHERE = pytest.mark.parametrize(
    ("form", "language", "country"),
    [(form, language, country) for form in FORMS for language in Language for country in Country],
)


def parsed(html: str) -> Element:
    """The block inside a page; raises at the first thing that is not right."""
    page = f"<!doctype html><html><head><title>x</title></head><body>{html}</body></html>"
    (body,) = proper_html.parsed(page).iter("body")
    return body


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def contains_in_order(text: str, parts: list[str]) -> bool:
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def told_of(form: FormKey, language: Language, country: Country) -> Outline:
    context = Context(rules=rules_for(country), municipalities=DEPLOYMENT.municipalities, today=date.min)
    with use(language):
        return outline(FORMS[form], context)


def english() -> set[str]:
    """Message ids of more than one word."""
    with (catalogue_folder() / "messages.pot").open("rb") as file:
        return {str(one.id) for one in read_po(file) if one.id and str(one.id).count(" ") >= 1}


@EVERYWHERE
def test_every_question_of_the_form_stands_in_the_block_in_order(
    form: FormKey, language: Language, country: Country
) -> None:
    found = words(parsed(block(form, language, country, DEPLOYMENT)))
    told = told_of(form, language, country)
    labels = [
        label
        for step in told.steps
        for label in (
            step.title,
            *(text for one in step.questions for text in (one.label, *(part.label for part in one.parts))),
        )
    ]
    assert len(labels) > 20
    assert contains_in_order(found, [*told.at_hand, told.attachments, str(told.minutes), *labels])


@EVERYWHERE
def test_nothing_in_the_block_is_english(form: FormKey, language: Language, country: Country) -> None:
    tree = parsed(block(form, language, country, DEPLOYMENT))
    said = {" ".join(text.split()) for text in tree.itertext() if text.strip()}
    assert said & english() == set()
    assert not any("%(" in text for text in said)


@EVERYWHERE
def test_the_block_keeps_the_outline_of_the_page_and_the_content_policy(
    form: FormKey, language: Language, country: Country
) -> None:
    tree = parsed(block(form, language, country, DEPLOYMENT))
    assert not [one for one in tree.iter() if one.tag in ("h1", "h2", "h3", "h4", "script", "style")]
    assert {name for one in tree.iter() for name, unused_value in one.items()} <= {"class", "href"}
    assert [one.get("href") for one in tree.iter("a")] == [form_url(language, form) + PAPER_SLUG]
    (details,) = tree.iter("details")
    assert words(next(iter(details))) != ""
    assert next(iter(details)).tag == "summary"


@EVERYWHERE
def test_what_must_be_answered_is_marked_and_nothing_else(form: FormKey, language: Language, country: Country) -> None:
    tree = parsed(block(form, language, country, DEPLOYMENT))
    with use(language):
        mark = f"({gettext('must be answered')})"
    marked = [words(one) for one in tree.iter("li") if not one.findall(".//li") and mark in words(one)]
    asked = [question for step in told_of(form, language, country).steps for question in step.questions]
    assert marked == [f"{question.label} {mark}" for question in asked if question.is_required]
    assert 0 < len(marked) < len(asked) / 2


def test_what_one_country_asks_is_not_told_in_the_other() -> None:
    norway, denmark = (unescape(block("complaint", Language.DA, one, DEPLOYMENT)) for one in Country)
    with use(Language.DA):
        suspend = gettext("I ask that the decision is not carried out until the complaint has been decided.")
    assert suspend in norway
    assert suspend not in denmark


def test_a_page_can_name_the_block_of_every_form() -> None:
    assert {f"before.{form}" for form in FORMS} <= set(BLOCK_NAMES)
