"""Starting, stopping and starting again, as an operator does it."""

import os
import signal
import subprocess
import time

import pytest

from forms_app.forms.definition import FormKey
from tests.acceptance.conftest import Prepare
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import PORTAL, RunningPortal, wait_for

pytestmark = [pytest.mark.acceptance, pytest.mark.only_on("sqlite")]

# What does not end by itself is forced after twenty.
SECONDS_TO_STOP = 18.0
# Counted in time of the processor, so that a busy machine makes no difference. Installing or building takes longer.
PROCESSOR_SECONDS_TO_START_AGAIN = 12.0


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGHUP, True)],
    ids=["Ctrl-C in a terminal", "SIGINT to portal serve alone", "a service manager", "the terminal is closed"],
)
def test_one_signal_stops_everything(served_portal: RunningPortal, number: signal.Signals, whole_group: bool) -> None:
    HTTPCitizen(served_portal.port, journey(FormKey.COMPLAINT)).fill_in()
    children = [*served_portal.web_server(), *served_portal.delivery_worker()]
    assert len(children) == 4
    began = time.monotonic()
    assert served_portal.stop(number, whole_group=whole_group) == 0
    assert time.monotonic() - began < SECONDS_TO_STOP
    assert served_portal.everything() == []
    assert not served_portal.is_healthy()
    assert "Traceback" not in served_portal.log.read_text("utf-8")


def test_when_portal_serve_itself_is_killed_the_next_start_works(
    served_portal: RunningPortal, new_portal: Prepare
) -> None:
    assert served_portal.process
    served_portal.kill([served_portal.process.pid])
    wait_for(lambda: served_portal.everything() == [], "its children end too", seconds=SECONDS_TO_STOP)
    assert new_portal(port=served_portal.port).start().is_healthy()


def test_a_second_start_is_quick_and_keeps_what_was_sent_and_what_was_begun(
    served_portal: RunningPortal, new_portal: Prepare
) -> None:
    sender, writer = (HTTPCitizen(served_portal.port, journey(FormKey.COMPLAINT)) for _ in range(2))
    reference = sender.send().receipt_reference
    writer.fill_in()
    served_portal.stop()
    again = new_portal(port=served_portal.port).start()
    assert 0 < again.processor_seconds() < PROCESSOR_SECONDS_TO_START_AGAIN
    assert [line["reference"] for line in again.inbox()] == [reference]
    assert sender.get(sender.journey.receipt).receipt_reference == reference
    assert writer.answer(writer.get(writer.journey.review)).receipt_reference


def test_a_taken_port_is_said_plainly(served_portal: RunningPortal) -> None:
    running = served_portal.everything()
    done = subprocess.run([PORTAL, "serve"], env=served_portal.environment, capture_output=True, timeout=120)
    assert done.returncode != 0
    said = done.stderr.decode()
    assert str(served_portal.port) in said
    assert "taken" in said
    assert "Traceback" not in said
    assert served_portal.is_healthy()
    assert served_portal.everything() == running


def test_a_process_that_dies_is_started_again(served_portal: RunningPortal) -> None:
    for find in (served_portal.web_server, served_portal.delivery_worker):
        before = find()
        served_portal.kill(before)
        wait_for(lambda find=find, before=before: set(find()) - set(before), "another one runs")  # type: ignore[misc]
        served_portal.wait_until_healthy()
    assert HTTPCitizen(served_portal.port, journey(FormKey.COMPLAINT)).send().receipt_reference


def test_it_starts_and_accepts_with_the_clock_a_year_ahead(new_portal: Prepare) -> None:
    today = new_portal().start()
    earlier = HTTPCitizen(today.port, journey(FormKey.COMPLAINT))
    reference = earlier.send().receipt_reference
    today.stop()
    later = new_portal(port=today.port, around=["faketime", "-f", "+366d"]).start()
    assert earlier.get(earlier.journey.receipt).receipt_reference == reference
    new = HTTPCitizen(later.port, journey(FormKey.APPLICATION)).send()
    assert new.status == 200
    accepted = {line["reference"]: line["accepted_at"][:4] for line in later.inbox()}
    assert len(accepted) == 2
    assert int(accepted[new.receipt_reference or ""]) == int(accepted[reference or ""]) + 1
    later.stop(whole_group=True)
    wait_for(lambda: later.everything() == [], "all of it ends")


def test_secrets_are_for_their_owner_alone(served_portal: RunningPortal) -> None:
    for name in ("session.secret", "receipts.pem", "opening.txt", "recovery.txt"):
        assert os.stat(served_portal.data / "keys" / name).st_mode & 0o077 == 0, name
