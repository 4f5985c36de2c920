"""More documents for what was sent: as safe as the form itself, once each, under the same reference."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from case_pages import add, addition_review_url, addition_url, choose, press, status_url, take_back, take_back_url
from checked_client import CheckedClient, File, Page, words_of
from flask import Flask
from form_journeys import Journey, fields_of, reference_of
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed
from sample_files import pdf, photo, zipped

from forms_app.books.journal import IssueJournal
from forms_app.casework.opening import OpenedCase, open_case
from forms_app.clock import utc_now
from forms_app.language import Language, gettext, use
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.limits import Counted
from forms_app.storage.tables import cases, draft_files, drafts, follow_ups, submissions

EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)
SEVERAL = 10
LETTER = File(name="vedtak æ.pdf", content=pdf(b"vedtak"))
PHOTO = File(name="bilde.jpg", content=photo())


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    """A complaint in Bokmål that was sent."""
    journey = Rehearsed(client, Language.NB, "complaint", {"why": "Fordi"}, [File(name="først.txt", content=b"1")])
    journey.send()
    return journey


@pytest.fixture
def opened(
    client: CheckedClient, journey: Journey, database: sa.Engine, identities: tuple[Identity, ...]
) -> Callable[[], OpenedCase]:
    """The case as a case worker opens it."""

    def open_() -> OpenedCase:
        reference = reference_of(client.get(journey.receipt_url))
        return open_case(database, utc_now, identities, reference, actor="cli:ingrid")

    return open_


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def listed(page: Page) -> list[str]:
    """The files that a page lists."""
    return [words_of(one) for one in page.with_class("file-name")]


def in_another_tab(client: CheckedClient) -> CheckedClient:
    """A browser with the same cookies."""
    other = CheckedClient(client.app, base_url=client.base_url)
    other.browser._cookies = client.browser._cookies  # type: ignore[attr-defined]  # werkzeug's cookie jar
    return other


@EVERY_LANGUAGE
@pytest.mark.parametrize("form", ["application", "complaint", "power_of_attorney"])
def test_documents_are_chosen_looked_over_and_sent(
    client: CheckedClient,
    database: sa.Engine,
    identities: tuple[Identity, ...],
    settings: Settings,
    form: str,
    language: Language,
) -> None:
    journey = Rehearsed(client, language, form)
    reference = reference_of(journey.send())
    review = choose(client, journey, LETTER, PHOTO)
    assert review.url == addition_review_url(journey)
    assert listed(review) == [LETTER.name, PHOTO.name]
    assert count(database, submissions) == 1
    page = press(client, review)
    assert page.url == status_url(journey)
    with use(language):
        assert gettext("Addition %(number)s", number=1) in page.main
        assert gettext("Received as %(reference)s.", reference=f"{reference}-1") in page.main
    assert f"{LETTER.name}, {PHOTO.name}" in page.main
    case = open_case(database, utc_now, identities, reference, actor="cli:ingrid")
    (later,) = case.later
    assert {file.facts.name: file.content for file in later.files} == {
        LETTER.name: LETTER.content,
        PHOTO.name: PHOTO.content,
    }
    assert later.submission.binding.language is language
    assert {line.reference for line in IssueJournal(settings.journal).lines()} == {reference, f"{reference}-1"}


def test_any_number_of_clicks_is_one_addition(
    client: CheckedClient, journey: Journey, database: sa.Engine, opened: Callable[[], OpenedCase]
) -> None:
    review = choose(client, journey, LETTER)
    fields = fields_of(review)
    with ThreadPoolExecutor(SEVERAL) as pool:
        tabs = [in_another_tab(client) for unused_click in range(SEVERAL)]
        answers = list(pool.map(lambda tab: tab.post(review.url, fields), tabs))
    assert {answer.location for answer in answers} == {f"{status_url(journey)}#sent-1"}
    assert count(database, follow_ups) == 1
    assert client.post(review.url, fields, status=303).location == f"{status_url(journey)}#sent-1"
    assert [len(one.files) for one in opened().later] == [1]
    assert (count(database, draft_files), count(database, cases)) == (0, 1)


def test_one_addition_follows_another(
    client: CheckedClient, journey: Journey, opened: Callable[[], OpenedCase]
) -> None:
    add(client, journey, LETTER)
    page = add(client, journey, PHOTO)
    assert "Tillegg 1" in page.main
    assert "Tillegg 2" in page.main
    assert [[file.facts.name for file in one.files] for one in opened().later] == [[LETTER.name], [PHOTO.name]]


def test_what_is_chosen_is_kept_until_it_is_sent_and_can_be_taken_out(client: CheckedClient, journey: Journey) -> None:
    page = client.get(addition_url(journey))
    client.post(page.url, fields_of(page) | {"action": ["upload"]}, files=[LETTER, PHOTO], status=303)
    page = client.get(page.url)
    assert listed(page) == [LETTER.name, PHOTO.name]
    remove = [one.get("value", "") for one in page.all(".//main//button") if "remove-file" in one.get("value", "")]
    client.post(page.url, fields_of(page) | {"action": [remove[0]]}, multipart=True, status=303)
    assert listed(client.get(addition_review_url(journey))) == [PHOTO.name]


@EVERY_LANGUAGE
def test_switching_the_language_keeps_place_and_files(
    client: CheckedClient, journey: Journey, language: Language
) -> None:
    page = client.get(addition_url(journey))
    (target,) = [
        one.get("formaction", "")
        for one in page.all(".//header//button")
        if one.get("lang") == language and one.get("form") == page.one(".//main//form").get("id")
    ]
    answer = client.post(target, fields_of(page) | {"action": ["as-it-stands"]}, files=[LETTER], status=303)
    assert answer.location == target
    assert listed(client.follow(answer)) == [LETTER.name]


def test_nothing_is_sent_without_a_file(client: CheckedClient, journey: Journey, database: sa.Engine) -> None:
    page = client.get(addition_url(journey))
    refused = client.post(page.url, fields_of(page), multipart=True, status=422)
    assert "Velg minst én fil" in refused.main
    assert refused.title.startswith("Feil: ")
    assert client.get(addition_review_url(journey), status=303).location == addition_url(journey)
    assert count(database, submissions) == 1


def test_what_the_form_refuses_is_refused_here_with_the_same_words(client: CheckedClient, journey: Journey) -> None:
    page = client.get(addition_url(journey))
    archive = File(name="alt.zip", content=zipped({"a.txt": b"a"}))
    refused = client.post(page.url, fields_of(page), files=[archive, LETTER], status=422)
    assert "Pakk" in refused.main
    assert listed(refused) == [LETTER.name]


def test_files_are_kept_when_the_page_had_been_open_too_long(client: CheckedClient, journey: Journey) -> None:
    page = client.get(addition_url(journey))
    kept = client.post(page.url, fields_of(page) | {"csrf_token": ["x"]}, files=[LETTER], status=422)
    assert kept.title.startswith("Feil: ")
    assert listed(kept) == [LETTER.name]
    review = client.get(addition_review_url(journey))
    refused = client.post(review.url, fields_of(review) | {"csrf_token": ["x"]}, status=422)
    assert listed(refused) == [LETTER.name]


def test_files_that_changed_after_they_were_looked_over_are_shown_again(
    client: CheckedClient, journey: Journey, database: sa.Engine
) -> None:
    review = choose(client, journey, LETTER)
    choose(client, journey, PHOTO)
    again = client.post(review.url, fields_of(review), status=409)
    assert listed(again) == [LETTER.name, PHOTO.name]
    assert again.title.startswith("Feil: ")
    assert count(database, submissions) == 1
    press(client, again)
    assert count(database, submissions) == 2


def test_files_that_were_all_taken_out_meanwhile_lead_back_to_choosing(client: CheckedClient, journey: Journey) -> None:
    review = choose(client, journey, LETTER)
    page = client.get(addition_url(journey))
    (button,) = [one for one in page.all(".//main//button") if "remove-file" in one.get("value", "")]
    client.post(page.url, fields_of(page) | {"action": [button.get("value", "")]}, multipart=True, status=303)
    assert client.post(review.url, fields_of(review), status=303).location == addition_url(journey)


@pytest.mark.parametrize("number", ["", "x", "0", "7", "999999999999"])
def test_a_number_that_was_never_shown_sends_nothing(
    client: CheckedClient, journey: Journey, database: sa.Engine, number: str
) -> None:
    review = choose(client, journey, LETTER)
    assert listed(client.post(review.url, fields_of(review) | {"number": [number]}, status=409)) == [LETTER.name]
    assert count(database, submissions) == 1


def test_a_page_left_open_says_that_its_files_were_not_kept(
    client: CheckedClient, journey: Journey, database: sa.Engine
) -> None:
    left_open = client.get(addition_url(journey))
    add(client, journey, LETTER)
    told = client.post(left_open.url, fields_of(left_open), files=[PHOTO], status=409)
    assert "allerede sendt" in told.main
    assert listed(told) == []
    assert count(database, drafts) == 1


def test_a_file_that_comes_while_another_click_sends_is_not_silently_lost(
    client: CheckedClient, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forms_app.intake import additions

    review = choose(client, journey, LETTER)
    page = client.get(addition_url(journey))
    begin = additions.begin

    def begin_after_another_click(*arguments: object) -> None:
        monkeypatch.undo()
        press(in_another_tab(client), review)
        begin(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(additions, "begin", begin_after_another_click)
    told = client.post(page.url, fields_of(page), files=[PHOTO], status=409)
    assert "allerede sendt" in told.main
    assert client.post(page.url, fields_of(told), files=[PHOTO], status=303).location == addition_review_url(journey)


def test_a_file_that_comes_while_another_window_withdraws_leads_to_the_status(
    client: CheckedClient, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forms_app.intake import additions

    review = choose(client, journey, LETTER)
    confirm = client.get(take_back_url(journey))
    page = client.get(addition_url(journey))
    begin = additions.begin

    def begin_after_all_is_over(*arguments: object) -> None:
        monkeypatch.undo()
        press(in_another_tab(client), review)
        press(in_another_tab(client), confirm)
        begin(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(additions, "begin", begin_after_all_is_over)
    assert client.post(page.url, fields_of(page), files=[PHOTO], status=303).location == status_url(journey)


def test_nothing_more_is_taken_about_what_was_withdrawn(
    client: CheckedClient, journey: Journey, database: sa.Engine
) -> None:
    review = choose(client, journey, LETTER)
    take_back(client, journey)
    before = count(database, submissions)
    assert client.post(review.url, fields_of(review), status=303).location == status_url(journey)
    for url in (addition_url(journey), addition_review_url(journey)):
        assert client.get(url, status=303).location == status_url(journey)
    assert count(database, submissions) == before


def test_whoever_sends_too_often_is_told_when_to_go_on_and_keeps_the_files(
    make_app: Callable[[Settings], Flask], settings: Settings, database: sa.Engine
) -> None:
    client = CheckedClient(make_app(replace(settings, per_hour={**settings.per_hour, Counted.SUBMISSION: 1})))
    journey = Rehearsed(client, Language.NB, "application")
    journey.send()
    review = choose(client, journey, LETTER)
    refused = client.post(review.url, fields_of(review), status=429)
    assert listed(refused) == [LETTER.name]
    assert count(database, submissions) == 1


def test_an_addition_is_news_in_the_case_until_it_is_opened(
    client: CheckedClient, journey: Journey, database: sa.Engine, opened: Callable[[], OpenedCase]
) -> None:
    opened()
    add(client, journey, LETTER)
    with reading(database) as connection:
        assert connection.execute(sa.select(cases.c.news_at)).scalar_one() is not None
        assert connection.execute(sa.select(cases.c.is_unscanned)).scalar_one()
    opened()
    with reading(database) as connection:
        assert connection.execute(sa.select(cases.c.news_at)).scalar_one() is None
