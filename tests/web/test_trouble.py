"""When something fails, and what machines ask."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import structlog
from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey, fields_of

from forms_app.language import Language, gettext, use
from forms_app.settings import Settings
from forms_app.storage.engine import DatabaseBusy
from forms_app.web.errors import PAGES
from forms_app.web.security import HEADERS

MARKER = "Åses hemmelighet 17056112345"


@pytest.fixture
def failing(app: Flask) -> Iterator[Callable[[Exception | None], None]]:
    """Makes every statement of the portal's database raise, until given None."""
    raised: list[Exception] = []

    def fail(*unused_arguments: object) -> None:
        if raised:
            raise raised[0]

    engine = app.extensions["portal"].desk.engine
    sa.event.listen(engine, "before_cursor_execute", fail)

    def set_error(error: Exception | None) -> None:
        raised[:] = [error] if error else []

    yield set_error
    sa.event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("language", Language)
def test_an_unexpected_error_has_a_page_and_leaves_only_its_class_in_the_log(
    client: CheckedClient,
    failing: Callable[[Exception | None], None],
    caplog: pytest.LogCaptureFixture,
    language: Language,
) -> None:
    journey = Journey(client, language, "application", words=MARKER)
    page = journey.to_review()
    failing(RuntimeError(MARKER))
    with structlog.testing.capture_logs() as lines:
        answer = client.post(page.url, fields_of(page), status=500)
    failing(None)
    with use(language):
        assert answer.heading == gettext("Something went wrong with us")
    assert MARKER not in answer.text
    assert [line["error"] for line in lines] == ["RuntimeError"]
    assert set(lines[0]) == {"event", "error", "route", "status", "log_level", "source"}
    assert MARKER not in str(lines)
    assert caplog.text == ""
    assert client.follow(client.post(page.url, fields_of(page))).status == 200


def test_a_busy_database_is_told_and_nothing_is_lost(client: CheckedClient, database: sa.Engine) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Et langt svar"})
    page = journey.to("situasjonen")
    engine = client.app.extensions["portal"].desk.engine

    def give_up(connection: object) -> None:
        raise DatabaseBusy

    sa.event.listen(engine, "begin", give_up, insert=True)
    answer = client.post(page.url, journey.fill_in(page), status=503)
    sa.event.remove(engine, "begin", give_up)
    assert answer.heading == PAGES[503][0]
    assert client.post(page.url, journey.fill_in(page)).status == 303


def test_uploads_wait_for_each_other_and_all_are_answered(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("vedlegg")
    fields = fields_of(page)
    seen: list[int] = []

    def send() -> None:
        tab = CheckedClient(client.app)
        tab.browser.set_cookie("draft-application", client.cookie("draft-application") or "")
        tab.browser.set_cookie("session", client.cookie("session") or "")
        seen.append(tab.post(page.url, fields | {"action": ["upload"]}, multipart=True).status)

    threads = [threading.Thread(target=send) for unused_upload in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen == [303] * 6


@pytest.mark.parametrize("url", ["/", "/nb/", "/static/assets/theme.css", "/static/shared/css/chrome.css", "/health"])
def test_pages_of_the_site_and_files_carry_the_headers_too(app: Flask, url: str) -> None:
    answer = app.test_client().get(url)
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    answer.close()


def test_health_says_whether_the_database_can_be_read(app: Flask) -> None:
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_asks_for_a_migration(make_app: Callable[[Settings], Flask], settings: Settings) -> None:
    app = make_app(settings)
    engine = app.extensions["portal"].desk.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "migrate"})


@pytest.mark.parametrize(
    ("revision", "status", "told"), [("9000", 200, "ok"), ("9001_for_9000", 503, "outdated"), ("9002", 200, "ok")]
)
def test_health_is_content_with_what_a_later_version_has_added(
    app: Flask, database: sa.Engine, revision: str, status: int, told: str
) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (status, {"status": told})
    assert app.test_client().get("/ready").status_code == status


def test_health_answers_quickly_while_someone_writes(app: Flask, database: sa.Engine) -> None:
    with database.begin():
        began = time.monotonic()
        assert app.test_client().get("/health").status_code == 200
    assert time.monotonic() - began < 1
