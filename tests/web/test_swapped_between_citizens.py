"""What a citizen keeps opens with their own code only: rows that were changed between two of them in the database are
refused, and the page says so.
"""

from collections.abc import Callable, Mapping

import pytest
import sqlalchemy as sa
import structlog
from case_pages import status_url
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, fields_of
from movable_clock import MovableClock
from sample_files import photo

from forms_app.forms.definition import FormKey
from forms_app.intake import status
from forms_app.intake.follow_ups import invitation_of
from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import submissions
from forms_app.web.addresses import DRAFT_PAPER
from tests.two_cases import OF_CITIZENS, Town, WholeCase, readable, swap

OURS, THEIRS = "Alfaberg", "Betaberg"
REFUSED = "Dette kan ikke vises"
START = form_url(Language.NB, FormKey.APPLICATION)
SENT: Mapping[str, str] = {
    "where it stands": f"{START}status",
    "the receipt": f"{START}kvittering",
    "the receipt as PDF": f"{START}kvittering.pdf",
    "a file": f"{START}fil/0/1",
    "a file that came later": f"{START}fil/1/1",
}
WITH_A_CODE = {"with the code", "with the invitation"}
EVERYWHERE = {*SENT, "with the code"}
THE_RECEIPT = {"the receipt", "the receipt as PDF"}
LOOKED_INTO: Mapping[tuple[str, bool], set[str]] = {
    ("submissions.own_copy", False): EVERYWHERE,
    ("submissions.own_copy", True): EVERYWHERE - THE_RECEIPT,
    ("submissions.own_receipt", False): set(),
    ("submissions.own_receipt", True): set(),
    ("own_files.sealed", False): {"a file"},
    ("own_files.sealed", True): {"a file that came later"},
    ("invitations.sealed", False): {"with the invitation", "the receipt"},
}
"""Which places are refused once a column is changed between two cases, there or in what came later (True). The receipt
alone is opened where no copy is kept any more.
"""
IN_DRAFTS: Mapping[str, bool] = {
    "draft_steps.ciphertext": True,
    "draft_files.details": True,
    "draft_files.ciphertext": False,
    "draft_files.cleaned": False,
}
"""Whether a page of the draft opens it; the files themselves are opened when they are sent."""


def test_every_column_that_is_a_citizen_s_own_is_changed_in_these_tests() -> None:
    assert {column for column, unused_later in LOOKED_INTO} | IN_DRAFTS.keys() == OF_CITIZENS


@pytest.fixture
def town(settings: Settings, database: sa.Engine, clock: MovableClock) -> Town:
    return Town(settings=settings, engine=database, clock=clock)


def type_code(browser: CheckedClient, code: Code) -> tuple[str, int]:
    """What typing a code leads to."""
    page = browser.get(form_url(Language.NB, "status"))
    answer = browser.post(page.url, fields_of(page) | {"code": [code.shown]})
    return answer.text, answer.status


@pytest.fixture
def places(app: Flask) -> Callable[[WholeCase, CheckedClient], dict[str, tuple[str, int]]]:
    """Everything that the sender is shown of a case, and whoever was invited to confirm it."""

    def look(case: WholeCase, known: CheckedClient) -> dict[str, tuple[str, int]]:
        found = {
            "with the code": type_code(CheckedClient(app), case.code),
            "with the invitation": type_code(CheckedClient(app), invitation_of(case.code)),
        }
        for name, address in SENT.items():
            answer = known.browser.get(address, base_url=known.base_url)
            found[name] = readable(answer.data), answer.status_code
        return found

    return look


@pytest.fixture
def known(app: Flask) -> Callable[[WholeCase], CheckedClient]:
    """A browser that holds the code of a case."""

    def browser(case: WholeCase) -> CheckedClient:
        client = CheckedClient(app)
        assert type_code(client, case.code)[1] == 303
        return client

    return browser


def refused(found: Mapping[str, tuple[str, int]]) -> set[str]:
    """The places that refuse, each with its reason; all others must answer."""
    assert {answered for text, answered in found.values() if REFUSED not in text} <= {200, 303}
    assert {answered for text, answered in found.values() if REFUSED in text} <= {409}
    return {name for name, (text, unused_status) in found.items() if REFUSED in text}


