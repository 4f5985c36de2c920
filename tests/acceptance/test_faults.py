"""What fails around the portal, its disk aside: people get a clear page, nothing is lost, and it recovers by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from tests.acceptance.conftest import Prepare
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.postgres import Server
from tests.sample_files import pdf
from tests.unlimited import CITIZENS_ONLY

pytestmark = pytest.mark.acceptance

WHAT_TO_DO = "Det du har lagret, er tatt vare på."
"""On every page that says that it cannot be taken just now."""


def citizen_of(portal: RunningPortal) -> HTTPCitizen:
    return HTTPCitizen(portal.port, journey(FormKey.COMPLAINT))


def assert_all_delivered(portal: RunningPortal, references: list[str | None]) -> None:
    assert None not in references
    for reference in references:
        manifest = portal.parcel("arendal", reference or "") / "manifest.json"
        wait_for(manifest.is_file, f"{reference} is delivered", seconds=90)
    assert {line["reference"] for line in portal.inbox()} >= set(references)


@pytest.fixture
def own_server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.mark.only_on("postgresql")
def test_a_database_server_that_crashes_is_waited_for(own_server: Server, tmp_path: Path, database_kind: str) -> None:
    databases = {name: own_server.url(own_server.create()) for name in ("DATABASE_URL", "STAFF_DATABASE_URL")}
    portal = RunningPortal(tmp_path / "portal", settings={**CITIZENS_ONLY, **databases}).start()
    try:
        before, during = citizen_of(portal), citizen_of(portal)
        first = before.send([("brev.pdf", pdf())]).receipt_reference
        review = during.fill_in()
        own_server.stop("immediate")
        refused = during.answer(review)
        assert refused.status == 503
        assert WHAT_TO_DO in refused.html
        assert refused.receipt_reference is None
        assert during.get(during.journey.start).status == 503
        assert not portal.is_healthy()
        own_server.start()
        portal.wait_until_healthy()
        second = during.answer(during.get(during.journey.review)).receipt_reference
        assert before.get(before.journey.receipt).receipt_reference == first
        assert_all_delivered(portal, [first, second, citizen_of(portal).send().receipt_reference])
    finally:
        portal.end()


def test_a_journal_that_cannot_be_written_gives_no_receipt_until_it_can(served_portal: RunningPortal) -> None:
    """The rows are stored by then: sending again shows the receipt of the same submission."""
    citizen = citizen_of(served_portal)
    review = citizen.fill_in()
    journal = served_portal.data / "journal" / "issued.jsonl"
    aside = journal.with_suffix(".aside")
    if journal.exists():
        journal.rename(aside)
    journal.mkdir()
    refused = citizen.answer(review)
    assert (refused.status, refused.receipt_reference) == (503, None)
    (stored,) = served_portal.inbox()
    journal.rmdir()
    if aside.exists():
        aside.rename(journal)
    assert citizen.get(citizen.journey.receipt).receipt_reference == stored["reference"]
    assert stored["reference"] in journal.read_text("ascii")


def test_a_clock_that_was_wrong_and_is_put_right_loses_and_doubles_nothing(new_portal: Prepare) -> None:
    """SQLite takes its time from the same wrong clock, PostgreSQL has one of its own."""
    wrong = new_portal(around=["faketime", "-f", "-3h"]).start()
    earlier = citizen_of(wrong)
    first = earlier.send().receipt_reference
    begun = citizen_of(wrong)
    review = begun.fill_in()
    wrong.end()
    right = new_portal(port=wrong.port).start()
    second = begun.answer(review).receipt_reference
    assert earlier.get(earlier.journey.receipt).receipt_reference == first
    assert_all_delivered(right, [first, second])
    assert sorted(line["reference"] for line in right.inbox()) == sorted([first or "", second or ""])
