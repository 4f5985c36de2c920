"""The receipt as a PDF shows what the store holds, and the card shows the code."""

import json
from datetime import date

import pytest
from pdf_reading import read_pdf, squeezed
from sample_answers import DEPLOYMENT, NOW
from signed import FILES, signed_receipt

from forms_app.countries import Country
from forms_app.documents.blocks import Answered, Card, Heading
from forms_app.documents.card import card
from forms_app.documents.pdf import to_pdf
from forms_app.documents.receipt import receipt_page, receipt_pdf
from forms_app.documents.signed_receipt import FILE_NAME
from forms_app.forms.definition import FormKey
from forms_app.language import Language, gettext, use
from forms_app.municipality import Deployment
from forms_app.sealing.codes import Code

EVERY_FORM = pytest.mark.parametrize("form", list(FormKey))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))


@EVERY_LANGUAGE
@EVERY_COUNTRY
@EVERY_FORM
def test_a_receipt_shows_every_answer_and_holds_it_inside(form: FormKey, country: Country, language: Language) -> None:
    receipt = signed_receipt(form, country, language)
    reading = read_pdf(receipt_pdf(receipt, DEPLOYMENT, language))
    with use(language):
        blocks = receipt_page(receipt, DEPLOYMENT)
        told = [gettext("What happens now"), gettext("Proof of what was received"), language.own_name]
    shown = [text for one in blocks if isinstance(one, Answered) for text in (one.question, *one.lines)]
    shown += [one.text for one in blocks if isinstance(one, Heading)]
    page = squeezed(reading.text)
    assert [text for text in [*shown, *told] if "王" not in text and squeezed(text) not in page] == []
    for proof in (receipt.facts.reference, receipt.facts.content_hash, receipt.facts.key_id, FILES[0].sha256):
        assert proof in page
    assert json.loads(reading.attachments[FILE_NAME])["answers"] == receipt.answers
    assert reading.relationships == ["/Data"]
    assert receipt.facts.reference in reading.title


def test_the_same_receipt_is_the_same_file() -> None:
    receipt = signed_receipt()
    first, second = (receipt_pdf(receipt, DEPLOYMENT, Language.NB) for unused in range(2))
    assert first == second


def test_a_receipt_can_be_made_when_the_municipality_has_left() -> None:
    receipt = signed_receipt()
    remaining = [one for one in DEPLOYMENT.municipalities if one.key != receipt.facts.municipality]
    deployment = Deployment(demo=True, municipalities=tuple(remaining))
    assert "bjornafjorden" in read_pdf(receipt_pdf(receipt, deployment, Language.NN)).text


def test_a_receipt_in_another_language_than_it_was_sent_in_says_so() -> None:
    receipt = signed_receipt(language=Language.DA, country=Country.DENMARK)
    reading = read_pdf(receipt_pdf(receipt, DEPLOYMENT, Language.NB))
    assert reading.language == "nb-NO"
    assert "Dansk" in reading.text


@EVERY_LANGUAGE
def test_a_card_shows_the_code_group_by_group_and_how_to_use_it(language: Language) -> None:
    code = Code.new().shown
    with use(language):
        blocks = card(
            code=code, form="Søknad", address="https://kommune.example/nb/skjema/status", expires_on=date(2026, 12, 22)
        )
        content = to_pdf(blocks, language=language, title=gettext("Your code"), made_at=NOW)
    reading = read_pdf(content)
    assert [one.groups for one in blocks if isinstance(one, Card)] == [tuple(code.split("-"))]
    assert squeezed(code.replace("-", "")) in squeezed(reading.text)
    for text in (
        "https://kommune.example/nb/skjema/status",
        "Søknad",
        "22. december" if language == "da" else "22. desember",
    ):
        assert squeezed(text) in squeezed(reading.text)
    assert reading.pages == 1
    assert reading.tags.count("TH") == 7


def test_a_receipt_never_shows_the_code() -> None:
    blocks = receipt_page(signed_receipt(), DEPLOYMENT)
    assert not any(isinstance(one, Card) for one in blocks)
