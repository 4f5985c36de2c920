"""A worker killed at any moment leaves nothing undone and nothing done twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from forms_app.delivery.worker import Worker
from forms_app.storage.deliveries import Delivery
from forms_app.storage.tables import DeliveryStatus, Outcome

Owe = Callable[..., None]
Find = Callable[..., Delivery]

POISON = """
import os, sys
from forms_app.delivery.worker import Worker
from forms_app.storage.engine import make_engine
Worker(make_engine(sys.argv[1]), {"folder": lambda claimed: os.kill(os.getpid(), 9)},
    lease_seconds=0.2, poll_seconds=0.02).run()
"""


def test_a_delivery_that_kills_every_worker_is_given_up(engine: sa.Engine, url: str, owe: Owe, delivery: Find) -> None:
    owe("poison", max_attempts=3)
    for __attempt in range(3):
        assert subprocess.run([sys.executable, "-c", POISON, url], check=False, timeout=30).returncode == -9
        time.sleep(0.25)
    Worker(engine, {}).run_once()
    lost = delivery("poison")
    assert (lost.state, lost.attempts, lost.last_error) == (DeliveryStatus.GIVEN_UP, 3, "LeaseExpired")
    assert [line.outcome for line in lost.trail] == [Outcome.LEASE_EXPIRED] * 3


REAL_WORKER = """
import signal, sys, time, uuid
from datetime import UTC, datetime
from pathlib import Path
from forms_app.delivery.channels import folder
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.parcel import Label, sealed_parcel
from forms_app.delivery.worker import Worker
from forms_app.sealing.attached import SealedFile
from forms_app.storage.engine import make_engine

url, root, stalls = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
write_file = folder._write_file

def stall(path, content):
    write_file(path, content)
    if path.name == "answers.age":
        print("half", flush=True)
        time.sleep(60)

if stalls == "before":
    folder._write_file = stall

def pack(claimed):
    label = Label(key=claimed.key, submission_id=claimed.submission_id, reference="ABCD2345",
        municipality="arendal", form="complaint", form_version=1, language="nn",
        accepted_at=datetime(2026, 11, 23, 12, tzinfo=UTC))
    return sealed_parcel(label, answers=b"a", attachments=[SealedFile(original=b"b")])

routes = handlers([folder.FolderChannel(root)], pack)
if stalls == "after":
    inner = routes["folder"]
    def deliver_then_stall(claimed):
        inner(claimed)
        print("whole", flush=True)
        time.sleep(60)
    routes = {"folder": deliver_then_stall}
worker = Worker(make_engine(url), routes, lease_seconds=0.5, poll_seconds=0.05)
signal.signal(signal.SIGTERM, lambda *unused: worker.stop())
worker.run()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_a_killed_worker_left_is_finished_by_another_and_is_there_once(
    engine: sa.Engine, url: str, tmp_path: Path, owe: Owe, delivery: Find, moment: str
) -> None:
    root = tmp_path / "out"
    root.mkdir()
    owe("folder:ABCD2345")

    def start(stalls: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", REAL_WORKER, url, str(root), stalls]
        return subprocess.Popen(command, stdout=subprocess.PIPE)

    with start(moment) as first:
        assert first.stdout is not None
        first.stdout.readline()
        first.kill()
    assert (root / "arendal" / "ABCD2345").exists() is (moment == "after")
    with start("never") as second:
        end = time.monotonic() + 20
        while delivery("folder:ABCD2345").state is not DeliveryStatus.SUCCEEDED and time.monotonic() < end:
            time.sleep(0.05)
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    done = delivery("folder:ABCD2345")
    assert done.state is DeliveryStatus.SUCCEEDED
    assert [line.outcome for line in done.trail] == [Outcome.LEASE_EXPIRED, Outcome.SUCCEEDED]
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    assert files == [
        "arendal/ABCD2345/answers.age",
        "arendal/ABCD2345/attachments/01.age",
        "arendal/ABCD2345/manifest.json",
    ]
