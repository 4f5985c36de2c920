"""Every form can be had on paper, blank or half filled in."""

import io

import docx
import pikepdf
import pytest
from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey

from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS, PAPER_SLUG, form_url


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
