"""`make proof-acceptance`: every test of real processes on both databases, with one worker and with three, and with
each form; what came of it is written down in `proofs/acceptance.md`.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from forms_app.settings import REPOSITORY

RESULT = REPOSITORY / "proofs" / "acceptance.md"
_HEAD = """# Acceptance: the tests of real processes, in every combination

Written by `make proof-acceptance`, newest last. `make test` runs each of these tests once, and takes turns.
"""
_PARAMETERS = re.compile(r"\[(?P<kind>sqlite|postgresql)(?:-(?P<workers>[13])\b|-[^]-]*)*\]")


def run(report: Path) -> float:
    """Write what pytest found into this file; the minutes it took."""
    began = time.monotonic()
    command = ["-m", "pytest", "-n", "2", "--dist", "loadgroup", "--every-combination", f"--junitxml={report}"]
    subprocess.run([sys.executable, *command, "tests/acceptance"], cwd=REPOSITORY, check=False)
    return (time.monotonic() - began) / 60


def section(report: Path, minutes: float) -> tuple[str, bool]:
    """What is added to the result, and whether everything passed."""
    passed: Counter[str] = Counter()
    faults: list[str] = []
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("name", "")
        found = _PARAMETERS.search(name)
        kind = found["kind"] if found else "of one kind only"
        if case.find("failure") is not None or case.find("error") is not None:
            faults.append(f"{case.get('classname')}.{name}")
        elif case.find("skipped") is None:
            passed[f"| {kind} | {found['workers'] or 1 if found else 1} |"] += 1
    lines = [
        f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n",
        f"- {passed.total()} passed, {len(faults)} failed, in {minutes:.0f} minutes.",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        "\n| database | workers | passed |",
        "|---|---|---|",
        *(f"{what} {number} |" for what, number in sorted(passed.items())),
        *(f"\nFailed: {fault}" for fault in faults),
    ]
    return "\n".join(lines) + "\n", bool(passed) and not faults


def main() -> int:
    """Prints the section and adds it to the result; 0 only if everything passed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        told, is_good = section(report, run(report))
    print(told)
    RESULT.write_text((RESULT.read_text("utf-8") if RESULT.exists() else _HEAD) + told, "utf-8")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
