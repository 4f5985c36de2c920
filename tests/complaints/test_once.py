"""Complaints 6 to 9: sent once, received many times, or empty, or without its files, or under three numbers."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from form_journeys import Journey, fields_of, reference_of
from sample_files import pdf

from forms_app.language import Language

Inbox = Callable[[], list[dict[str, Any]]]
Parcels = Callable[[], dict[str, dict[str, str]]]
Rows = Callable[[str], list[Any]]
CLICKS = 8
LETTER = File(name="brev.pdf", content=pdf())


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    return Journey(client, Language.NB, "application", {"situation": "Vi sover ikke"}, [LETTER])


def window(client: CheckedClient) -> CheckedClient:
    """Another window of the same browser, which can wait for its own answer."""
    other = CheckedClient(client.app)
    for name in ("draft-application", "session"):
        other.browser.set_cookie(name, client.cookie(name) or "")
    return other


def click_at_once(client: CheckedClient, url: str, fields: dict[str, list[str]]) -> list[str]:
    """Press the same button in many windows; the reference that each is shown."""
    windows = [window(client) for unused_click in range(CLICKS)]
    with ThreadPoolExecutor(CLICKS) as pool:
        answers = list(pool.map(lambda one: one.post(url, fields, status=303), windows))
    return [reference_of(one.get(answer.location)) for one, answer in zip(windows, answers, strict=True)]


def test_06_the_back_button_sends_no_blank_form(
    client: CheckedClient, journey: Journey, portal: Command, rows: Rows, inbox: Inbox
) -> None:
    """Back and submit: case workers got blank forms. A duplicated tab: half of one.

    Every page that the browser still has is posted again after sending, with what stands in it and empty.
    """
    review = journey.to_review()
    pages = [page for page in journey.seen if page.url != journey.start]
    reference = reference_of(journey.confirm(review))
    before = json.loads(portal("open", reference, "--json").stdout)
    for page in pages:
        for fields in (fields_of(page), {"csrf_token": fields_of(page)["csrf_token"]}):
            answer = client.post(page.url, fields)
            assert answer.status in (303, 409), page.url
    assert reference_of(client.follow(client.post(review.url, fields_of(review)))) == reference
    assert [line["reference"] for line in inbox()] == [reference]
    assert json.loads(portal("open", reference, "--json").stdout) == before
    assert "Vi sover ikke" in str(before)
    assert len(rows("submissions")) == 1


@pytest.mark.parametrize("slug", ["kommune", "hvem", "om-deg", "behov", "kontakt"])
def test_06_a_form_with_a_page_missing_cannot_be_sent(
    client: CheckedClient, journey: Journey, rows: Rows, slug: str
) -> None:
    """Whoever knows the address of the last page is led to the first one that is not answered."""
    journey.to(slug)
    review = journey.start + journey.review_slug
    token = fields_of(client.get(journey.start + slug))["csrf_token"]
    assert client.get(review, status=303).location == journey.start + slug
    client.post(review, {"csrf_token": token, "reviewed": ["0" * 64]}, status=303)
    assert rows("submissions") == []


def test_07_many_clicks_are_one_submission(client: CheckedClient, journey: Journey, rows: Rows, inbox: Inbox) -> None:
    """Nothing was seen for seconds, so people clicked again, and each click was a submission."""
    review = journey.to_review()
    references = click_at_once(client, review.url, fields_of(review))
    assert len(set(references)) == 1
    assert [line["reference"] for line in inbox()] == [references[0]]
    assert len(rows("submissions")) == len(rows("cases")) == len(rows("deliveries")) == 1


def test_08_many_clicks_leave_nobody_stuck_and_lose_no_attachment(
    client: CheckedClient, journey: Journey, rows: Rows, parcels: Parcels, hand_over: Any
) -> None:
    """Five clicks: five applications; or none at all, and an applicant who came no further; or one without its files.

    A second application with the same words that somebody fills in anew is another one: its reference, its time and
    its files count, and a case worker sees both. Nobody is asked whether they meant it.
    """
    review = journey.to_review()
    (reference,) = set(click_at_once(client, review.url, fields_of(review)))
    assert reference_of(client.get(journey.receipt_url)) == reference
    assert "brev.pdf" in client.get(journey.receipt_url).main
    second = Journey(client, Language.NB, "application", {"situation": "Vi sover ikke"}, [LETTER])
    another = reference_of(second.send())
    hand_over()
    assert another != reference
    letter = {"brev.pdf": sha256(LETTER.content).hexdigest()}
    assert parcels() == {reference: letter, another: letter}
    assert len(rows("submissions")) == 2


def test_09_a_retry_that_races_the_first_try_keeps_the_one_number(
    journey: Journey, rows: Rows, settings: Any, hand_over: Any, database: sa.Engine
) -> None:
    """One form, three case numbers, because the second try began before the first was noted.

    The number is minted once, at acceptance, and goes with every try. Here a worker delivered and died before it could
    note it, twice; and two workers try at the same time.
    """
    reference = reference_of(journey.send())
    folder = settings.outbox / "arendal"
    hand_over()
    manifest = (folder / reference / "manifest.json").read_bytes()
    for unused_death in range(2):
        with database.begin() as connection:
            connection.exec_driver_sql("DELETE FROM attempts")
            connection.exec_driver_sql("UPDATE deliveries SET state = 'doing', leased_until = 0, attempts = 1")
        with ThreadPoolExecutor(2) as pool:
            for worker in [pool.submit(hand_over) for unused_worker in range(2)]:
                worker.result()
    assert [path.name for path in folder.glob("[!.]*")] == [reference]
    assert (folder / reference / "manifest.json").read_bytes() == manifest
    assert [row.reference for row in rows("submissions")] == [reference]
    assert [row.state for row in rows("deliveries")] == ["succeeded"]
