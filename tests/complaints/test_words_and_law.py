"""Complaints 19 and 20: the wrong language, and the wrong deadline, case and right to complain."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from case_pages import add, pdf_url, status_url, take_back
from checked_client import CheckedClient, File, Page
from command import Command
from flask import Flask
from form_journeys import Journey, fields_of, reference_of
from mail_servers import Postbox, mail_server
from movable_clock import MovableClock
from people import CITIZEN

from forms_app.clock import utc_now
from forms_app.language import Language
from forms_app.settings import Settings, from_environ
from guidance.terms import vocabulary
from tests.documents.pdf_reading import read_pdf

Inbox = Callable[[], list[dict[str, Any]]]
Rows = Callable[[str], list[Any]]
WORDS = "Xyz"
"""What the citizen writes: of no language at all."""


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


def words_in(element: Element, language: str) -> Iterator[str]:
    """The words that are in the language of the page: not those that are marked as of another one, nor what was drawn
    at random, a signature or a code.
    """
    if element.get("lang", language) != language or element.get("class") in ("proof", "code"):
        return
    yield element.text or ""
    for child in element:
        yield from words_in(child, language)
        yield child.tail or ""


def foreign(language: Language, text: str) -> list[str]:
    """Words of the other two languages; a reference or a code is no word."""
    return [hit.message for hit in vocabulary(language).hits(re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+", "", text))]


def foreign_on(language: Language, page: Page) -> list[str]:
    """Whatever of another language stands on the page, header and footer too."""
    return [f"{page.url}: {one}" for one in foreign(language, " · ".join(words_in(page.one(".//body"), language)))]


@pytest.mark.parametrize(
    ("form", "language", "municipality"),
    [
        (form, language, ("arendal", "rudersdal")[(row + column) % 2])
        for row, form in enumerate(("application", "power_of_attorney", "complaint"))
        for column, language in enumerate(Language)
    ],
)
def test_19_every_page_and_pdf_is_in_the_one_language(
    client: CheckedClient, form: str, language: Language, municipality: str
) -> None:
    """A file of Nynorsk held Bokmål.

    Every page of a whole life of a form is read as it is shown, with its mistakes, and so is the PDF. (The catalogues
    and the guidance are read word by word in `make content`.)
    """
    answers = {"municipality": municipality}
    journey = Journey(client, language, form, answers, [File(name="x.txt", content=b"x")], words=WORDS)
    page, pages = journey.begin(), []
    while page.slug != journey.review_slug:
        nothing = {"csrf_token": fields_of(page)["csrf_token"], "draft": fields_of(page)["draft"]}
        answer = client.post(page.url, nothing, multipart=True)
        pages += [answer] if answer.status == 422 else []
        page = journey.send_page(client.get(page.url))
    pages += [*journey.seen, client.get(journey.start + "kode"), journey.confirm(page)]
    pages += [add(client, journey, File(name="y.txt", content=b"y")), take_back(client, journey)]
    assert [one for one in pages if one.status == 422]
    assert [fault for one in pages for fault in foreign_on(language, one)] == []
    printed = read_pdf(client.browser.get(pdf_url(journey)).data)
    assert printed.language.partition("-")[0] == language
    # A fingerprint that is broken into lines can look like a word.
    assert foreign(language, re.sub(r"^[0-9a-f ]+$", "", printed.text, flags=re.MULTILINE)) == []


@pytest.mark.parametrize("language", Language)
def test_19_mails_are_in_the_language_of_the_sender(
    make_app: Callable[[Settings], Flask],
    environ: dict[str, str],
    portal_process: Command,
    postbox: Postbox,
    language: Language,
) -> None:
    """Mails were not translated at all."""
    client = CheckedClient(make_app(from_environ(environ | postbox.environ)))
    Journey(client, language, "application", {"municipality": "kristiansand", "email": CITIZEN.email}).send()
    portal_process("work", "--once", **postbox.environ)
    (mail,) = postbox.mails
    assert foreign(language, f"{mail['Subject']}\n{mail.get_content()}") == []
    own = {Language.NB: "Mottatt:", Language.NN: "Motteke:", Language.DA: "Modtaget:"}
    assert own[language] in mail.get_content()


DAY = ("day", "month", "year")


def dated(name: str, day: Any) -> dict[str, str]:
    """A date as it is written in its three fields."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in DAY}


