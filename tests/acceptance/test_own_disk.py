"""The disk that everything lies on is full, or becomes read-only: who gets a receipt is safe, the others can go on."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from forms_app.settings.operations import measurements
from tests.acceptance.http_citizen import Answer, HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.own_disk import OwnDisk, why_not
from tests.acceptance.running_portal import RunningPortal, free_port, wait_for
from tests.postgres import Server
from tests.sample_files import large_pdf
from tests.unlimited import CITIZENS_ONLY

pytestmark = [pytest.mark.acceptance, pytest.mark.skipif(bool(why_not()), reason=why_not())]

WHAT_TO_DO = "Det du har lagret, er tatt vare på."
"""On every page that says that it cannot be taken just now."""
CITIZENS = 4


@dataclass
class OneMachine:
    """A portal with everything that it keeps on one disk, the database's server too where there is one."""

    disk: OwnDisk
    portal: RunningPortal
    server: Server | None

    def start(self) -> None:
        if self.server:
            self.server.start()
        self.portal.start()

    def stop(self) -> None:
        """As when the power is cut."""
        self.portal.end()
        if self.server:
            self.server.stop("immediate")


@pytest.fixture
def machine(tmp_path: Path, database_kind: str) -> Iterator[OneMachine]:
    with ExitStack() as ends:
        disk = OwnDisk(megabytes=160)
        ends.callback(disk.remove)
        disk.attach()
        # With numbers for Prometheus, which web processes share as files in their memory.
        settings, server = {**CITIZENS_ONLY, "PORTAL_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}, None
        if database_kind == "postgresql":
            server = Server(parent=disk.place)
            ends.callback(server.remove)
            server.start()
            settings |= {name: server.url(server.create()) for name in ("DATABASE_URL", "STAFF_DATABASE_URL")}
        portal = RunningPortal(tmp_path / "portal", settings=settings)
        (disk.place / "data").mkdir()
        portal.data.symlink_to(disk.place / "data")
        ends.callback(shutil.rmtree, measurements({}, portal.data))
        ends.callback(portal.end)
        portal.start()
        yield OneMachine(disk, portal, server)


def citizens_about_to_send(portal: RunningPortal) -> list[tuple[HTTPCitizen, Answer]]:
    """With a file each that no gap in the files of a database could take."""
    citizens = [HTTPCitizen(portal.port, journey(FormKey.COMPLAINT)) for unused in range(CITIZENS)]
    return [(one, one.fill_in([("brev.pdf", large_pdf(1 << 20))])) for one in citizens]


def press_send(waiting: list[tuple[HTTPCitizen, Answer]]) -> tuple[list[str], list[HTTPCitizen]]:
    """Those with a receipt, by its reference; and those who were told clearly that it is not sent."""
    receipts, refused = [], []
    for citizen, review in waiting:
        answer = citizen.answer(review)
        if answer.receipt_reference:
            receipts.append(answer.receipt_reference)
            continue
        assert answer.status == 503
        assert WHAT_TO_DO in answer.html
        refused.append(citizen)
    return receipts, refused


def assert_all_arrive(portal: RunningPortal, receipts: list[str], refused: list[HTTPCitizen]) -> None:
    """Those who were refused go on from where they were, with the file that they had given."""
    for citizen in refused:
        reference = citizen.answer(citizen.get(citizen.journey.review)).receipt_reference
        assert reference
        receipts.append(reference)
    assert len(set(receipts)) == len(receipts)
    for reference in receipts:
        manifest = portal.parcel("arendal", reference) / "manifest.json"
        wait_for(manifest.is_file, f"{reference} is delivered", seconds=90)
    assert sorted(line["reference"] for line in portal.inbox()) == sorted(receipts)
    portal.command("books", "--contents")


def test_a_full_disk_gives_clear_pages_until_there_is_room_again(machine: OneMachine) -> None:
    before = HTTPCitizen(machine.portal.port, journey(FormKey.COMPLAINT)).send().receipt_reference or ""
    waiting = citizens_about_to_send(machine.portal)
    machine.disk.fill()
    receipts, refused = press_send(waiting)
    assert refused
    machine.disk.free()
    machine.portal.wait_until_healthy()
    assert_all_arrive(machine.portal, [before, *receipts], refused)


def test_a_disk_that_becomes_read_only_gives_clear_pages_and_loses_no_receipt(machine: OneMachine) -> None:
    before = HTTPCitizen(machine.portal.port, journey(FormKey.COMPLAINT)).send().receipt_reference or ""
    waiting = citizens_about_to_send(machine.portal)
    machine.disk.break_down()
    receipts, refused = press_send(waiting)
    assert not receipts
    machine.stop()
    machine.disk.mend()
    machine.start()
    assert_all_arrive(machine.portal, [before], refused)
