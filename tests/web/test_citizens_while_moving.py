"""While the database is moved: everything saved can be read, nothing typed is lost, and it is said what happens."""

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, fields_of, reference_of
from moving_away import close, reopen
from sample_files import pdf

from forms_app.language import Language, gettext, use
from forms_app.storage.tables import submissions

WORDS = "Åse trenger hjelp:\n«hver» dag & natt"


def stored(database: sa.Engine) -> int:
    with database.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(submissions)).scalar_one()


@pytest.mark.parametrize("language", Language)
def test_what_stands_on_a_page_is_all_there_and_is_saved_once_the_move_is_over(
    client: CheckedClient, database: sa.Engine, language: Language
) -> None:
    journey = Journey(client, language, "application", words=WORDS)
    page = journey.begin()
    while not page.all(".//textarea"):
        page = journey.send_page(page)
    move = close(database)
    fields = journey.fill_in(page)
    answer = client.post(page.url, fields, status=503)
    with use(language):
        assert gettext("We are moving the service").casefold() in answer.main.casefold()
    kept = fields_of(answer)
    assert {name: kept[name] for name in fields if name != "csrf_token"} == {
        name: values for name, values in fields.items() if name != "csrf_token"
    }
    assert client.post(answer.url, kept, status=503).heading == answer.heading
    reopen(database, move)
    assert client.post(answer.url, kept).status == 303
    saved = fields_of(client.get(page.url))
    assert WORDS in str(saved.values()).replace("\\n", "\n")
    assert {name: saved[name] for name in fields} == fields | {name: saved[name] for name in ("csrf_token", "revision")}


def test_nothing_is_sent_meanwhile_and_all_of_it_afterwards(client: CheckedClient, database: sa.Engine) -> None:
    journey = Journey(client, Language.NB, "complaint", words=WORDS)
    review = journey.to_review()
    move = close(database)
    answer = client.post(review.url, fields_of(review), status=503)
    assert answer.heading == "Vi flytter tjenesten"
    assert "aldri mottatt to ganger" in answer.main
    assert stored(database) == 0
    review = client.get(review.url)
    assert WORDS.splitlines()[0] in review.main
    reopen(database, move)
    reference = reference_of(journey.confirm(review))
    move = close(database)
    assert reference_of(client.get(journey.receipt_url)) == reference
    assert stored(database) == 1


def test_a_file_that_was_chosen_must_be_chosen_again(client: CheckedClient, database: sa.Engine) -> None:
    page = Journey(client, Language.NN, "application").to("vedlegg")
    close(database)
    fields = fields_of(page) | {"action": ["upload"]}
    files = [File(name="brev.pdf", content=pdf(b"x"))]
    answer = client.post(page.url, fields, files=files, status=503)
    assert "brev.pdf: Fila vart ikkje lagra" in answer.main


def test_a_page_whose_draft_is_not_here_any_more_is_shown_again(client: CheckedClient, database: sa.Engine) -> None:
    journey = Journey(client, Language.DA, "application", {"situation": WORDS})
    page = journey.to("situationen")
    fields = journey.fill_in(page)
    client.browser.delete_cookie("draft-application")
    close(database)
    answer = client.post(page.url, fields | {"action": ["begin"]}, status=503)
    assert "Vi flytter tjenesten" in answer.main
    assert fields_of(answer)["situation"] == fields["situation"]


def test_nothing_can_be_begun(client: CheckedClient, database: sa.Engine) -> None:
    start = client.get(Journey(client, Language.DA, "application").start)
    close(database)
    assert client.post(start.url, fields_of(start), status=503).heading == "Vi flytter tjenesten"


def test_machines_are_told(app: Flask, database: sa.Engine) -> None:
    move = close(database)
    answer = app.test_client().get("/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "moving"})
    assert app.test_client().get("/health").status_code == 200
    reopen(database, move)
    assert app.test_client().get("/ready").status_code == 200
