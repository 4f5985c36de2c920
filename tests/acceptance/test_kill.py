"""Processes are killed at the worst moments; what was accepted is there, once, and what was not is not lost."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest
import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.storage.engine import make_engine
from tests.acceptance.conftest import Prepare
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.sample_files import pdf_with

pytestmark = pytest.mark.acceptance

ROUNDS = 3
CITIZENS_A_ROUND = 4


def _letter(size: int) -> bytes:
    """A PDF of bytes that do not repeat."""
    return pdf_with(random.Random(size).randbytes(size))


def _delivered(portal: RunningPortal, municipality: str, reference: str) -> bool:
    return (portal.parcel(municipality, reference) / "manifest.json").is_file()


@contextmanager
def rows_of(portal: RunningPortal) -> Iterator[sa.Connection]:
    engine = make_engine(portal.database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _rows(portal: RunningPortal, question: str) -> list[tuple[str, ...]]:
    with rows_of(portal) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def _wait_until_nothing_is_owed(portal: RunningPortal) -> None:
    owed = "SELECT key FROM deliveries WHERE state != 'succeeded'"
    wait_for(lambda: not _rows(portal, owed), "everything is delivered", seconds=60, pause=0.2)


def _end_the_leases_of_the_dead(portal: RunningPortal) -> None:
    """A lease lasts a minute, and nobody holds it any more: spare the test the wait."""
    with rows_of(portal) as connection:
        connection.exec_driver_sql("UPDATE deliveries SET leased_until = 0 WHERE state = 'doing'")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("form", FormKey)
def test_what_has_a_receipt_survives_a_kill_of_the_whole_web_server(
    served_portal: RunningPortal, form: FormKey
) -> None:
    files = [("vedtak frå Bømlo – æøå.pdf", _letter(700_001)), ("to.pdf", _letter(9))]
    citizen = HTTPCitizen(served_portal.port, journey(form))
    receipt = citizen.send(files)
    served_portal.kill(served_portal.web_server())

    reference = receipt.receipt_reference
    assert reference
    assert [line["reference"] for line in served_portal.inbox()] == [reference]
    served_portal.wait_until_healthy()
    assert citizen.get(citizen.journey.receipt).receipt_reference == reference
    _wait_until_nothing_is_owed(served_portal)
    parcel = served_portal.parcel("arendal", reference)
    assert [path.name for path in parcel.parent.iterdir() if path.name[0] != "."] == [reference]
    attachments = sorted((parcel / "attachments").iterdir())
    assert [path.name for path in attachments] == [f"{n:02}-{name}" for n, (name, unused) in enumerate(files, 1)]
    assert [path.read_bytes() for path in attachments] == [content for unused, content in files]
    assert [line["reference"] for line in served_portal.inbox()] == [reference]


def test_a_worker_killed_in_the_middle_of_a_delivery_delivers_once(served_portal: RunningPortal) -> None:
    files = [(f"{number}.pdf", _letter(19_000_000 + number)) for number in range(3)]
    citizen = HTTPCitizen(served_portal.port, journey(FormKey.COMPLAINT))
    page = citizen.fill_in()
    for file in files:
        uploaded = citizen.answer(citizen.get(page.path.rpartition("/")[0] + "/vedlegg"), [file])
        assert uploaded.status == 200
    workshop = served_portal.data / "outbox" / "arendal" / ".building"
    reference = citizen.answer(citizen.get(citizen.journey.review)).receipt_reference
    assert reference
    wait_for(lambda: list(workshop.glob("*")), "the delivery has begun", pause=0.001)
    served_portal.kill(served_portal.delivery_worker())
    assert not _delivered(served_portal, "arendal", reference)

    _end_the_leases_of_the_dead(served_portal)
    _wait_until_nothing_is_owed(served_portal)
    attachments = sorted((served_portal.parcel("arendal", reference) / "attachments").iterdir())
    assert [path.read_bytes() for path in attachments] == [content for unused, content in files]
    assert list(workshop.glob("*")) == []
    assert _rows(served_portal, "SELECT outcome FROM attempts ORDER BY number") == [("lease_expired",), ("succeeded",)]


def _victims(portal: RunningPortal, number: int) -> list[int]:
    """Each kind of process in turn."""
    kinds = [
        lambda: portal.web_server()[1:],
        portal.web_server,
        lambda: [*portal.web_server(), *portal.delivery_worker()],
        portal.everything,
    ]
    return kinds[number % len(kinds)]()


class _Senders:
    """Several citizens who press "send" at the same moment; the reference of those who see a receipt is kept."""

    def __init__(self, citizens: list[HTTPCitizen]) -> None:
        self.shown: dict[str, str] = {}
        self._threads = [threading.Thread(target=self._send, args=(one, one.fill_in())) for one in citizens]

    def send(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    def _send(self, citizen: HTTPCitizen, review: object) -> None:
        try:
            answer = citizen.answer(review)  # type: ignore[arg-type]
        except (OSError, HTTPException):
            return
        if answer.receipt_reference:
            self.shown[citizen.code] = answer.receipt_reference


def _find_or_send_again(citizen: HTTPCitizen) -> tuple[bool, str]:
    """By the code alone, on another computer: whether it had arrived, and the reference."""
    elsewhere = HTTPCitizen(citizen.port, citizen.journey)
    found = elsewhere.find_by_code(citizen.code, Language.NB)
    had_arrived = found.receipt_reference is not None
    answer = found if had_arrived else elsewhere.answer(elsewhere.get(citizen.journey.review))
    assert answer.receipt_reference, (answer.status, answer.path)
    return had_arrived, answer.receipt_reference


@pytest.mark.parametrize("workers", [1, 3])
def test_kills_at_random_moments_lose_nothing_and_double_nothing(new_portal: Prepare, workers: int) -> None:
    moments = random.Random(20261122)
    portal = new_portal().start(workers=workers)
    shown: dict[str, str] = {}
    citizens: list[HTTPCitizen] = []
    for number in range(ROUNDS):
        present = [HTTPCitizen(portal.port, journey(FormKey.POWER_OF_ATTORNEY)) for _ in range(CITIZENS_A_ROUND)]
        senders = _Senders(present)
        senders.send()
        threading.Event().wait(moments.uniform(0, 0.12))
        portal.kill(_victims(portal, number))
        senders.wait()
        citizens += present
        shown |= senders.shown
        if portal.process and portal.process.poll() is not None:
            portal = new_portal(port=portal.port).start(workers=workers)
        portal.wait_until_healthy()

    stored = {line["reference"] for line in portal.inbox()}
    assert set(shown.values()) <= stored
    for citizen in citizens:
        had_arrived, reference = _find_or_send_again(citizen)
        assert had_arrived is (reference in stored)
        assert shown.get(citizen.code, reference) == reference
    _end_the_leases_of_the_dead(portal)
    _wait_until_nothing_is_owed(portal)
    references = sorted(line["reference"] for line in portal.inbox())
    assert len(references) == len(set(references)) == len(citizens)
    assert sorted(path.name for path in portal.parcel("arendal", "").iterdir() if path.name[0] != ".") == references
    _assert_whole(portal.parcel("arendal", ""))


def _assert_whole(folder: Path) -> None:
    for manifest in folder.glob("[!.]*/manifest.json"):
        for file in json.loads(manifest.read_text("utf-8"))["files"]:
            assert (manifest.parent / file["name"]).stat().st_size == file["size"]
