"""When it was saved, how long it is kept, what is said when it is gone, and how to be rid of it at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File, Page, words_of
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from movable_clock import MovableClock

from forms_app.delivery.expiry import DraftExpiry
from forms_app.intake import drafts
from forms_app.language import Language
from forms_app.sealing.codes import Code
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files, draft_steps
from forms_app.storage.tables import drafts as draft_rows

START = "/nb/skjema/soknad/"
SAVED = {
    Language.NB: ("Sist lagret kl. 13:00.", "Sist lagret 22. november 2026 kl. 13:00.", "22. desember 2026"),
    Language.NN: ("Sist lagra kl. 13:00.", "Sist lagra 22. november 2026 kl. 13:00.", "22. desember 2026"),
    Language.DA: ("Sidst gemt kl. 13.00.", "Sidst gemt 22. november 2026 kl. 13.00.", "22. december 2026"),
}
LETTER = File(name="brev.txt", content=b"hei")


def rows(database: sa.Engine) -> list[int]:
    with reading(database) as connection:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (draft_rows, draft_steps, draft_files)
        ]


def expire(database: sa.Engine, clock: MovableClock) -> None:
    """As the worker does it."""
    DraftExpiry(database, clock, days=30).run_once()


def type_code(client: CheckedClient, code: str, status: int) -> Page:
    page = client.get("/nb/skjema/status")
    return client.post(page.url, fields_of(page) | {"code": [code]}, status=status)


def text(client: CheckedClient, url: str) -> str:
    return client.get(url).main


@pytest.mark.parametrize("language", Language)
def test_every_page_says_when_the_draft_was_saved_and_until_when_it_is_kept(
    client: CheckedClient, clock: MovableClock, language: Language
) -> None:
    today, later, until = SAVED[language]
    journey = Journey(client, language, "application")
    first = journey.begin()
    assert today not in first.main
    assert until in first.main
    step = journey.send_page(first)
    review = journey.on(step, journey.review_slug)
    pages = [step.url, review.url, journey.start, journey.start + "kode"]
    assert all(today in text(client, url) and until in text(client, url) for url in pages)
    clock.move(hours=11)
    assert all(later in text(client, url) for url in pages)


def test_each_save_counts_the_days_anew(client: CheckedClient, clock: MovableClock) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("behov")
    clock.move(days=3)
    saved = journey.send_page(page)
    assert "Sist lagret kl. 13:00." in saved.main
    assert "25. desember 2026" in saved.main


def test_the_start_page_says_how_long_a_draft_is_kept(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    for days, words in ((30, "30 dager"), (1, "1 dag ")):
        client = CheckedClient(make_app(replace(settings, draft_days=days)))
        assert f"slettes {words.strip()} etter at den sist ble lagret" in client.get(START).main
        assert words.strip() in client.get("/nb/skjema/status").main


def test_an_expired_a_deleted_and_an_unknown_code_are_answered_alike(
    client: CheckedClient, app: Flask, database: sa.Engine, clock: MovableClock
) -> None:
    expired, deleted = CheckedClient(app), CheckedClient(app)
    codes = []
    for browser in (expired, deleted):
        Journey(browser, Language.NB, "application").to("behov")
        codes.append(code_of(browser.get(START + "kode")))
    confirm = deleted.get(START + "slett")
    deleted.post(confirm.url, fields_of(confirm), status=200)
    clock.move(days=31)
    expire(database, clock)
    answers = [type_code(client, code, 422) for code in [*codes, Code.new().shown]]
    assert len({answer.main for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


def test_whoever_comes_back_after_expiry_is_told_that_it_may_have_expired(
    client: CheckedClient, database: sa.Engine, clock: MovableClock
) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("behov")
    code = client.cookie("draft-application") or ""
    clock.move(days=30)
    expire(database, clock)
    assert client.get(page.url).status == 200
    clock.move(days=1)
    expire(database, clock)
    assert rows(database) == [0, 0, 0]
    start = client.follow(client.get(page.url, status=303))
    assert "kan være utløpt eller slettet" in start.main
    said = words_of(type_code(CheckedClient(client.app), code, 422).with_class("ds-validation-message")[0])
    assert said.removeprefix("Feil: ") in start.main
    assert "utløpt" not in journey.begin().main
    assert "utløpt" not in client.get(START).main


def test_who_has_sent_something_is_told_nothing_of_expiry(
    client: CheckedClient, database: sa.Engine, clock: MovableClock
) -> None:
    journey = Journey(client, Language.NB, "application")
    reference = reference_of(journey.send())
    clock.move(days=400)
    expire(database, clock)
    start = client.get(START)
    assert reference in start.main
    assert "utløpt" not in start.main
    assert reference_of(client.get(journey.receipt_url)) == reference


@pytest.mark.parametrize("language", Language)
def test_a_draft_is_deleted_with_its_files_and_it_is_said_what_went(
    client: CheckedClient, database: sa.Engine, language: Language
) -> None:
    journey = Journey(client, language, "application", files=[LETTER])
    journey.to_review()
    code = client.cookie("draft-application") or ""
    code_page = client.get(journey.start + "kode")
    (link,) = {one.get("href", "") for one in code_page.all(".//main//a") if "/sl" in one.get("href", "")}
    assert link in [one.get("href") for one in client.get(journey.start).all(".//main//a")]
    confirm = client.get(link)
    assert "brev.txt" in confirm.main
    assert rows(database)[0] == 1
    done = client.post(confirm.url, fields_of(confirm), status=200)
    assert rows(database) == [0, 0, 0]
    assert client.cookie("draft-application") is None
    assert ["1 fil" in one for one in done.words(".//main//li")] == [False, True]
    assert type_code(client, code, 422).status == 422
    assert client.get(link, status=303).location == journey.start


def test_a_draft_with_nothing_in_it_can_be_deleted(client: CheckedClient, database: sa.Engine) -> None:
    Journey(client, Language.NB, "complaint").begin()
    confirm = client.get("/nb/skjema/klage/slett")
    assert "Ingenting er lagret i den ennå" in confirm.main
    assert "0 sider" in client.post(confirm.url, fields_of(confirm), status=200).main
    assert rows(database) == [0, 0, 0]


def test_a_second_window_that_saves_after_deletion_keeps_its_text_and_may_begin_anew(
    client: CheckedClient, database: sa.Engine
) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("situasjonen")
    typed = fields_of(page) | {"situation": ["Lang tekst"]}
    confirm = client.get(START + "slett")
    client.post(confirm.url, fields_of(confirm), status=200)
    shown = client.post(page.url, typed, status=409)
    assert fields_of(shown)["situation"] == ["Lang tekst"]
    assert "slettet" in shown.main
    assert shown.title.startswith("Feil: ")
    assert client.post(page.url, fields_of(shown), status=409).main == shown.main
    assert rows(database) == [0, 0, 0]
    client.post(page.url, fields_of(shown) | {"action": ["begin"]}, status=303)
    assert rows(database)[:2] == [1, 1]
    again = journey.on(client.get(START + "kommune"), "situasjonen")
    assert (again.one(".//textarea[@name='situation']").text or "").strip() == "Lang tekst"


def test_what_was_sent_before_does_not_stand_for_a_draft_that_was_deleted(client: CheckedClient) -> None:
    reference = reference_of(Journey(client, Language.NB, "application").send())
    page = Journey(client, Language.NB, "application").to("behov")
    confirm = client.get(START + "slett")
    client.post(confirm.url, fields_of(confirm), status=200)
    assert "er allerede sendt" not in client.post(page.url, fields_of(page), status=409).main
    assert reference in client.get(START).main


def test_a_page_to_delete_does_not_delete_another_draft(client: CheckedClient, database: sa.Engine) -> None:
    Journey(client, Language.NB, "application").to("behov")
    confirm = client.get(START + "slett")
    Journey(client, Language.NB, "application").to("hvem")
    before = rows(database)
    assert client.post(confirm.url, fields_of(confirm), status=303).location == confirm.url
    assert rows(database) == before


def test_without_a_token_nothing_is_deleted_and_it_is_said(client: CheckedClient, database: sa.Engine) -> None:
    Journey(client, Language.NB, "application").to("behov")
    confirm = client.get(START + "slett")
    before = rows(database)
    client.forget("session")
    asked = client.post(confirm.url, fields_of(confirm), status=422)
    assert "Ingenting er slettet" in asked.main
    assert rows(database) == before
    client.post(asked.url, fields_of(asked), status=200)
    assert rows(database) == [0, 0, 0]


@pytest.mark.parametrize(("error", "leads_to"), [("AlreadySubmitted", "kvittering"), ("UnknownDraft", "")])
def test_a_draft_that_is_sent_or_deleted_at_the_same_moment_is_not_deleted_twice(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, error: str, leads_to: str
) -> None:
    Journey(client, Language.NB, "application").to("behov")
    confirm = client.get(START + "slett")

    def raise_it(*unused_arguments: object) -> None:
        raise getattr(drafts, error)

    monkeypatch.setattr(drafts, "delete", raise_it)
    assert client.post(confirm.url, fields_of(confirm), status=303).location == START + leads_to


def test_text_is_kept_when_the_draft_is_deleted_while_it_is_being_saved(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    save, code = drafts.save_step, Code.parse(client.cookie("draft-application") or "")

    def save_too_late(engine: sa.Engine, *arguments: object, **named: object) -> None:
        drafts.delete(engine, code)
        save(engine, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(drafts, "save_step", save_too_late)
    shown = client.post(page.url, fields_of(page) | {"situation": ["Lang tekst"]}, status=409)
    assert fields_of(shown)["situation"] == ["Lang tekst"]


def test_an_unsaved_page_can_be_put_aside_with_its_code(client: CheckedClient, app: Flask) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("kontakt")
    paused = client.post(page.url, fields_of(page) | {"phone": ["12"], "action": ["pause"]}, status=303)
    code = code_of(client.follow(paused))
    library = CheckedClient(app)
    resumed = library.follow(type_code(library, code, 303))
    assert resumed.url == page.url
    assert fields_of(resumed)["phone"] == ["12"]
    assert not resumed.with_class("ds-error-summary")
    assert library.post(page.url, fields_of(resumed), status=422).with_class("ds-error-summary")
