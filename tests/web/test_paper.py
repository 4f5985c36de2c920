"""Every form can be had on paper, blank or half filled in."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import docx
import pikepdf
import pytest
from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey

from forms_app.documents import blank_forms
from forms_app.documents.blank_forms import BlankForms
from forms_app.documents.pdf import PdfFailed
from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS, PAPER_SLUG, form_url
from forms_app.settings import Settings
from forms_app.web.citizen import paper


def download(app: Flask, url: str, status: int = 200) -> bytes:
    answer = app.test_client().get(url)
    assert answer.status_code == status, url
    return answer.get_data()


def languages_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return str(opened.Root.Lang)


@pytest.mark.parametrize("form", FORM_SLUGS)
@pytest.mark.parametrize("language", Language)
def test_every_form_can_be_had_on_paper_for_every_place(
    client: CheckedClient, app: Flask, form: str, language: Language
) -> None:
    page = client.get(form_url(language, form) + PAPER_SLUG)
    files = [link.get("href", "") for link in page.all(".//main//a") if "-" in link.get("href", "").rpartition("/")[2]]
    assert [name.rpartition("/")[2] for name in files] == [
        "papir-no.pdf", "papir-no.docx", "papir-dk.pdf", "papir-dk.docx",
    ]  # fmt: skip
    for url in files:
        content = download(app, url)
        if url.endswith("pdf"):
            assert languages_of(content).startswith(language)
        else:
            assert docx.Document(io.BytesIO(content)).core_properties.language.startswith(language)


def test_the_start_page_leads_to_the_paper(client: CheckedClient) -> None:
    start = client.get(form_url(Language.DA, "complaint"))
    assert any(link.get("href") == start.url + PAPER_SLUG for link in start.all(".//main//a"))


def test_a_draft_can_be_finished_with_a_pen(client: CheckedClient) -> None:
    journey = Journey(client, Language.NN, "application", {"situation": "Vi treng søvn"})
    journey.to("kven-hjelper")
    page = client.get(journey.start + PAPER_SLUG)
    (link,) = [one.get("href", "") for one in page.all(".//main//a") if one.get("href", "").endswith("kladd.pdf")]
    answer = client.browser.get(link)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert languages_of(answer.get_data()).startswith("nn")


def test_without_a_draft_there_is_none_on_paper(client: CheckedClient, app: Flask) -> None:
    start = form_url(Language.NB, "application")
    assert "kladd.pdf" not in client.get(start + PAPER_SLUG).text
    assert app.test_client().get(start + "kladd.pdf").location == start


@pytest.mark.parametrize("name", ["papir-se.pdf", "papir-no.odt", "papir-no", "papir-no.pdf.exe"])
def test_a_paper_that_does_not_exist_is_not_found(app: Flask, name: str) -> None:
    download(app, form_url(Language.NB, "application") + name, status=404)


def fail(*unused: object, **named: object) -> bytes:
    """As when typst does not work on this machine."""
    raise PdfFailed


def test_what_was_built_is_there_though_no_pdf_can_be_made(
    settings: Settings, make_app: Callable[[Settings], Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = BlankForms(deployment=settings.deployment, built=tmp_path / "paper")
    assert len(list(built.build())) == 36
    monkeypatch.setitem(blank_forms.KINDS, "pdf", fail)
    app = make_app(replace(settings, paper=built.built))
    for language, form in product(Language, FORM_SLUGS):
        for place in ("no", "dk"):
            content = download(app, f"{form_url(language, form)}{PAPER_SLUG}-{place}.pdf")
            assert content == (built.built / language / f"{FORM_SLUGS[form][language]}-{place}.pdf").read_bytes()


def test_what_was_built_and_says_something_else_by_now_is_made_anew(
    settings: Settings, make_app: Callable[[Settings], Flask], tmp_path: Path
) -> None:
    url, name = f"{form_url(Language.NB, 'complaint')}{PAPER_SLUG}-no.docx", "nb/klage-no.docx"
    (tmp_path / "paper" / "nb").mkdir(parents=True)
    (tmp_path / "paper" / name).write_bytes(b"what the law said last year")
    for words in (json.dumps({name: "0" * 64}), "{", "{}"):
        (tmp_path / "paper" / "words.json").write_text(words, "utf-8")
        assert download(make_app(replace(settings, paper=tmp_path / "paper")), url).startswith(b"PK")


def test_what_is_listed_as_built_and_is_not_there_is_made(
    settings: Settings, make_app: Callable[[Settings], Flask], tmp_path: Path
) -> None:
    built = BlankForms(deployment=settings.deployment, built=tmp_path / "paper")
    for path in built.build():
        path.unlink()
    app = make_app(replace(settings, paper=built.built))
    assert download(app, f"{form_url(Language.DA, 'complaint')}{PAPER_SLUG}-dk.docx").startswith(b"PK")


@pytest.mark.parametrize("language", Language)
def test_when_a_pdf_cannot_be_made_the_page_says_so_and_offers_word(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    journey = Journey(client, language, "application")
    journey.to("kommune")
    monkeypatch.setattr(paper, "to_pdf", fail)
    monkeypatch.setitem(blank_forms.KINDS, "pdf", fail)
    draft = "kladde.pdf" if language is Language.DA else "kladd.pdf"
    for name in (draft, f"{PAPER_SLUG}-no.pdf"):
        page = client.get(journey.start + name, status=503)
        assert page.one(".//*[@data-color='warning']")
        assert any(link.get("href", "").endswith("-no.docx") for link in page.all(".//main//a"))
