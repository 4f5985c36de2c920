"""What the `make proof-…` targets share that run tests: they write down what came of them, with date and machine."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from forms_app.settings import REPOSITORY


@dataclass(frozen=True)
class Proven:
    """A test, as pytest calls it, and whether it "passed" or "failed", or why it was skipped."""

    name: str
    outcome: str


@dataclass(frozen=True)
class Run:
    """What came of some tests."""

    tests: Sequence[Proven]
    minutes: float

    def having(self, outcome: str) -> list[Proven]:
        """Those with this outcome."""
        return [one for one in self.tests if one.outcome == outcome]

    @property
    def is_good(self) -> bool:
        """Everything passed, and something was there to pass."""
        return bool(self.tests) and len(self.having("passed")) == len(self.tests)


def run(*words: str) -> Run:
    """Run pytest with these words and show what it prints."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run([sys.executable, "-m", "pytest", f"--junitxml={report}", *words], cwd=REPOSITORY, check=False)
        tests = [Proven(one.get("name", ""), _outcome(one)) for one in ElementTree.parse(report).iter("testcase")]
    return Run(tests, (time.monotonic() - began) / 60)


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    skipped = case.find("skipped")
    return "passed" if skipped is None else f"skipped: {skipped.get('message')}"


def write_down(result: Path, head: str, done: Run, more: Iterable[str]) -> int:
    """Add a section to the file and print it; the exit status."""
    lines = [
        f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n",
        f"- {len(done.having('passed'))} of {len(done.tests)} passed, in {done.minutes:.0f} minutes.",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        *more,
        *(f"- {one.name}: {one.outcome}" for one in done.tests if one.outcome != "passed"),
    ]
    told = "\n".join(lines) + "\n"
    print(told)
    result.write_text((result.read_text("utf-8") if result.exists() else head) + told, "utf-8")
    return 0 if done.is_good else 1