def test_before_anything_is_changed_every_place_shows_its_own_case(
    town: Town, places: Callable[..., dict[str, tuple[str, int]]], known: Callable[[WholeCase], CheckedClient]
) -> None:
    ours, unused_theirs = (town.send(FormKey.APPLICATION, word) for word in (OURS, THEIRS))
    found = places(ours, known(ours))
    assert refused(found) == set()
    assert {name for name, (text, unused_status) in found.items() if OURS in text} == {*SENT, "with the invitation"}


@pytest.mark.parametrize(("column", "later"), LOOKED_INTO)
def test_what_was_changed_between_two_cases_is_refused_and_nothing_of_the_other_is_shown(
    town: Town,
    database: sa.Engine,
    places: Callable[..., dict[str, tuple[str, int]]],
    known: Callable[[WholeCase], CheckedClient],
    column: str,
    later: bool,
) -> None:
    ours, theirs = (town.send(FormKey.APPLICATION, word) for word in (OURS, THEIRS))
    browser = known(ours)
    swap(database, column, ours, theirs, later=later)
    found = places(ours, browser)
    assert [name for name, (text, unused_status) in found.items() if THEIRS in text] == []
    assert refused(found) == LOOKED_INTO[column, later]


@pytest.mark.parametrize(("later", "places_refused"), [(False, EVERYWHERE), (True, EVERYWHERE - THE_RECEIPT)])
def test_a_receipt_that_was_changed_is_refused_once_it_is_all_that_is_kept(
    town: Town,
    database: sa.Engine,
    clock: MovableClock,
    places: Callable[..., dict[str, tuple[str, int]]],
    known: Callable[[WholeCase], CheckedClient],
    later: bool,
    places_refused: set[str],
) -> None:
    ours, theirs = (town.send(FormKey.APPLICATION, word) for word in (OURS, THEIRS))
    browser = known(ours)
    for one in (ours, theirs):
        standing = status.find(database, one.code)
        assert standing
        status.delete_own_copy(database, clock, standing)
    swap(database, "submissions.own_receipt", ours, theirs, later=later)
    with structlog.testing.capture_logs() as lines:
        found = places(ours, browser)
    assert [name for name, (text, unused_status) in found.items() if THEIRS in text] == []
    assert refused(found) == places_refused
    assert {line["error"] for line in lines if line["log_level"] == "error"} == {"CannotOpen"}


@pytest.fixture
def drafts(app: Flask) -> Callable[[str], tuple[WholeCase, Journey]]:
    """Fills in an application with this word in every field and file, as far as the review."""

    def fill(word: str) -> tuple[WholeCase, Journey]:
        files = [File(name=f"{word}.jpg", content=photo())]
        journey = Journey(CheckedClient(app), Language.NB, "application", words=word, files=files)
        assert word in journey.to_review().main
        code = journey.browser.cookie("draft-application")
        assert code
        return WholeCase(word=word, code=Code.parse(code)), journey

    return fill


@pytest.mark.parametrize(("column", "is_opened_by_pages"), IN_DRAFTS.items())
def test_a_draft_shows_and_sends_nothing_of_another_draft(
    database: sa.Engine,
    drafts: Callable[[str], tuple[WholeCase, Journey]],
    column: str,
    is_opened_by_pages: bool,
) -> None:
    (ours, journey), (theirs, unused_journey) = drafts(OURS), drafts(THEIRS)
    review = journey.seen[-1]
    swap(database, column, ours, theirs)
    pages = {one.url for one in journey.seen if one.status == 200 and one.tree is not None}
    found = {}
    for url in {*pages, journey.start, journey.start + DRAFT_PAPER[Language.NB]}:
        answer = journey.browser.browser.get(url, base_url=journey.browser.base_url)
        found[url] = readable(answer.data), answer.status_code
    sent = journey.browser.post(review.url, fields_of(review))
    found["sending"] = sent.text, sent.status
    assert [url for url, (text, unused_status) in found.items() if THEIRS in text] == []
    assert refused(found) == (found.keys() if is_opened_by_pages else {"sending"})
    assert journey.browser.get(status_url(journey), status=None).status != 200
    with reading(database) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(submissions)).scalar_one() == 0
