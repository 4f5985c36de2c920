"""Complaints 13 to 16: files that were added and did not come, and words that went with an error or a session."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from checked_client import CheckedClient, File, Page, words_of
from command import Command
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from movable_clock import MovableClock
from sample_files import HEIC, docx, odt, pdf, photo, picture

from forms_app.language import Language
from forms_app.settings import from_environ

Inbox = Callable[[], list[dict[str, Any]]]
Parcels = Callable[[], dict[str, dict[str, str]]]
START = "/nb/skjema/soknad/"
TEN = [
    File(name="vedtak.pdf", content=pdf()),
    File(name="Vedtak frå Bømlo (2).pdf", content=pdf(b"to")),
    File(name="IMG_0001.HEIC", content=HEIC),
    File(name="IMG_0002.jpg", content=photo()),
    File(name="skjerm.png", content=picture()),
    File(name="brev.docx", content=docx()),
    File(name="brev.odt", content=odt()),
    File(name="报告.txt", content="報告".encode()),
    File(name="تقرير.txt", content=b"a"),
    File(name="notat & <b>.txt", content=b"b"),
]


def added(page: Page) -> list[str]:
    """The files that a page says are stored."""
    return [words_of(one) for one in page.with_class("file-name")]


def upload(client: CheckedClient, page: Page, *files: File, status: int = 303) -> Page:
    """Press the button that stores the chosen files."""
    answer = client.post(page.url, fields_of(page) | {"action": ["upload"]}, files=files, status=status)
    return client.follow(answer) if status == 303 else answer


def test_13_as_many_files_come_out_as_went_in(
    client: CheckedClient, inbox: Inbox, parcels: Parcels, hand_over: Any
) -> None:
    """Uploads were missing when they stood in a list, when a setting was blank, when a rule hid the question.

    No list and no hidden page has files here: they stand on a page of their own that everybody meets. They are added
    first, then the way through the form is changed so that other pages are met, and the law is another country's.
    """
    journey = Journey(client, Language.NB, "application", {"role": "guardian"})
    upload(client, journey.to("vedlegg"), *TEN)
    for slug, answers in (("hvem", {"role": "child"}), ("kommune", {"municipality": "rudersdal"})):
        page = client.get(START + slug)
        client.post(page.url, fields_of(page) | {name: [value] for name, value in answers.items()}, status=303)
    rest = Journey(client, Language.NB, "application", {"role": "child", "municipality": "rudersdal"})
    receipt = rest.confirm(rest.on(client.get(START + "kommune"), rest.review_slug))
    hashes = {file.name: sha256(file.content).hexdigest() for file in TEN}
    assert all(f"{name} (" in receipt.main and hashes[name] in receipt.main for name in hashes)
    assert [line["attachments"] for line in inbox()] == [len(TEN)]
    hand_over()
    assert parcels() == {reference_of(receipt): hashes}


def test_14_what_a_telephone_sends_arrives_and_only_what_arrived_is_listed(
    client: CheckedClient, portal: Command, inbox: Inbox, tmp_path: Any
) -> None:
    """Attachments from iPhones never came; uploads "seemed to be uploading" and did not appear.

    Photos in the telephone's own format are taken as they are; two of one name are two; a name in the Mac's way of
    writing å is the same name; a file that was refused, or that broke off, is not in the list. (tests/browser uploads
    with scripts, slowly and over a line that breaks.)
    """
    journey = Journey(client, Language.NB, "application")
    page = journey.to("vedlegg")
    page = upload(client, page, File(name="image.heic", content=HEIC), File(name="image.heic", content=HEIC + b"2"))
    page = upload(client, page, File(name="a\u030arsak.txt", content=b"x"))
    assert added(page) == ["image.heic", "image.heic", "årsak.txt"]
    refused = upload(client, page, File(name="broken.jpg", content=photo()[:90]), status=422)
    assert "broken.jpg" in words_of(refused.with_class("ds-error-summary")[0])
    empty = upload(client, refused, File(name="halv.txt", content=b""), status=422)
    assert added(empty) == ["image.heic", "image.heic", "årsak.txt"]
    review = journey.on(empty, journey.review_slug)
    receipt = journey.confirm(review)
    for shown in (review, receipt):
        assert "årsak.txt (" in shown.main
        assert "broken.jpg" not in shown.main
        assert "halv.txt" not in shown.main
    portal("open", reference_of(receipt), "--files", str(tmp_path / "f"))
    files = sorted((tmp_path / "f").glob("*.*"))
    assert [path.read_bytes() for path in files] == [HEIC, HEIC + b"2", b"x"]
    assert [(line["attachments"], line["is_unscanned"]) for line in inbox()] == [(3, True)]


def test_15_an_error_empties_nothing(client: CheckedClient) -> None:
    """One bad file emptied the form; a mistake elsewhere threw the file away."""
    journey = Journey(client, Language.NB, "application")
    page = journey.to("vedlegg")
    good, bad = File(name="god.txt", content=b"god"), File(name="makro.docm", content=b"PK\x03\x04")
    answer = upload(client, page, good, bad, status=422)
    assert added(answer) == ["god.txt"]
    assert "makro.docm" in words_of(answer.with_class("ds-error-summary")[0])
    contact = client.follow(client.post(page.url, fields_of(answer), multipart=True))
    typed = fields_of(contact) | {"phone": ["12"], "careful": ["Ring ikke om natta"], "email": ["ase@"]}
    wrong = client.post(contact.url, typed, status=422)
    assert {name: fields_of(wrong)[name] for name in ("phone", "careful", "email")} == {
        name: typed[name] for name in ("phone", "careful", "email")
    }
    assert added(client.get(START + "vedlegg")) == ["god.txt"]


def test_15_a_check_for_programs_empties_nothing(make_app: Any, environ: dict[str, str]) -> None:
    """There is no captcha to fail. Who looks like a program is asked to press once more, with everything kept."""
    client = CheckedClient(make_app(from_environ(environ | {"PORTAL_FASTEST_SECONDS": "60"})))
    start = client.get(START)
    asked = client.post(start.url, fields_of(start) | {"subject": ["http://spam"]})
    page = client.follow(client.post(asked.url, fields_of(asked)))
    journey = Journey(client, Language.NB, "application", {"situation": "Lang tekst"}, [TEN[0]])
    review = journey.on(page, journey.review_slug)
    asked = client.post(review.url, fields_of(review) | {"subject": ["http://spam"]}, status=200)
    assert not asked.with_class("reference")
    receipt = journey.confirm(asked)
    assert "Lang tekst" in receipt.main
    assert "vedtak.pdf" in receipt.main


@pytest.mark.parametrize("lost", [("session",), ("draft-application",), ("session", "draft-application")])
def test_16_a_session_that_ends_costs_no_word_and_says_what_is_kept(
    client: CheckedClient, clock: MovableClock, lost: tuple[str, ...]
) -> None:
    """An unclear message, and the first page again; filling in took longer than the session."""
    journey = Journey(client, Language.NB, "application", {"behov/wanted": "coordinator"})
    page = journey.to("situasjonen")
    code = code_of(client.get(START + "kode"))
    clock.move(hours=13)
    for name in lost:
        client.forget(name)
    typed = fields_of(page) | {"situation": ["Skrevet i tretten timer\r\nog litt til"]}
    answer = client.post(page.url, typed)
    assert answer.status in (409, 422)
    assert answer.url == page.url
    assert fields_of(answer)["situation"] == ["Skrevet i tretten timer\nog litt til"]
    assert any(said in answer.main for said in ("Alt du skrev står", "Det du skrev", "du skrev"))
    # The code leads back to the draft, on whichever computer, and to the page where one was.
    status = client.get("/nb/skjema/status")
    found = client.follow(client.post(status.url, fields_of(status) | {"code": [code]}))
    assert fields_of(client.get(START + "behov"))["wanted"] == ["coordinator"], found.url
    again = client.get(START + "situasjonen")
    client.post(again.url, fields_of(again) | {"situation": typed["situation"]}, status=303)
    assert "Skrevet i tretten timer" in fields_of(client.get(again.url))["situation"][0]


def test_16_what_is_promised_about_keeping_is_what_happens(
    client: CheckedClient, app: Flask, clock: MovableClock
) -> None:
    """A promise was taken out because it could not be kept. Here pages name the last day; on it the draft is there."""
    journey = Journey(client, Language.NB, "application", {"situation": "Før ferien"})
    page = journey.to("hvem-hjelper")
    assert "Sist lagret" in page.main
    assert "22. desember 2026" in page.main
    code = code_of(client.get(START + "kode"))
    clock.move(days=30)
    elsewhere = CheckedClient(app)
    status = elsewhere.get("/nb/skjema/status")
    elsewhere.follow(elsewhere.post(status.url, fields_of(status) | {"code": [code]}))
    assert fields_of(elsewhere.get(START + "situasjonen"))["situation"] == ["Før ferien"]
