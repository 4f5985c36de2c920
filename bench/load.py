"""How much one machine carries: `python bench/load.py` walks whole journeys with Locust against 1, 2 and 4 web
processes over SQLite and PostgreSQL, and prints a table. The client works on the same machine and is not free.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.acceptance.running_portal import RunningPortal
from tests.postgres import Server
from tests.unlimited import UNLIMITED

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
PROCESSES = (1, 2, 4)
KINDS = ("SQLite", "PostgreSQL")
TOLD = ("a page of guidance", "a page of the form", "save a step", "save a step with a file", "send")


def measure(kind: str, processes: int, *, citizens: int, seconds: int) -> dict[str, dict[str, str]]:
    """Locust's figures by name, of one portal made for it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        settings = {**UNLIMITED, "WEB_CONCURRENCY": str(processes)}
        if kind == "PostgreSQL":
            server = Server()
            ends.callback(server.remove)
            server.start()
            for name in ("DATABASE_URL", "STAFF_DATABASE_URL"):
                settings[name] = server.url(server.create())
        portal = RunningPortal(Path(folder), settings=settings)
        ends.callback(portal.end)
        portal.start()
        figures = Path(folder) / "figures"
        words = ["--headless", "--only-summary", "--host", portal.root, "--csv", str(figures)]
        words += ["--users", str(citizens), "--spawn-rate", str(citizens), "--run-time", f"{seconds}s"]
        done = subprocess.run(
            [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), *words], capture_output=True, text=True, check=False
        )
        with Path(f"{figures}_stats.csv").open(encoding="utf-8") as file:
            found = {row["Name"]: row for row in csv.DictReader(file)}
        if "whole journey" not in found:
            sys.exit(done.stderr)
        return found


def report(*, citizens: int, seconds: int) -> Iterator[str]:
    """The lines to print, as they become known."""
    load = os.getloadavg()[0]
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load {load:.1f} before; "
    yield f"{citizens} citizens without a pause for {seconds} s, each form with a file of 1 MB\n"
    yield "| database | web processes | forms a minute | failed | " + " | ".join(TOLD) + " |"
    yield "|---" * (4 + len(TOLD)) + "|"
    for kind in KINDS:
        for processes in PROCESSES:
            found = measure(kind, processes, citizens=citizens, seconds=seconds)
            whole = found["whole journey"]
            forms = float(whole["Requests/s"]) * 60
            failed = sum(int(row["Failure Count"]) for name, row in found.items() if name != "Aggregated")
            times = " | ".join(f"{found[name]['50%']} / {found[name]['99%']} ms" for name in TOLD)
            yield f"| {kind} | {processes} | {forms:.0f} | {failed} | {times} |"


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    for line in report(citizens=given.citizens, seconds=given.seconds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
