"""Two windows, two forms, two people at one computer: nothing is mixed, overwritten in silence or thrown away."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of

from forms_app.books.journal import IssueJournal
from forms_app.intake import parcels
from forms_app.language import Language
from forms_app.sealing.codes import Code
from forms_app.sealing.submission import SealedSubmission, seal_submission
from forms_app.settings import Settings
from forms_app.storage.tables import draft_files, submissions

START = "/nb/skjema/soknad/"


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    return Journey(client, Language.NB, "application")


def begin_another(client: CheckedClient) -> None:
    """Press "start a new one" in another window of the same browser."""
    client.post(START, fields_of(client.get(START)), status=303)


def test_a_page_left_open_is_not_saved_into_the_next_draft(client: CheckedClient, journey: Journey) -> None:
    page = journey.to("om-deg")
    typed = fields_of(page) | {"name_of_person": ["Vibeke"]}
    begin_another(client)
    answer = client.post(page.url, typed, status=409)
    assert fields_of(answer)["name_of_person"] == ["Vibeke"]
    assert "ikke lagret" in answer.main
    second = Journey(client, Language.NB, "application")
    assert "Vibeke" not in second.to("om-deg").main


def test_beginning_anew_while_the_first_is_being_sent_leaves_its_receipt(
    client: CheckedClient, journey: Journey
) -> None:
    review = journey.to_review()
    sent = client.post(review.url, fields_of(review), status=303)
    begin_another(client)
    receipt = client.follow(sent)
    assert reference_of(receipt)
    assert code_of(receipt)


def test_looking_at_a_receipt_leaves_the_draft_of_the_same_form(client: CheckedClient, app: Flask) -> None:
    sent = Journey(CheckedClient(app), Language.NB, "application").send()
    Journey(client, Language.NB, "application").to("behov")
    status = client.get("/nb/skjema/status")
    found = client.follow(client.post(status.url, fields_of(status) | {"code": [code_of(sent)]}, status=303))
    assert reference_of(sent) in found.main
    assert "ikke er sendt" in client.get(START).main


def test_a_draft_is_not_replaced_by_another_before_its_code_was_shown(client: CheckedClient, app: Flask) -> None:
    elsewhere = CheckedClient(app)
    Journey(elsewhere, Language.NB, "application").to("behov")
    code = code_of(elsewhere.get(START + "kode"))
    Journey(client, Language.NB, "application").to("behov")
    here = code_of(client.get(START + "kode"))
    status = client.get("/nb/skjema/status")
    asked = client.post(status.url, fields_of(status) | {"code": [code]})
    assert here in asked.main
    client.post(asked.url, fields_of(asked), status=303)
    assert code_of(client.get(START + "kode")) == code


@pytest.mark.parametrize("what", ["a step", "a file"])
def test_what_is_saved_while_the_form_is_being_sent_is_not_emptied_away(
    client: CheckedClient, journey: Journey, database: sa.Engine, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    review = journey.to_review()
    other = client.get(START + ("situasjonen" if what == "a step" else "vedlegg"))

    def save_in_another_window() -> None:
        if what == "a step":
            client.post(other.url, fields_of(other) | {"situation": ["Nytt"]}, status=303)
        else:
            fields = fields_of(other) | {"action": ["upload"]}
            client.post(other.url, fields, files=[File(name="viktig.txt", content=b"viktig")], status=303)

    def seal_while_that_happens(**parts: Any) -> SealedSubmission:
        window = threading.Thread(target=save_in_another_window)
        window.start()
        window.join()
        return seal_submission(**parts)

    monkeypatch.setattr(parcels, "seal_submission", seal_while_that_happens)
    answer = client.post(review.url, fields_of(review), status=409)
    assert ("Nytt" if what == "a step" else "viktig.txt") in answer.main
    with database.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(submissions)) == 0


def test_a_mistake_in_between_does_not_hide_what_another_window_saved(client: CheckedClient, journey: Journey) -> None:
    page = journey.to("kontakt")
    stale = fields_of(page)
    client.post(page.url, journey.fill_in(page) | {"careful": ["Ikke ring hjem"]}, status=303)
    corrected = client.post(page.url, stale | {"phone": ["x"]}, status=422)
    answer = client.post(page.url, fields_of(corrected) | {"phone": ["40501600"]}, status=409)
    client.post(page.url, fields_of(answer), status=303)
    assert "et annet vindu" in answer.main


def test_text_for_a_page_that_is_no_longer_asked_for_is_shown_again(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", {"role": "child"})
    page = journey.to("foreldre")
    role = client.get(START + "hvem")
    client.post(role.url, fields_of(role) | {"role": ["myself"]}, status=303)
    answer = client.post(page.url, fields_of(page) | {"parents_note": ["Lang tekst"]}, status=409)
    assert fields_of(answer)["parents_note"] == ["Lang tekst"]


def test_text_for_a_form_that_was_sent_is_shown_again(client: CheckedClient, journey: Journey) -> None:
    page = journey.to("situasjonen")
    journey.send()
    answer = client.post(page.url, fields_of(page) | {"situation": ["Glemte dette"]}, status=409)
    assert fields_of(answer)["situation"] == ["Glemte dette"]
    assert "sendt" in answer.main


def test_a_file_is_kept_when_the_cookie_ran_out(client: CheckedClient, journey: Journey, database: sa.Engine) -> None:
    page = journey.to("vedlegg")
    client.browser.delete_cookie("draft-application")
    fields = fields_of(page) | {"action": ["upload"]}
    client.post(page.url, fields, files=[File(name="brev.txt", content=b"hei")], status=303)
    draft_id = Code.parse((client.cookie("draft-application") or "").removeprefix("shared.")).draft_id
    with database.connect() as connection:
        kept = connection.scalars(sa.select(draft_files.c.draft_id)).all()
    assert kept == [draft_id]


def test_the_journal_knows_what_was_sent_even_if_nobody_fetches_the_receipt(
    client: CheckedClient, journey: Journey, settings: Settings
) -> None:
    review = journey.to_review()
    client.post(review.url, fields_of(review), status=303)
    noted = [line.reference for line in IssueJournal(settings.journal).lines()]
    assert [reference_of(client.get(journey.receipt_url))] == noted


@pytest.mark.parametrize("language", Language)
def test_the_codes_can_be_forgotten_on_this_computer(client: CheckedClient, language: Language) -> None:
    journey = Journey(client, language, "complaint")
    receipt = journey.send()
    (form,) = [one for one in receipt.all(".//form") if one.get("action")]
    token = [one.get("value", "") for one in form.iter("input") if one.get("name") == "csrf_token"]
    client.post(form.get("action", ""), {"csrf_token": token}, status=303)
    assert client.get(journey.receipt_url, status=303).location == journey.start
    assert not client.cookie("draft-complaint")


def test_a_choice_that_another_country_does_not_have_is_asked_for_again(client: CheckedClient) -> None:
    Journey(client, Language.NB, "application", {"wanted": "coordinator"}).to_review()
    place = client.get(START + "kommune")
    client.post(place.url, fields_of(place) | {"municipality": ["rudersdal"]}, status=303)
    needs = client.follow(client.get(START + "se-over", status=303))
    assert needs.slug == "behov"
    assert needs.with_class("ds-error-summary")
