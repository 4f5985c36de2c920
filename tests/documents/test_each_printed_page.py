"""The four papers that people get, in each language: what they are to a screen reader and to an archive."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from pdf_reading import read_pdf
from sample_answers import DEPLOYMENT, NOW, everything, start
from signed import signed_receipt

from forms_app.countries import Country
from forms_app.documents.card import card
from forms_app.documents.paper import blank_context, blank_paper, filled_paper
from forms_app.documents.pdf import to_pdf
from forms_app.documents.receipt import receipt_pdf
from forms_app.documents.signed_receipt import FILE_NAME
from forms_app.forms.answers import fill
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, use
from forms_app.sealing.codes import Code

AT_HOME = {
    Language.NB: (FormKey.APPLICATION, Country.NORWAY),
    Language.NN: (FormKey.POWER_OF_ATTORNEY, Country.NORWAY),
    Language.DA: (FormKey.COMPLAINT, Country.DENMARK),
}


def _receipt(language: Language) -> bytes:
    return receipt_pdf(signed_receipt(*AT_HOME[language], language), DEPLOYMENT, language)


def _card(language: Language) -> bytes:
    blocks = card(code=Code.new().shown, form="Skjema", address="kommune.example", expires_on=date(2026, 12, 22))
    return to_pdf(blocks, language=language, title="Kode", made_at=NOW)


def _blank(language: Language) -> bytes:
    form, country = AT_HOME[language]
    context = blank_context(DEPLOYMENT, country)
    title = say(FORMS[form].title, context)
    return to_pdf(blank_paper(FORMS[form], context), language=language, title=title, made_at=NOW)


def _draft(language: Language) -> bytes:
    form, country = AT_HOME[language]
    typed = everything(form, country)
    done = {one.step.key: typed[one.step.key] for one in fill(FORMS[form], typed, start()).steps[:4]}
    filled = fill(FORMS[form], done, start())
    return to_pdf(filled_paper(filled, ()), language=language, title=say(FORMS[form].title, start()), made_at=NOW)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("paper", [_receipt, _card, _blank, _draft])
def test_it_says_what_it_is(paper: Callable[[Language], bytes], language: Language) -> None:
    with use(language):
        reading = read_pdf(paper(language))
    claims = dict(re.findall(r"(pdfa?(?:ua)?id:\w+)>([^<]+)<", reading.metadata))
    assert (claims["pdfaid:part"], claims["pdfaid:conformance"], claims["pdfuaid:part"]) == ("3", "A", "1")
    assert reading.language == language.locale.replace("_", "-")
    assert reading.title
    assert reading.shows_title
    assert reading.is_marked
    levels = [int(tag[1]) for tag in reading.tags if re.fullmatch(r"H[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert list(reading.attachments) == ([FILE_NAME] if paper is _receipt else [])
