"""What staff see when a page is not there or something fails: their own frame and language, and what they typed."""

import pytest
from checked_client import File
from flask import Flask
from staff_login import Provider, StaffBrowser, hidden_of

from forms_app.language import Language
from forms_app.storage.engine import DatabaseBusy
from forms_app.web.security import LARGEST_REQUEST


@pytest.mark.parametrize(
    ("who", "language", "heading"),
    [
        ("ingrid", Language.NB, "Denne siden finnes ikke"),
        ("olav", Language.NN, "Denne sida finst ikkje"),
        ("mette", Language.DA, "Siden findes ikke"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_the_frame_of_the_staff_pages(
    app: Flask, provider: Provider, who: str, language: Language, heading: str
) -> None:
    browser = StaffBrowser(app, provider)
    browser.log_in(who)
    page = browser.get("/staff/ingen/slik", status=404)
    assert (page.heading, page.one(".").get("lang")) == (heading, language)
    assert "/staff/inbox" in [one.get("href") for one in page.all(".//header//a")]
    assert browser.post("/staff/inbox", {}).status == 405


def test_who_has_not_logged_in_is_not_told_which_pages_there_are(browser: StaffBrowser) -> None:
    assert browser.get("/staff/ingen/slik", status=303).location.startswith("/staff/login")


@pytest.mark.parametrize(
    ("asked", "language"), [("da, en;q=0.5", "da"), ("nn-NO, nb;q=0.8", "nn"), ("en", "nb"), ("", "nb")]
)
def test_who_is_not_known_yet_is_spoken_to_as_their_browser_asks(app: Flask, asked: str, language: str) -> None:
    answer = app.test_client().get("/staff/logged-out", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in answer.text


def test_what_was_typed_while_the_database_was_busy_can_be_sent_again(
    ingrid: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = hidden_of(ingrid.get("/staff/me"), "/staff/logout")

    def busy(*unused: object, **unused_names: object) -> None:
        raise DatabaseBusy

    monkeypatch.setattr("forms_app.casework.names.search", busy)
    page = ingrid.post("/staff/inbox/search", {**kept, "q": ["Åse Bjørnstad"]}, status=503)
    assert "Åse Bjørnstad" in page.main
    assert hidden_of(page, "/staff/inbox/search")["q"] == ["Åse Bjørnstad"]
    monkeypatch.setattr("forms_app.storage.staff.members.names", busy)
    assert "Ingenting ble lagret" in ingrid.get("/staff/inbox", status=503).main


def test_a_fault_of_ours_is_told_without_the_words_for_citizens(
    ingrid: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*unused: object, **unused_names: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("forms_app.storage.staff.members.names", broken)
    page = ingrid.get("/staff/inbox", status=500)
    assert "Se etter om det ble gjort" in page.main
    assert "kvittering" not in page.main


def test_files_that_are_too_large_are_refused_before_anything_is_kept(ingrid: StaffBrowser) -> None:
    kept = hidden_of(ingrid.get("/staff/me"), "/staff/logout")
    large = File(name="stor.pdf", content=b"x" * LARGEST_REQUEST)
    assert "mindre filer" in ingrid.post("/staff/new/complaint", kept, files=[large], status=413).main
