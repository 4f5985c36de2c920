"""Looking over, sending once, and the receipt."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of

from forms_app.books.journal import IssueJournal
from forms_app.intake import drafts, receipts
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import cases, deliveries, draft_steps, submissions

SEVERAL = 20


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def in_another_tab(client: CheckedClient) -> CheckedClient:
    """A browser with the same cookies."""
    other = CheckedClient(client.app, base_url=client.base_url)
    other.browser._cookies = client.browser._cookies  # type: ignore[attr-defined]  # werkzeug's cookie jar
    return other


def test_two_tabs_on_one_step_cannot_overwrite_each_other_silently(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    one, other = client.get(journey.start + "situasjonen"), client.get(journey.start + "situasjonen")
    assert client.post(one.url, fields_of(one) | {"situation": ["Fra den ene"]}).status == 303
    conflict = client.post(other.url, fields_of(other) | {"situation": ["Fra den andre"]}, status=409)
    assert fields_of(conflict)["situation"][0].strip() == "Fra den andre"
    client.post(conflict.url, fields_of(conflict))
    assert "Fra den andre" in client.get(journey.start + journey.review_slug).main


def test_answers_that_changed_after_the_review_are_shown_again_and_not_sent(
    client: CheckedClient, database: sa.Engine
) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    page = client.get(journey.start + "situasjonen")
    client.post(page.url, fields_of(page) | {"situation": ["Nytt svar"]})
    shown_again = client.post(review.url, fields_of(review), status=409)
    assert "Nytt svar" in shown_again.main
    assert shown_again.title.startswith("Feil: ")
    assert count(database, submissions) == 0
    assert "Nytt svar" in journey.confirm(shown_again).main


def test_a_file_that_came_after_the_review_is_shown_before_it_is_sent(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    page = client.get(journey.start + "vedlegg")
    client.post(page.url, fields_of(page), files=[File(name="nytt.txt", content=b"hei")])
    assert "nytt.txt" in client.post(review.url, fields_of(review), status=409).main


def test_two_tabs_in_two_languages_send_what_was_last_reviewed(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    danish = client.get("/da/skema/anmodning/gennemse")
    first = client.follow(client.post(danish.url, fields_of(danish)))
    second = client.follow(client.post(review.url, fields_of(review)))
    assert reference_of(first) == reference_of(second)


def test_reloading_and_sending_again_give_the_same_receipt(
    client: CheckedClient, database: sa.Engine, settings: Settings
) -> None:
    journey = Journey(client, Language.NN, "complaint")
    review = journey.to_review()
    receipt = journey.confirm(review)
    again = client.follow(client.post(review.url, fields_of(review)))
    assert again.main == client.get(receipt.url).main == receipt.main
    assert count(database, submissions) == 1
    assert {line.reference for line in IssueJournal(settings.journal).lines()} == {reference_of(receipt)}


def test_many_clicks_at_once_are_one_submission_with_one_reference(
    client: CheckedClient, database: sa.Engine, settings: Settings
) -> None:
    journey = Journey(client, Language.NB, "application", files=[File(name="a.txt", content=b"hei")])
    review = journey.to_review()
    fields = fields_of(review)
    with ThreadPoolExecutor(SEVERAL) as pool:
        tabs = [in_another_tab(client) for unused_click in range(SEVERAL)]
        answers = list(pool.map(lambda tab: tab.post(review.url, fields), tabs))
    assert {answer.location for answer in answers} == {journey.receipt_url}
    references = {reference_of(tab.get(journey.receipt_url)) for tab in tabs}
    assert len(references) == count(database, submissions) == 1
    assert count(database, cases) == count(database, deliveries) == 1
    assert {line.reference for line in IssueJournal(settings.journal).lines()} == references


def test_the_journal_knows_the_reference_before_anyone_sees_it(client: CheckedClient, settings: Settings) -> None:
    journal = IssueJournal(settings.journal)
    journey = Journey(client, Language.NB, "power_of_attorney")
    review = journey.to_review()
    assert list(journal.lines()) == []
    assert journal.contains(reference_of(journey.confirm(review)))


def test_no_receipt_is_shown_while_the_journal_cannot_be_written(client: CheckedClient, settings: Settings) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    settings.journal.mkdir()
    client.post(review.url, fields_of(review))
    assert "reference" not in client.get(journey.receipt_url, status=503).text.replace("preference", "")
    settings.journal.rmdir()
    assert reference_of(client.get(journey.receipt_url))


def test_the_receipt_shows_the_same_code_as_the_code_page(client: CheckedClient) -> None:
    journey = Journey(client, Language.DA, "power_of_attorney")
    journey.to_review()
    code = code_of(client.get(journey.start + "kode"))
    assert code_of(journey.confirm(client.get(journey.start + journey.review_slug))) == code
    assert code_of(client.get(journey.start + "kode")) == code


def test_times_on_the_receipt_are_the_citizen_s_own(client: CheckedClient) -> None:
    receipt = Journey(client, Language.NB, "application").send()
    assert "22. november 2026 kl. 13:00" in receipt.main


def test_two_drafts_of_different_forms_live_side_by_side(client: CheckedClient, app: Flask) -> None:
    application = Journey(client, Language.NB, "application")
    page = application.to("behov")
    complaint = Journey(client, Language.NB, "complaint").send()
    assert reference_of(application.confirm(application.on(page, "se-over"))) != reference_of(complaint)


def test_what_is_saved_while_another_tab_sends_is_told_that_it_came_too_late(
    client: CheckedClient, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    page = client.get(journey.start + "situasjonen")
    save = drafts.save_step

    def save_after_another_tab_sent(*arguments: Any, **named: Any) -> None:
        in_another_tab(client).post(review.url, fields_of(review))
        save(*arguments, **named)

    monkeypatch.setattr(drafts, "save_step", save_after_another_tab_sent)
    too_late = client.post(page.url, fields_of(page) | {"situation": ["For sent"]}, status=409)
    assert "allerede sendt" in too_late.main
    assert fields_of(too_late)["situation"] == ["For sent"]
    assert count(database, draft_steps) == 0


def test_a_click_between_two_reads_of_a_draft_shows_it_as_sent_and_never_as_empty(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    clicks = [1]
    reads = {"read": drafts.read, "find": receipts.find}

    def before_another_click(name: str) -> Callable[..., Any]:
        def read(*arguments: Any) -> Any:
            found = reads[name](*arguments)
            if clicks and clicks.pop():
                in_another_tab(client).post(review.url, fields_of(review))
            return found

        return read

    for module, name in ((drafts, "read"), (receipts, "find")):
        monkeypatch.setattr(module, name, before_another_click(name))
    assert client.post(review.url, fields_of(review)).location == journey.receipt_url


def test_a_receipt_outlives_its_municipality_s_place_in_the_deployment(
    make_app: Callable[[Settings], Flask], settings: Settings, client: CheckedClient
) -> None:
    receipt = Journey(client, Language.NB, "application", {"municipality": "arendal"}).send()
    others = tuple(one for one in settings.deployment.municipalities if one.key != "arendal")
    smaller = replace(settings, deployment=replace(settings.deployment, municipalities=others))
    later = CheckedClient(make_app(smaller))
    status = later.get("/nb/skjema/status")
    again = later.follow(later.post(status.url, fields_of(status) | {"code": [code_of(receipt)]}, status=303))
    assert reference_of(again) == reference_of(receipt)
    assert "arendal" in again.main


def test_nothing_whose_name_begins_with_a_dot_is_served(client: CheckedClient) -> None:
    assert client.get("/static/assets/.stamp", status=404).status == 404
