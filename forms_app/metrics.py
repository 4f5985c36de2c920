"""What Prometheus is told: how long requests took in all web processes of this host, and what else is measured when it
asks.

Every label is from a small closed set. None of them is a path, a reference or a municipality: counts by municipality
and time could say of one person that they have sent something.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NO_ROUTE = "none"
"""What is asked for at an address that leads nowhere."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "other")
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_measured_here = CollectorRegistry()
_requests = Histogram(
    "portal_request_seconds",
    "How long requests took, by the rule of their route.",
    ("route", "method", "status"),
    buckets=_SECONDS,
    registry=_measured_here,
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric at one moment: a value for each combination of labels. What `only_grows` is a counter."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    only_grows: bool = False


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered. `route` is the rule, never the path that was asked for."""
    known = method if method in METHODS else METHODS[-1]
    _requests.labels(route, known, STATUSES[max(0, min(status // 100, len(STATUSES)) - 1)]).observe(seconds)


def exposition(measured: Iterable[Measured], *, shared: Path | None = None) -> bytes:
    """Everything as Prometheus reads it, with what the processes that share this folder have counted; without a folder,
    with what this process has.
    """
    registry = CollectorRegistry()
    registry.register(_Given(measured))
    parts = [generate_latest(registry)]
    if shared is None:
        parts.append(generate_latest(_measured_here))
    elif shared.is_dir():
        of_processes = CollectorRegistry()
        MultiProcessCollector(of_processes, path=str(shared))  # type: ignore[no-untyped-call]
        parts.append(generate_latest(of_processes))
    return b"".join(parts)


def forget_processes(shared: Path) -> None:
    """Begin anew, before the first process of this host starts: each leaves a file behind when it ends. What another
    user's processes measure is theirs.
    """
    for file in shared.glob("histogram_*.db"):
        if file.stat().st_uid == os.geteuid():
            file.unlink(missing_ok=True)


class _Given(Collector):
    def __init__(self, measured: Iterable[Measured]) -> None:
        self._measured = tuple(measured)

    def collect(self) -> Iterator[Metric]:
        for one in self._measured:
            kind = CounterMetricFamily if one.only_grows else GaugeMetricFamily
            family = kind(one.name, one.help, labels=one.labels)
            for labels, value in one.values.items():
                family.add_metric(labels, value)
            yield family