@pytest.mark.parametrize("municipality", ["arendal", "rudersdal"])
def test_20_the_time_to_complain_runs_from_the_day_the_answer_came(
    app: Flask, inbox: Inbox, clock: MovableClock, municipality: str
) -> None:
    """The clock ran though the letter had never been delivered.

    An old date on a letter makes nobody late; a day of receipt does, is flagged to the case worker, and is received.
    """
    long_ago = clock.now.date() - timedelta(days=300)
    sent = {}
    for name in ("letter_date", "received_date"):
        answers = {"municipality": municipality, **dated(name, long_ago)}
        journey = Journey(CheckedClient(app), Language.NB, "complaint", answers)
        page = journey.to("frist")
        assert "Send" in page.main
        sent[name] = reference_of(journey.confirm(journey.on(page, journey.review_slug)))
    assert {line["reference"]: line["is_late"] for line in inbox()} == {
        sent["letter_date"]: False,
        sent["received_date"]: True,
    }


def test_20_a_case_cannot_be_complained_about_by_its_number(
    client: CheckedClient, app: Flask, inbox: Inbox, rows: Rows, portal: Command
) -> None:
    """Anybody could appeal any case by its id.

    A number that is written in a complaint is words to the case worker: it is linked to nothing, changes nothing in the
    case of that number, and tells whoever wrote it nothing. And a reference opens nothing where codes are typed.
    """
    theirs = Journey(client, Language.NB, "application", {"name_of_person": "Åse Ødegård"})
    reference = reference_of(theirs.send())
    before, (line,) = client.get(status_url(theirs)).main, inbox()
    stranger = CheckedClient(app)
    complaint = Journey(
        stranger, Language.NB, "complaint", {"decision_reference": reference, "name_of_person": "En annen"}
    )
    receipt = complaint.send()
    assert client.get(status_url(theirs)).main == before
    assert next(one for one in inbox() if one["reference"] == reference) == line
    assert rows("follow_ups") == []
    assert all("Ødegård" not in page.main for page in [*complaint.seen, stranger.get(status_url(complaint))])
    sent = json.loads(portal("open", reference_of(receipt), "--json").stdout)
    assert sent["decision"]["decision_reference"] == reference
    status = stranger.get("/nb/skjema/status")
    for typed in (reference, "AAAA-AAAA", reference_of(receipt)):
        answer = stranger.post(status.url, fields_of(status) | {"code": [typed]})
        assert answer.status == 422
        assert "Ødegård" not in answer.main


@pytest.mark.parametrize("municipality", ["arendal", "rudersdal"])
def test_20_an_answer_says_how_to_complain_and_never_when_it_is_too_late(
    client: CheckedClient, clock: MovableClock, portal: Command, municipality: str
) -> None:
    """A refusal came without a word about complaining.

    What staff set here is not the letter itself. It tells that there is an answer, how long there is from the day one
    got it, and leads to the form; no day is named, for nobody here knows when the letter came.
    """
    clock.now = utc_now() - timedelta(days=1)
    journey = Journey(client, Language.NB, "application", {"municipality": municipality})
    reference = reference_of(journey.send())
    portal("status", "set", reference, "answered", "--on", utc_now().date().isoformat(), "--by", "letter")
    page = client.get(status_url(journey))
    links = [one.get("href") for one in page.all(".//main//a")]
    assert "/nb/skjema/klage/" in links
    assert "Du har 4 uker på deg, regnet fra dagen du fikk svaret." in page.main
