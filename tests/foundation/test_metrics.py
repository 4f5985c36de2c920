"""How long requests took is counted by the rule of their route, in all processes of a host together."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from forms_app.metrics import METHODS, NO_ROUTE, STATUSES, exposition, forget_processes, observe_request


def counts(text: bytes) -> dict[tuple[str, str, str], float]:
    return {
        (sample.labels["route"], sample.labels["method"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name == "portal_request_seconds_count"
    }


@pytest.mark.parametrize(
    ("method", "status", "told"),
    [
        ("GET", 200, ("GET", "2xx")),
        ("POST", 303, ("POST", "3xx")),
        ("BREW", 418, ("other", "4xx")),
        ("GET", 599, ("GET", "5xx")),
        ("GET", 999, ("GET", "5xx")),
        ("GET", 0, ("GET", "1xx")),
    ],
)
def test_a_label_is_one_of_a_few(method: str, status: int, told: tuple[str, str]) -> None:
    key = ("/tested/<here>", *told)
    before = counts(exposition([])).get(key, 0.0)
    observe_request("/tested/<here>", method, status, 0.01)
    assert counts(exposition([]))[key] == before + 1
    assert key[1] in METHODS
    assert key[2] in STATUSES


PROCESS = """
from forms_app import metrics
for number in range(5):
    metrics.observe_request("/health", "GET", 200, 0.2)
"""


def test_processes_that_share_a_folder_count_together_and_after_their_end(tmp_path: Path) -> None:
    shared = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for unused_process in range(3):
        subprocess.run([sys.executable, "-c", PROCESS], env=shared, check=True)
    assert counts(exposition([], shared=tmp_path)) == {("/health", "GET", "2xx"): 15.0}
    assert len(list(tmp_path.iterdir())) == 3
    forget_processes(tmp_path)
    assert counts(exposition([], shared=tmp_path)) == {}
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_was_measured(tmp_path: Path) -> None:
    assert exposition([], shared=tmp_path / "none") == b""
    forget_processes(tmp_path / "none")


def test_what_leads_nowhere_has_one_name() -> None:
    assert NO_ROUTE == "none"
