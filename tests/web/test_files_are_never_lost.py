"""Files that come with a page which cannot be saved as it is: kept where that is safe, named where they are not."""

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File, Page, words_of
from form_journeys import Journey, fields_of

from forms_app.language import Language
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files, drafts

START = "/nb/skjema/soknad/"
LETTER = File(name="brev.txt", content=b"hei")
PROGRAM = File(name="spill.exe", content=b"MZ")


@pytest.fixture
def page(client: CheckedClient) -> Page:
    """The page where files are added."""
    return Journey(client, Language.NB, "application").to("vedlegg")


def stored(page: Page) -> list[str]:
    return [words_of(one) for one in page.with_class("file-name")]


def refused(page: Page) -> str:
    """What the summary of errors says."""
    return " ".join(words_of(one) for one in page.with_class("ds-error-summary"))


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("token", [[], ["x"]])
def test_a_lost_session_costs_no_file_if_the_page_names_the_draft(
    client: CheckedClient, page: Page, token: list[str]
) -> None:
    client.forget("session")
    answer = client.post(page.url, fields_of(page) | {"csrf_token": token}, files=[LETTER], status=422)
    assert stored(answer) == ["brev.txt"]
    assert "Alt du skrev" in answer.main
    assert client.follow(client.post(page.url, fields_of(answer), multipart=True)).slug == "kontakt"


@pytest.mark.parametrize("mark", [[], ["0" * 32], ["æ"]])
def test_another_site_that_cannot_name_the_draft_writes_nothing_into_it(
    client: CheckedClient, page: Page, database: sa.Engine, mark: list[str]
) -> None:
    fields = fields_of(page) | {"draft": mark, "csrf_token": ["x"]}
    answer = client.post(page.url, fields, files=[LETTER], status=409)
    assert count(database, draft_files) == 0
    assert "brev.txt: Filen ble ikke lagret. Velg den på nytt." in refused(answer)


def test_without_a_token_no_stored_file_is_removed(client: CheckedClient, page: Page, database: sa.Engine) -> None:
    client.post(page.url, fields_of(page) | {"action": ["upload"]}, files=[LETTER], status=303)
    (button,) = [one for one in client.get(page.url).all(".//button") if "remove-file" in one.get("value", "")]
    fields = fields_of(page) | {"csrf_token": ["x"], "action": [button.get("value", "")]}
    assert stored(client.post(page.url, fields, multipart=True, status=422)) == ["brev.txt"]
    assert count(database, draft_files) == 1


def test_without_draft_and_token_each_file_is_named_that_must_be_chosen_again(
    client: CheckedClient, page: Page, database: sa.Engine
) -> None:
    client.forget("session")
    client.forget("draft-application")
    answer = client.post(page.url, fields_of(page), files=[LETTER, File(name="to.txt", content=b"2")], status=422)
    assert "brev.txt: Filen ble ikke lagret" in refused(answer)
    assert "to.txt: Filen ble ikke lagret" in words_of(answer.with_class("ds-validation-message")[0])
    assert count(database, draft_files) == 0
    assert count(database, drafts) == 1
    begun = client.follow(client.post(page.url, fields_of(answer), files=[LETTER], status=303))
    assert "1 fil er lagret." in begun.main


def test_a_file_for_a_draft_that_is_not_here_begins_one_and_a_refused_one_is_told(
    client: CheckedClient, page: Page, database: sa.Engine
) -> None:
    client.forget("draft-application")
    answer = client.post(page.url, fields_of(page), files=[LETTER, PROGRAM], status=422)
    assert stored(answer) == ["brev.txt"]
    assert "spill.exe" in refused(answer)
    again = client.post(page.url, fields_of(answer), files=[File(name="to.txt", content=b"2")], status=409)
    assert "er lagret" in again.main
    assert stored(Journey(client, Language.NB, "application").on(client.get(START + "kommune"), "vedlegg")) == [
        "brev.txt",
        "to.txt",
    ]


def test_a_file_is_kept_when_another_window_has_changed_the_way(
    client: CheckedClient, page: Page, database: sa.Engine
) -> None:
    role = client.get(START + "hvem")
    client.post(role.url, fields_of(role) | {"role": ["child"]}, status=303)
    answer = client.post(page.url, fields_of(page), files=[LETTER, PROGRAM], status=409)
    assert count(database, draft_files) == 1
    assert "Filene du valgte, er lagret" in answer.main
    assert "spill.exe" in refused(answer)


def test_a_file_for_a_form_that_was_sent_is_named(client: CheckedClient, page: Page, database: sa.Engine) -> None:
    Journey(client, Language.NB, "application").confirm(
        Journey(client, Language.NB, "application").on(client.get(page.url), "se-over")
    )
    answer = client.post(page.url, fields_of(page), files=[LETTER], status=409)
    assert "allerede sendt" in answer.main
    assert "brev.txt: Filen ble ikke lagret" in refused(answer)
    assert count(database, draft_files) == 0
