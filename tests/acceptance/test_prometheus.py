"""Prometheus reads what all processes have counted, at an address of its own, whatever becomes of them."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.running_portal import RunningPortal, free_port, wait_for
from tests.unlimited import CITIZENS_ONLY

pytestmark = pytest.mark.acceptance


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def watched_portal(tmp_path: Path, address: str) -> Iterator[RunningPortal]:
    settings = {"PORTAL_METRICS_ADDRESS": address, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "measurements")}
    portal = RunningPortal(tmp_path / "portal", settings={**CITIZENS_ONLY, **settings})
    portal.start()
    wait_for(lambda: is_there(address), "what answers Prometheus has started too")
    yield portal
    portal.end()


def is_there(address: str) -> bool:
    try:
        return bool(samples(address))
    except urllib.error.URLError:
        return False


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def samples(address: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(get(f"http://{address}/metrics")):
        for sample in family.samples:
            found["|".join((sample.name, *(value for unused_name, value in sorted(sample.labels.items()))))] = (
                sample.value
            )
    return found


HEALTH = "portal_request_seconds_count|GET|/health|2xx"


def test_requests_of_all_web_processes_are_counted_and_survive_them(
    watched_portal: RunningPortal, address: str, tmp_path: Path
) -> None:
    before = samples(address)[HEALTH]
    asked = 0

    def both_have_answered() -> bool:
        nonlocal asked
        assert watched_portal.is_healthy()
        asked += 1
        return len(list((tmp_path / "measurements").iterdir())) >= 2

    wait_for(both_have_answered, "another process answers too")
    assert samples(address)[HEALTH] == before + asked
    master, *workers = watched_portal.web_server()
    watched_portal.kill(workers)
    watched_portal.wait_until_healthy()
    assert samples(address)[HEALTH] > before + asked


def test_the_database_and_the_worker_are_told_beside_them(watched_portal: RunningPortal, address: str) -> None:
    wait_for(lambda: samples(address).get("portal_workers") == 1.0, "the worker has beaten")
    found = samples(address)
    assert found["portal_database_up"] == 1.0
    assert found["portal_submissions_total|application|nb"] == 0.0
    assert found["portal_alarms|books_gap"] == 0.0


def test_nobody_reads_them_where_citizens_are(watched_portal: RunningPortal, address: str) -> None:
    for url in (f"{watched_portal.root}/metrics", f"http://{address}/", f"http://{address}/health"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(url)
        assert refused.value.code == 404
        refused.value.close()


def test_a_new_start_begins_with_no_files_of_old_processes(
    watched_portal: RunningPortal, address: str, tmp_path: Path
) -> None:
    assert samples(address)[HEALTH]
    old = {path.name for path in (tmp_path / "measurements").iterdir()}
    watched_portal.stop()
    watched_portal.start()
    wait_for(lambda: is_there(address), "what answers Prometheus has started again")
    assert samples(address)[HEALTH]
    assert not old & {path.name for path in (tmp_path / "measurements").iterdir()}
