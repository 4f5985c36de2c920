"""`make proof-journeys`: many journeys with seeds that were never used, until the time is up; what came of them is
written down in `proofs/journeys.md`.

What was done is kept in `build/`, so that a run that was stopped goes on with the next seed. It counts for the code it
was done with: when a form or what carries it changes, counting begins anew.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
from agreement import Town, demand_agreement
from drawn_plans import plans
from drawn_walk import Walk
from drawn_ways import Plan, Way, ways
from hypothesis import HealthCheck, Phase
from plain_browser import PlainBrowser
from reached import combination, combinations, everything, path, reached

from forms_app.countries import Country
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.settings import REPOSITORY

PROGRESS = REPOSITORY / "build" / "proofs" / "journeys.json"
RESULT = REPOSITORY / "proofs" / "journeys.md"
EXAMPLES = 6
"""For each way and seed. The first that hypothesis draws is always the plainest there is."""
ENOUGH = 12
"""Journeys on each way through each form in each language: with fewer the proof is not finished."""
_HEAD = """# Journeys: what was typed is what everybody reads

Written by `make proof-journeys`, newest last. Each journey fills in one form over HTTP with answers that hypothesis
draws from the form's own definition, and compares what was typed with the review, the receipt, the citizen's own copy,
`portal open --json`, the delivered parcel with its files, and the published JSON Schema (`tests/journeys`).
"""


@dataclass
class Progress:
    """What has been done with this code so far."""

    code: str
    seeds: int = 0
    minutes: float = 0.0
    journeys: Counter[str] = field(default_factory=Counter)
    """Combination and path to number."""
    places: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls) -> "Progress":
        """What an earlier run has left, if the code is the same."""
        code = _code()
        if not PROGRESS.exists() or (kept := json.loads(PROGRESS.read_text("utf-8")))["code"] != code:
            return cls(code)
        return cls(**kept | {"journeys": Counter(kept["journeys"]), "places": set(kept["places"])})

    def write(self) -> None:
        """Whole or not at all."""
        PROGRESS.parent.mkdir(parents=True, exist_ok=True)
        kept: dict[str, Any] = {**vars(self), "places": sorted(self.places)}
        beside = PROGRESS.with_suffix(".new")
        beside.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        beside.replace(PROGRESS)

    @property
    def is_enough(self) -> bool:
        """Whether every way was gone often enough and nothing was left out."""
        return min(self.journeys[_key(way)] for way in _all_ways()) >= ENOUGH and everything() <= self.places


def _code() -> str:
    """Changes with whatever the outcome of a journey can depend on."""
    digest = sha256()
    for folder in ("forms_app", "tests/journeys"):
        for file in sorted((REPOSITORY / folder).rglob("*")):
            if file.suffix in (".py", ".html", ".toml", ".json", ".typ"):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _key(way: Way) -> str:
    return f"{combination(way)}: {path(way)}"


def _all_ways() -> list[Way]:
    return [
        way for form in FormKey for country in Country for language in Language for way in ways(form, language, country)
    ]


def _go(town: Town, way: Way, seed: int, progress: Progress) -> None:
    """Some journeys on one way. What fails is kept with all that was typed, and the next way is taken."""

    # One number for all would draw the same citizen in each language.
    own = crc32(f"{seed} {_key(way)}".encode())

    @hypothesis.seed(own)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(plan=plans(way, most_files=4))
    def journeys(plan: Plan) -> None:
        walk = Walk(PlainBrowser(town.app), plan)
        demand_agreement(town, walk, walk.to_review())
        progress.journeys[_key(way)] += 1
        progress.places |= reached(plan)

    try:
        journeys()
    except Exception as error:  # Whatever it is, it is a finding.
        told = f"seed {own}, {_key(way)}: {type(error).__name__}: {error}"
        notes = "\n".join(getattr(error, "__notes__", ()))
        progress.faults.append(f"{told}\n{notes}")
        print(f"FAULT {progress.faults[-1]}", file=sys.stderr)


def run(minutes: float) -> Progress:
    """Take all ways, those least gone first, each time with the next seed, until the time is up."""
    progress = Progress.read()
    began, carried = time.monotonic(), progress.minutes
    while time.monotonic() - began < minutes * 60:
        progress.seeds += 1
        with tempfile.TemporaryDirectory() as folder:
            town = Town.found(Path(folder))
            for way in sorted(_all_ways(), key=lambda way: progress.journeys[_key(way)]):
                if time.monotonic() - began < minutes * 60:
                    _go(town, way, progress.seeds, progress)
                    progress.minutes = carried + (time.monotonic() - began) / 60
                    progress.write()
            town.close()
        print(f"seed {progress.seeds}: {progress.journeys.total()} journeys, {len(progress.faults)} faults", flush=True)
    return progress


def report(progress: Progress) -> str:
    """One section of the result."""
    known, missing = everything(), sorted(everything() - progress.places)
    lines = [
        f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n",
        f"- {'Finished' if progress.is_enough else 'NOT finished: run it again'}. "
        f"{progress.journeys.total()} journeys, {len(progress.faults)} faults found.",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"hypothesis {hypothesis.__version__}. {progress.minutes:.0f} minutes, seeds 1 to {progress.seeds}, "
        f"code {progress.code}.",
        f"- Pages, questions answered and left open, and options reached: {len(known & progress.places)} of "
        f"{len(known)}." + (f" Missing: {'; '.join(missing[:20])}." if missing else ""),
        "\n| form, country, language | journeys | ways | fewest on one way |",
        "|---|---|---|---|",
    ]
    for name in combinations():
        counts = [progress.journeys[_key(way)] for way in _all_ways() if combination(way) == name]
        gone = sum(1 for count in counts if count)
        lines.append(f"| {name} | {sum(counts)} | {gone} of {len(counts)} | {min(counts)} |")
    lines += [f"\nFault: {fault.splitlines()[0][:400]}" for fault in progress.faults]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Prints the section and adds it to the result; 0 only if nothing was found and everything was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    progress = run(parser.parse_args().minutes)
    section = report(progress)
    print(section)
    RESULT.parent.mkdir(exist_ok=True)
    before = RESULT.read_text("utf-8") if RESULT.exists() else _HEAD
    RESULT.write_text(before + section, "utf-8")
    return 0 if progress.is_enough and not progress.faults else 1


if __name__ == "__main__":
    sys.exit(main())
