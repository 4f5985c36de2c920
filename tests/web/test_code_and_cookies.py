"""The citizen's code: where it leads, where it is kept, and where it never is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from checked_client import CheckedClient, Page
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of

from forms_app.documents.pdf import PdfFailed
from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from forms_app.settings import Settings
from forms_app.web.citizen import code_page
from tests.documents.pdf_reading import read_pdf, squeezed


def type_code(client: CheckedClient, code: str, language: Language = Language.NB, **expected: int) -> Page:
    """Type a code on the status page."""
    page = client.get(form_url(language, "status"))
    return client.post(page.url, fields_of(page) | {"code": [code]}, **expected)


def test_the_code_resumes_the_draft_on_another_computer(client: CheckedClient, app: Flask) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Begynt hjemme"})
    journey.to_review()
    code = code_of(client.get(journey.start + "kode"))
    library = CheckedClient(app)
    library.follow(type_code(library, code.lower().replace("-", " ")))
    elsewhere = Journey(library, Language.NB, "application", {"situation": "Begynt hjemme"})
    receipt = elsewhere.confirm(library.get(journey.start + journey.review_slug))
    assert "Begynt hjemme" in receipt.main
    assert reference_of(client.get(journey.receipt_url)) == reference_of(receipt)


def test_the_code_leads_to_where_the_draft_was_left(client: CheckedClient, app: Flask) -> None:
    journey = Journey(client, Language.NN, "application")
    journey.to("situasjonen")
    code = code_of(client.get(journey.start + "kode"))
    library = CheckedClient(app)
    assert library.follow(type_code(library, code, Language.DA)).url == "/da/skema/anmodning/situationen"


@pytest.mark.parametrize("form", ["application", "power_of_attorney", "complaint"])
@pytest.mark.parametrize("language", Language)
def test_the_code_shows_the_receipt_again(client: CheckedClient, app: Flask, form: str, language: Language) -> None:
    receipt = Journey(client, Language.NB, form).send()
    library = CheckedClient(app)
    again = library.follow(type_code(library, code_of(receipt), language))
    assert reference_of(again) == reference_of(receipt)


def test_a_code_typed_elsewhere_is_forgotten_with_the_browser(client: CheckedClient, app: Flask) -> None:
    receipt = Journey(client, Language.NB, "application").send()
    answer = type_code(CheckedClient(app), code_of(receipt))
    (cookie,) = [one for one in answer.cookies if one.startswith("receipt-")]
    assert "max-age" not in cookie.lower()
    assert "expires" not in cookie.lower()


def test_a_mistyped_code_names_the_group(client: CheckedClient) -> None:
    code = Code.new().shown
    wrong = code[:16] + ("7" if code[16] != "7" else "8") + code[17:]
    page = type_code(client, wrong, status=422)
    assert "gruppe 4" in page.main
    assert fields_of(page)["code"] == [wrong]
    assert page.title.startswith("Feil: ")
    assert page.all(".//a[@href='#code']")


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "æøå" * 9, "0000-0000-0000-0000-0000-0000-0000-X", "🙂" * 28, "x" * 5000]
)
def test_what_is_no_code_is_answered_kindly(client: CheckedClient, typed: str) -> None:
    assert type_code(client, typed, status=422).all(".//a[@href='#code']")


def test_a_code_that_nobody_has_is_told_nothing_about(client: CheckedClient, app: Flask) -> None:
    pages = [type_code(client, Code.new().shown, status=422) for unused_try in range(2)]
    first, second = (page.main for page in pages)
    assert first == second
    assert not [one for page in pages for one in page.cookies if one.startswith("draft-")]


@pytest.mark.parametrize("typed", ["{0}", "{0}-", " {1} ", "{2}", "{3}"])
def test_a_code_is_taken_as_people_write_it(client: CheckedClient, app: Flask, typed: str) -> None:
    Journey(client, Language.NB, "application").to("behov")
    code = code_of(client.get("/nb/skjema/soknad/kode"))
    looks = code.replace("0", "Ø").replace("1", "l")
    written = typed.format(code, code.lower().replace("-", " "), looks, code.replace("-", ""))
    assert CheckedClient(app).get("/nb/skjema/status")
    assert type_code(CheckedClient(app), written, status=303).location == "/nb/skjema/soknad/behov"


@pytest.mark.parametrize("typed", ["{short}", "{long}"])
def test_a_group_with_a_character_too_few_or_too_many_is_named(client: CheckedClient, typed: str) -> None:
    code = Code.new().shown
    wrong = typed.format(short=code[:12] + code[13:], long=code[:12] + "A" + code[12:])
    assert "gruppe 3" in type_code(client, wrong, status=422).main


@pytest.mark.parametrize("language", Language)
def test_the_code_page_says_how_to_read_the_code_aloud_and_has_a_card(
    client: CheckedClient, language: Language
) -> None:
    journey = Journey(client, language, "complaint")
    journey.to_review()
    page = client.get(journey.start + "kode")
    code = code_of(page)
    assert [len(group) for group in code.split("-")] == [4] * 7
    assert len(page.words(".//main//section[1]//li")) == 5
    (link,) = [one.get("href", "") for one in page.all(".//main//a") if one.get("href", "").endswith(".pdf")]
    card = client.browser.get(link)
    assert (card.status_code, card.mimetype) == (200, "application/pdf")
    assert card.headers["Cache-Control"] == "no-store"
    assert card.headers["Content-Disposition"] == 'attachment; filename="kodekort.pdf"'
    assert code not in link
    words = squeezed(read_pdf(card.data).text)
    assert all(group in words for group in code.split("-"))
    assert "22.december2026" in words.replace("des", "dec")
    assert f"localhost{form_url(language, 'status')}" in words


def test_the_card_names_the_address_that_the_deployment_says(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    client = CheckedClient(make_app(replace(settings, site_address="https://portal.example.org")))
    Journey(client, Language.NB, "application").begin()
    card = client.browser.get("/nb/skjema/soknad/kodekort.pdf")
    assert "portal.example.org/nb/skjema/status" in squeezed(read_pdf(card.data).text)


def test_a_card_that_cannot_be_made_costs_nobody_the_code(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*unused_blocks: object, **unused_how: object) -> bytes:
        raise PdfFailed

    monkeypatch.setattr(code_page, "to_pdf", fail)
    Journey(client, Language.NB, "application").begin()
    page = client.get("/nb/skjema/soknad/kodekort.pdf", status=503)
    assert code_of(page) == client.cookie("draft-application")
    assert "Skriv ut denne siden" in page.main


def test_a_card_is_for_drafts_only(client: CheckedClient) -> None:
    assert client.get("/nb/skjema/soknad/kodekort.pdf", status=303).location == "/nb/skjema/soknad/"
    journey = Journey(client, Language.NB, "application")
    journey.send()
    assert "kodekort" not in client.get(journey.start + "kode").text
    assert client.get(journey.start + "kodekort.pdf", status=303).location == journey.start


def test_an_unknown_code_in_the_cookie_leads_to_the_start(client: CheckedClient) -> None:
    for value in (Code.new().shown, "tull", ""):
        client.browser.set_cookie("draft-application", value)
        assert client.get("/nb/skjema/soknad/behov", status=303).location == "/nb/skjema/soknad/"


def test_a_code_of_one_form_opens_no_other(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    client.browser.set_cookie("draft-complaint", client.cookie("draft-application") or "")
    assert client.get("/nb/skjema/klage/se-over", status=303).location == "/nb/skjema/klage/"


def test_a_receipt_of_one_form_is_not_shown_as_another_s(client: CheckedClient) -> None:
    receipt = Journey(client, Language.NB, "application").send()
    client.browser.set_cookie("draft-complaint", code_of(receipt))
    assert client.get("/nb/skjema/klage/kvittering", status=303).location == "/nb/skjema/klage/"


def test_the_code_is_never_in_an_address(client: CheckedClient) -> None:
    journey = Journey(client, Language.NN, "complaint")
    journey.send()
    code = client.cookie("draft-complaint") or "?"
    for page in journey.seen:
        addresses = [page.url, *(one.get("href") or one.get("action") or "" for one in page.all(".//*"))]
        assert not [one for one in addresses if code in one or code.replace("-", "") in one]


def test_the_code_is_shown_on_its_own_page_and_on_the_receipt_only(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.send()
    code = client.cookie("draft-application") or "?"
    assert [page.slug for page in journey.seen if code in page.text or code in page.main] == ["kvittering"]


def draft_cookie(cookies: tuple[str, ...]) -> dict[str, str]:
    """Attribute to value of the cookie that holds the code; "name" is its name."""
    (cookie,) = [one for one in cookies if "draft-" in one.partition("=")[0]]
    first, *attributes = cookie.split("; ")
    found = {name.lower(): value for name, unused_sign, value in (one.partition("=") for one in attributes)}
    return {"name": first.partition("=")[0], **found}


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize("is_demo", [False, True])
def test_the_cookie_lives_as_long_as_was_promised_and_no_script_reads_it(
    app: Flask, real_app: Flask, is_demo: bool, is_shared: bool
) -> None:
    app = app if is_demo else real_app
    client = CheckedClient(app, base_url="http://localhost" if is_demo else "https://localhost")
    journey = Journey(client, Language.NB, "application")
    page = journey.begin(is_shared=is_shared)
    cookie = draft_cookie(page.cookies)
    assert cookie.get("max-age") == (None if is_shared else str(12 * 3600))
    assert ("expires" in cookie) != is_shared
    assert "httponly" in cookie
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert "domain" not in cookie
    assert ("secure" in cookie) != is_demo
    assert cookie["name"] == ("draft-application" if is_demo else "__Host-draft-application")


def test_outside_the_demo_the_session_is_secure_and_transport_is_demanded(real_app: Flask) -> None:
    page = CheckedClient(real_app, base_url="https://localhost").get("/nb/skjema/soknad/")
    (session,) = page.cookies
    assert session.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(session.split("; "))
    assert page.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_outside_the_demo_no_page_says_that_it_is_one(real_app: Flask) -> None:
    client = CheckedClient(real_app, base_url="https://localhost")
    journey = Journey(client, Language.NB, "application")
    journey.send()
    assert not [page.url for page in journey.seen if "demo" in page.text.lower()]
