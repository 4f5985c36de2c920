"""Programs that fill in every form they find are asked once more. So is a person who is taken for one, and no more."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, Page
from flask import Flask
from form_journeys import Journey, fields_of
from movable_clock import MovableClock

from forms_app.language import Language, gettext, use
from forms_app.settings import REPOSITORY, Settings, from_environ
from forms_app.storage.engine import reading
from forms_app.storage.tables import drafts, submissions
from forms_app.web.spam import LEFT_EMPTY, SHOWN_AT

FASTEST = 2


@pytest.fixture
def client(make_app: Callable[[Settings], Flask], environ: dict[str, str]) -> CheckedClient:
    """A citizen's browser at a portal whose traps are set as usual."""
    return CheckedClient(make_app(from_environ(environ | {"PORTAL_FASTEST_SECONDS": str(FASTEST)})))


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def to_review(client: CheckedClient, clock: MovableClock, language: Language = Language.NB) -> tuple[Journey, Page]:
    """A form filled in by somebody who reads, and its review as it has just been shown."""
    journey = Journey(client, language, "application", {"situation": "Et langt svar"})
    start = client.get(journey.start)
    clock.move(seconds=FASTEST)
    return journey, journey.on(client.follow(client.post(start.url, fields_of(start))), journey.review_slug)


def assert_asked_once_more(page: Page, language: Language) -> None:
    with use(language):
        assert page.heading == gettext("Press once more, please")
    assert page.status == 200
    assert len(page.all(".//main//form")) == len(page.all(".//main//button")) == 1
    assert not {LEFT_EMPTY, SHOWN_AT} & set(fields_of(page))


@pytest.mark.parametrize("language", Language)
def test_who_starts_faster_than_anybody_reads_is_asked_once_more(
    client: CheckedClient, database: sa.Engine, language: Language
) -> None:
    start = client.get(Journey(client, language, "complaint").start)
    asked = client.post(start.url, fields_of(start) | {"shared_computer": ["y"]})
    assert_asked_once_more(asked, language)
    assert fields_of(asked)["shared_computer"] == ["y"]
    assert count(database, drafts) == 0
    begun = client.post(asked.url, fields_of(asked), status=303)
    assert not [one for one in begun.cookies if one.startswith("draft-") and "max-age" in one.lower()]


@pytest.mark.parametrize("language", Language)
def test_who_sends_faster_than_anybody_reads_is_asked_once_more_and_loses_nothing(
    client: CheckedClient, clock: MovableClock, database: sa.Engine, language: Language
) -> None:
    journey, review = to_review(client, clock, language)
    asked = client.post(review.url, fields_of(review))
    assert_asked_once_more(asked, language)
    assert [one.text for one in asked.all(".//main//button")] == [one.text for one in review.all(".//main//button")]
    assert count(database, submissions) == 0
    assert "Et langt svar" in journey.confirm(asked).main


def test_who_takes_as_long_as_a_person_is_asked_nothing(client: CheckedClient, clock: MovableClock) -> None:
    journey, review = to_review(client, clock)
    clock.move(seconds=FASTEST)
    assert "Et langt svar" in journey.confirm(review).main


@pytest.mark.parametrize(
    "shown_at", [None, "", "1", "1.x", "9999999999.AAAA", "æøå🙂", "x" * 5000], ids=lambda one: repr(one)[:20]
)
def test_a_time_that_is_missing_or_not_ours_tells_nothing(
    client: CheckedClient, clock: MovableClock, shown_at: str | None
) -> None:
    journey, review = to_review(client, clock)
    fields = fields_of(review)
    del fields[SHOWN_AT]
    given = {} if shown_at is None else {SHOWN_AT: [shown_at]}
    assert client.post(review.url, fields | given).location == journey.receipt_url


def test_the_time_of_another_page_tells_nothing(client: CheckedClient, clock: MovableClock) -> None:
    journey, review = to_review(client, clock)
    start = client.get("/nb/skjema/klage/")
    fields = fields_of(review) | {SHOWN_AT: fields_of(start)[SHOWN_AT]}
    assert client.post(review.url, fields).location == journey.receipt_url


@pytest.mark.parametrize("moved", [{"days": 20}, {"seconds": -5}], ids=["open for days", "clocks that differ"])
def test_a_page_that_was_open_long_or_comes_from_a_moment_ahead_is_taken(
    client: CheckedClient, clock: MovableClock, moved: dict[str, float]
) -> None:
    journey, review = to_review(client, clock)
    clock.move(**moved)
    assert client.post(review.url, fields_of(review)).location == journey.receipt_url


def test_a_page_that_is_shown_again_has_been_waited_for(client: CheckedClient, clock: MovableClock) -> None:
    journey, review = to_review(client, clock)
    again = client.post(review.url, fields_of(review) | {"csrf_token": ["x"]}, status=422)
    assert SHOWN_AT not in fields_of(again)
    assert "Et langt svar" in journey.confirm(again).main


@pytest.mark.parametrize("language", Language)
def test_who_fills_in_the_field_that_nobody_sees_is_asked_once_more_and_never_dropped(
    client: CheckedClient, clock: MovableClock, database: sa.Engine, language: Language
) -> None:
    journey, review = to_review(client, clock, language)
    clock.move(minutes=5)
    asked = client.post(review.url, fields_of(review) | {LEFT_EMPTY: ["Cheap watches"]})
    assert_asked_once_more(asked, language)
    assert "Cheap" not in asked.text
    assert count(database, submissions) == 0
    assert "Et langt svar" in journey.confirm(asked).main


@pytest.mark.parametrize("language", Language)
def test_the_field_is_hidden_from_people_however_they_read(client: CheckedClient, language: Language) -> None:
    page = client.get(Journey(client, language, "complaint").start)
    (around,) = page.with_class("left-empty")
    (field,) = around.iter("input")
    assert around.get("aria-hidden") == "true"
    assert (field.get("tabindex"), field.get("autocomplete"), field.get("name")) == ("-1", "off", LEFT_EMPTY)
    assert not field.get("value")
    with use(language):
        assert gettext("Leave this field empty") in page.words(".//label")
    css = (REPOSITORY / "forms_app" / "web" / "static" / "forms.css").read_text("utf-8")
    assert ".left-empty {\n  display: none;\n}" in css
