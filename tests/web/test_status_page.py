"""The page that a code leads to after sending: what stands, and what the sender keeps."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from case_pages import add, addition_url, delete_copy_url, link_to, pdf_url, press, status_url, take_back_url
from checked_client import CheckedClient, File, Page
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from movable_clock import MovableClock
from people import CITIZEN
from rehearsed_journeys import Rehearsed
from sample_files import pdf

from forms_app.casework.status import Change, set_status
from forms_app.documents.pdf import PdfFailed
from forms_app.documents.signed_receipt import read
from forms_app.forms.definition import FormKey
from forms_app.language import Language, gettext, use
from forms_app.masthead import form_url
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.case_events import StatusText
from forms_app.storage.engine import reading
from forms_app.storage.tables import AnsweredBy, CaseStatus, own_files, submissions
from forms_app.web.citizen import receipt as receipt_page

EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)
EVERY_FORM = pytest.mark.parametrize("form", FormKey)
FILES = [File(name="brev æ.pdf", content=pdf(b"brevet")), File(name="notat.txt", content="blåbær".encode())]
STORY = "Søvn, skole og jobb"


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    """An application in Bokmål, about to be sent with two files."""
    return Rehearsed(client, Language.NB, "application", {"situation": STORY}, FILES)


@pytest.fixture
def staff_say(database: sa.Engine, clock: MovableClock) -> Callable[..., None]:
    """Sets the status of a case as a case worker does, a day after the last time."""

    def say(reference: str, status: CaseStatus, **also: object) -> None:
        clock.move(days=1)
        set_status(database, clock, reference, Change(status=status, **also), actor="cli:ingrid")  # type: ignore[arg-type]

    return say


def type_code(client: CheckedClient, code: str, language: Language = Language.NB) -> Page:
    page = client.get(form_url(language, "status"))
    return client.follow(client.post(page.url, fields_of(page) | {"code": [code]}, status=303))


def now(page: Page) -> str:
    """What the page says of where it stands."""
    (found,) = page.with_class("status-now")
    return " ".join("".join(found.itertext()).split())


@EVERY_LANGUAGE
@EVERY_FORM
def test_a_code_leads_to_where_it_stands(client: CheckedClient, app: Flask, form: FormKey, language: Language) -> None:
    receipt = Rehearsed(client, Language.NB, form).send()
    page = type_code(CheckedClient(app), code_of(receipt), language)
    assert page.url == form_url(language, form) + "status"
    assert reference_of(page) == reference_of(receipt)
    with use(language):
        assert gettext("Now: %(status)s", status=gettext("Received")) in now(page)
    assert "22. november 2026" in page.main
    assert len(page.with_class("events")[0]) == 1


def test_switching_the_language_stays_on_the_page(client: CheckedClient, journey: Journey) -> None:
    journey.send()
    page = client.get(status_url(journey))
    (languages,) = page.with_class("languages")
    links = [one.get("href") for one in languages.iter("a")]
    assert links == ["/nb/skjema/soknad/status", "/nn/skjema/soknad/status", "/da/skema/anmodning/status"]
    for link in links:
        assert reference_of(client.get(str(link))) == reference_of(page)


def test_whoever_is_not_known_here_is_led_to_where_codes_are_typed(client: CheckedClient, journey: Journey) -> None:
    addresses = (status_url, addition_url, take_back_url, delete_copy_url)
    for url in (*(one(journey) for one in addresses), journey.start + "se-over-dokumenter", journey.start + "fil/0/1"):
        assert client.get(url, status=303).location == "/nb/skjema/status"
    assert client.get(pdf_url(journey), status=303).location == journey.start


def test_a_case_of_one_form_is_not_shown_as_another_s(client: CheckedClient, journey: Journey) -> None:
    code = code_of(journey.send())
    client.browser.set_cookie("receipt-complaint", code)
    assert client.get("/nb/skjema/klage/status", status=303).location == "/nb/skjema/status"


@EVERY_LANGUAGE
def test_what_staff_say_is_read_in_the_citizen_s_language(
    client: CheckedClient, staff_say: Callable[..., None], language: Language
) -> None:
    journey = Rehearsed(client, language, "application")
    reference = reference_of(journey.send())
    staff_say(reference, CaseStatus.IN_PROGRESS, text=StatusText.OBTAINING)
    staff_say(reference, CaseStatus.WAITING_FOR_CITIZEN, text=StatusText.DOCUMENTS)
    page = client.get(status_url(journey))
    with use(language):
        assert gettext("Waiting for you") in now(page)
        assert gettext("The municipality needs more documents. You can add them on this page.") in now(page)
        assert gettext("Being handled") in page.main
        assert gettext("The municipality is obtaining information from others.") in page.main
    for day in ("22", "23", "24"):
        assert f"{day}. november 2026" in page.main


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (AnsweredBy.DIGITAL_POST, "sendte svaret til den digitale postkassen din 24. november 2026"),
        (AnsweredBy.LETTER, "sendte svaret som brev 24. november 2026"),
        (AnsweredBy.MEETING, "ga svaret i et møte 24. november 2026"),
        (AnsweredBy.PHONE, "ga svaret på telefon 24. november 2026"),
    ],
)
def test_an_answer_is_told_with_its_day_and_how_long_one_may_complain(
    client: CheckedClient, journey: Journey, staff_say: Callable[..., None], by: AnsweredBy, words: str
) -> None:
    reference = reference_of(journey.send())
    staff_say(reference, CaseStatus.IN_PROGRESS)
    staff_say(reference, CaseStatus.ANSWERED, on=date(2026, 11, 24), by=by)
    page = client.get(status_url(journey))
    assert words in now(page)
    assert "Du har 4 uker på deg, regnet fra dagen du fikk svaret." in page.main
    assert link_to(page, "/nb/skjema/klage/")


@pytest.mark.parametrize(
    ("form", "municipality", "words", "complains"),
    [
        ("application", "rudersdal", "4 uker", True),
        ("complaint", "arendal", "hvis du fortsatt er uenig", False),
        ("power_of_attorney", "arendal", "når som helst trekke fullmakten tilbake", False),
    ],
)
def test_what_one_can_do_after_an_answer_depends_on_what_was_sent(
    client: CheckedClient,
    staff_say: Callable[..., None],
    form: str,
    municipality: str,
    words: str,
    complains: bool,
) -> None:
    journey = Rehearsed(client, Language.NB, form, {"municipality": municipality})
    staff_say(reference_of(journey.send()), CaseStatus.ANSWERED, on=date(2026, 11, 22), by=AnsweredBy.LETTER)
    page = client.get(status_url(journey))
    assert words in page.main
    assert bool(link_to(page, "/nb/skjema/klage/")) == complains


def test_a_closed_case_says_so(client: CheckedClient, journey: Journey, staff_say: Callable[..., None]) -> None:
    staff_say(reference_of(journey.send()), CaseStatus.CLOSED, text=StatusText.JOINED)
    page = client.get(status_url(journey))
    assert "Avsluttet" in now(page)
    assert "sammen med en annen sak" in now(page)


@EVERY_LANGUAGE
def test_the_receipt_is_downloaded_with_the_answers_in_it(
    client: CheckedClient, settings: Settings, language: Language
) -> None:
    journey = Rehearsed(client, language, "application", {"situation": STORY}, FILES)
    reference = reference_of(journey.send())
    assert link_to(client.get(status_url(journey)), ".pdf") == pdf_url(journey)
    answer = client.browser.get(pdf_url(journey))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="kvittering-{reference}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    receipt = read(answer.data)
    assert receipt.facts.reference == reference
    assert receipt.signer([load_signing_key(settings.signing_key).public_key])
    assert receipt.has_its_answers
    assert STORY in json.dumps(receipt.answers, ensure_ascii=False)


def test_each_file_comes_back_as_it_was_sent(client: CheckedClient, journey: Journey) -> None:
    journey.send()
    add(client, journey, File(name="mer.txt", content=b"mer"))
    page = client.get(status_url(journey))
    links = [str(one.get("href")) for one in page.all(".//main//a") if "/fil/" in str(one.get("href"))]
    answers = [client.browser.get(link) for link in links]
    assert [answer.data for answer in answers] == [*(file.content for file in FILES), b"mer"]
    assert [answer.mimetype for answer in answers] == ["application/pdf", "text/plain", "text/plain"]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
    assert "attachment; filename*=UTF-8''brev%20%C3%A6.pdf" in answers[0].headers["Content-Disposition"]
    assert all(answer.headers["Content-Disposition"].startswith("attachment") for answer in answers)


@pytest.mark.parametrize("place", ["0/3", "0/0", "1/1", "9/1"])
def test_there_are_no_other_files(client: CheckedClient, journey: Journey, place: str) -> None:
    journey.send()
    assert client.get(f"{journey.start}fil/{place}", status=404).status == 404


def test_what_was_sent_is_read_on_the_page(client: CheckedClient, journey: Journey) -> None:
    journey.send()
    page = client.get(status_url(journey))
    assert STORY in page.main
    assert CITIZEN.name in page.main
    assert "kopi blir tatt vare på til 22. november 2027" in page.main


def test_the_own_copy_is_deleted_for_good_and_the_receipt_stays(
    client: CheckedClient, journey: Journey, database: sa.Engine, settings: Settings
) -> None:
    reference = reference_of(journey.send())
    add(client, journey, File(name="mer.txt", content=b"mer"))
    asked = client.get(delete_copy_url(journey))
    assert "Ingen kan hente kopien tilbake" in asked.main
    assert STORY in client.get(status_url(journey)).main
    page = press(client, asked)
    assert STORY not in page.main
    assert "ingen kopi" in page.main
    assert not link_to(page, "slett-kopi")
    client.get(journey.start + "fil/0/1", status=404)
    receipt = client.get(journey.receipt_url)
    assert reference_of(receipt) == reference
    assert "notat.txt" in receipt.main
    assert STORY not in receipt.main
    signed = read(client.browser.get(pdf_url(journey)).data)
    assert (signed.facts.reference, signed.answers, signed.has_its_answers) == (reference, None, False)
    assert signed.signer([load_signing_key(settings.signing_key).public_key])
    with reading(database) as connection:
        assert connection.execute(sa.select(own_files)).all() == []
        assert connection.execute(sa.select(submissions.c.own_copy)).scalars().all() == [None, None]
        assert [entry.action for entry in audit.entries(connection)][-1] == "deleted own copy"
        answers = connection.execute(sa.select(submissions.c.answers)).scalars().all()
    assert all(answers)
    assert client.get(delete_copy_url(journey), status=303).location == status_url(journey)


def test_deleting_twice_is_written_down_once(client: CheckedClient, journey: Journey, database: sa.Engine) -> None:
    journey.send()
    asked = client.get(delete_copy_url(journey))
    for unused_click in range(2):
        client.post(asked.url, fields_of(asked), status=303)
    with reading(database) as connection:
        assert [entry.action for entry in audit.entries(connection)].count("deleted own copy") == 1


def test_a_copy_is_only_deleted_from_a_page_that_was_shown_for_it(client: CheckedClient, journey: Journey) -> None:
    journey.send()
    asked = client.get(delete_copy_url(journey))
    refused = client.post(asked.url, fields_of(asked) | {"csrf_token": ["x"]}, status=422)
    assert refused.title.startswith("Feil: ")
    Rehearsed(client, Language.NB, "application", {"situation": "En annen"}).send()
    assert client.post(asked.url, fields_of(asked), status=303).location == asked.url
    assert "En annen" in client.get(status_url(journey)).main


def test_a_deployment_may_let_nobody_keep_a_copy(
    make_app: Callable[[Settings], Flask], settings: Settings, database: sa.Engine
) -> None:
    deployment = settings.deployment
    municipalities = tuple(replace(one, own_copy=False) for one in deployment.municipalities)
    app = make_app(replace(settings, deployment=replace(deployment, municipalities=municipalities)))
    client = CheckedClient(app)
    journey = Rehearsed(client, Language.NN, "complaint", {"why": STORY}, FILES)
    receipt = journey.send()
    assert STORY not in receipt.main
    assert "brev æ.pdf" in receipt.main
    page = client.get(status_url(journey))
    assert STORY not in page.main
    assert "ingen kopi" in page.main
    assert read(client.browser.get(pdf_url(journey)).data).answers is None
    with reading(database) as connection:
        assert connection.execute(sa.select(own_files)).all() == []
    # Sending again finds the receipt, and does not take the empty draft for one to be filled in.
    assert client.get(journey.start + journey.review_slug, status=303).location == journey.receipt_url


def test_a_pdf_that_cannot_be_made_leaves_the_page_to_print(
    client: CheckedClient, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey.send()

    def fail(*unused_arguments: object) -> bytes:
        raise PdfFailed

    monkeypatch.setattr(receipt_page, "receipt_pdf", fail)
    page = client.get(pdf_url(journey), status=503)
    assert page.title.startswith("Feil: ")
    assert "Skriv ut denne siden" in page.main
    assert reference_of(page)


def test_when_the_municipality_has_left_what_was_sent_is_still_told(
    make_app: Callable[[Settings], Flask], settings: Settings, client: CheckedClient, journey: Journey
) -> None:
    receipt = journey.send()
    others = tuple(one for one in settings.deployment.municipalities if one.key != "arendal")
    smaller = CheckedClient(make_app(replace(settings, deployment=replace(settings.deployment, municipalities=others))))
    page = type_code(smaller, code_of(receipt))
    assert reference_of(page) == reference_of(receipt)
    assert STORY in page.main
    assert not link_to(page, "flere-dokumenter")
    assert not link_to(page, "trekk-tilbake")
    for url in (addition_url(journey), journey.start + "se-over-dokumenter", take_back_url(journey)):
        refused = smaller.get(url)
        assert "tar ikke lenger imot" in refused.main
        assert not refused.all(".//main//form")


def test_contact_facts_stand_where_they_are_known(make_app: Callable[[Settings], Flask], settings: Settings) -> None:
    known = {"phone": "37 01 30 00", "email": "post@arendal.example", "postal_address": "Postboks 123, 4891 Grimstad"}
    municipalities = tuple(
        replace(one, contact=replace(one.contact, **known)) for one in settings.deployment.municipalities
    )
    deployment = replace(settings.deployment, municipalities=municipalities)
    client = CheckedClient(make_app(replace(settings, deployment=deployment)))
    journey = Rehearsed(client, Language.NB, "application")
    reference = reference_of(journey.send())
    page = client.get(status_url(journey))
    assert all(fact in page.main for fact in known.values())
    assert f"Oppgi referansen {reference}" in page.main


def test_the_code_is_in_no_address_of_the_page_and_not_on_it(client: CheckedClient, journey: Journey) -> None:
    code = code_of(journey.send())
    add(client, journey, File(name="mer.txt", content=b"mer"))
    for url in (status_url(journey), addition_url(journey), take_back_url(journey), delete_copy_url(journey)):
        page = client.get(url)
        assert code not in page.text
        assert code.replace("-", "") not in page.text


def test_a_copy_that_was_put_in_another_s_place_is_not_shown(
    client: CheckedClient, app: Flask, journey: Journey, database: sa.Engine
) -> None:
    other = CheckedClient(app)
    Rehearsed(other, Language.NB, "application", {}, FILES).send()
    journey.send()
    with database.begin() as connection:
        ids = connection.execute(sa.select(submissions.c.id).order_by(submissions.c.accepted_at)).scalars().all()
        sealed = {
            id: connection.execute(sa.select(own_files.c.sealed).where(own_files.c.submission_id == id)).scalars().all()
            for id in ids
        }
        for one, another in (ids, ids[::-1]):
            is_first = sa.and_(own_files.c.submission_id == one, own_files.c.position == 1)
            connection.execute(sa.update(own_files).where(is_first).values(sealed=sealed[another][0]))
    client.get(journey.start + "fil/0/1", status=409)
