"""`make proof-faults`: processes and databases are killed at random moments, round after round, until 300 rounds are
done or the time is up; what came of them is written down in `proofs/faults.md`.

What was done is kept in `build/`, so that a run that was stopped goes on with the next round. It counts for the code it
was done with.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path

import sqlalchemy as sa

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.settings import REPOSITORY
from forms_app.storage.engine import make_engine
from forms_app.storage.tables import attempts, deliveries
from tests.acceptance.http_citizen import Answer, HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import PORTAL, RunningPortal, wait_for
from tests.postgres import Server
from tests.sample_files import pdf
from tests.unlimited import CITIZENS_ONLY

PROGRESS = REPOSITORY / "build" / "proofs" / "faults.json"
RESULT = REPOSITORY / "proofs" / "faults.md"
ROUNDS = 300
ROUNDS_IN_ONE_PLACE = 10
CITIZENS = 4
WORKERS = {"sqlite": 1, "postgresql": 3}
_HEAD = """# Faults: what has a receipt is stored, and reaches the municipality once

Written by `make proof-faults`, newest last. In each round four citizens press "send" at once, one of them with a file,
and at a random moment something is killed with SIGKILL (PostgreSQL with an immediate stop, which is a crash). Then all
of them look for their receipt by code, and send again where there is none. Afterwards nothing may be owed, and the
books must close (`portal books --contents`).
"""


@dataclass
class Progress:
    """What has been done with this code so far."""

    code: str
    rounds: Counter[str] = field(default_factory=Counter)
    """"database: victim" to number."""
    receipts: int = 0
    had_arrived: int = 0
    sent_again: int = 0
    repeats: int = 0
    minutes: float = 0.0
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls) -> "Progress":
        """What an earlier run has left, if the code is the same."""
        code = _code()
        if not PROGRESS.exists() or (kept := json.loads(PROGRESS.read_text("utf-8")))["code"] != code:
            return cls(code)
        return cls(**kept | {"rounds": Counter(kept["rounds"])})

    def write(self) -> None:
        """Whole or not at all."""
        PROGRESS.parent.mkdir(parents=True, exist_ok=True)
        beside = PROGRESS.with_suffix(".new")
        beside.write_text(json.dumps(vars(self)), "utf-8")
        beside.replace(PROGRESS)


def _code() -> str:
    digest = sha256()
    for folder in ("forms_app", "tests/acceptance"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Place:
    """A portal over one kind of database, in which some rounds are run."""

    def __init__(self, kind: str, folder: Path, ends: ExitStack) -> None:
        self.kind = kind
        settings = dict(CITIZENS_ONLY)
        self.server: Server | None = None
        if kind == "postgresql":
            self.server = Server()
            ends.callback(self.server.remove)
            self.server.start()
            for name in ("DATABASE_URL", "STAFF_DATABASE_URL"):
                settings[name] = self.server.url(self.server.create())
        self._folder, self._settings, self._ends = folder, settings, ends
        self.portal = self._new_portal()
        self.codes: dict[str, str] = {}
        """Whoever has a receipt: code to reference."""

    def _new_portal(self, port: int | None = None) -> RunningPortal:
        portal = RunningPortal(self._folder, settings=self._settings, port=port)
        self._ends.callback(portal.end)
        return portal.start(workers=WORKERS[self.kind])

    def victims(self) -> dict[str, Callable[[], None]]:
        """What can be killed here, by name."""
        portal = self.portal
        found = {
            "one web process": lambda: portal.kill(portal.web_server()[1:2]),
            "web server": lambda: portal.kill(portal.web_server()),
            "one worker": lambda: portal.kill(portal.delivery_worker()[:1]),
            "web and workers": lambda: portal.kill([*portal.web_server(), *portal.delivery_worker()]),
            "everything": lambda: portal.kill(portal.everything()),
        }
        if server := self.server:
            found["database"] = lambda: (server.stop("immediate"), server.start())  # type: ignore[assignment, return-value]
        return found

    def recover(self) -> None:
        """What no service manager would do by itself is done: start again what was killed as a whole."""
        if self.portal.process and self.portal.process.poll() is not None:
            self.portal.end()
            self.portal = self._new_portal(self.portal.port)
        self.portal.wait_until_healthy()

    def settle(self) -> int:
        """Wait until nothing is owed, and return how many deliveries were tried more than once."""
        engine = make_engine(self.portal.database_url)
        try:
            with engine.begin() as connection:
                # A lease lasts a minute, and nobody holds it any more: spare the proof the wait.
                connection.execute(sa.update(deliveries).where(deliveries.c.state == "doing").values(leased_until=0))
            wait_for(lambda: not _owed(engine), "everything is delivered", seconds=180, pause=0.2)
            with engine.connect() as connection:
                again = sa.select(sa.func.count()).select_from(attempts).where(attempts.c.number > 1)
                return int(connection.execute(again).scalar_one())
        finally:
            engine.dispose()


def _owed(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        owed = sa.select(deliveries.c.id).where(deliveries.c.state != "succeeded").limit(1)
        return connection.execute(owed).first() is not None


def run_round(place: Place, number: int, progress: Progress) -> None:
    """Send, kill, recover, look. Raises AssertionError with what is wrong."""
    chance = random.Random(number)
    form = list(FormKey)[number % len(FormKey)]
    citizens = [HTTPCitizen(place.portal.port, journey(form)) for __citizen in range(CITIZENS)]
    reviews = [one.fill_in([("brev.pdf", pdf())] if first else ()) for first, one in _firsts(citizens)]
    shown: dict[str, str] = {}

    def send(citizen: HTTPCitizen, review: Answer) -> None:
        try:
            answer = citizen.answer(review)
        except (OSError, HTTPException):
            return
        if answer.receipt_reference:
            shown[citizen.code] = answer.receipt_reference

    sending = [threading.Thread(target=send, args=pair) for pair in zip(citizens, reviews, strict=True)]
    for thread in sending:
        thread.start()
    threading.Event().wait(chance.uniform(0, 0.25))
    name, kill = chance.choice(sorted(place.victims().items(), key=lambda pair: pair[0]))
    kill()
    for thread in sending:
        thread.join()
    place.recover()
    for citizen in citizens:
        _look(place, citizen, shown, progress)
    progress.rounds[f"{place.kind}: {name}"] += 1


def _firsts(citizens: list[HTTPCitizen]) -> list[tuple[bool, HTTPCitizen]]:
    return [(number == 0, one) for number, one in enumerate(citizens)]


def _look(place: Place, citizen: HTTPCitizen, shown: dict[str, str], progress: Progress) -> None:
    elsewhere = HTTPCitizen(place.portal.port, citizen.journey)
    found = elsewhere.find_by_code(citizen.code, Language.NB)
    if found.receipt_reference:
        progress.had_arrived += 1
    else:
        assert citizen.code not in shown, f"{shown[citizen.code]} was shown and is gone"
        found = elsewhere.answer(elsewhere.get(citizen.journey.review))
        progress.sent_again += 1
    assert found.receipt_reference, (found.status, found.path)
    assert shown.get(citizen.code, found.receipt_reference) == found.receipt_reference
    place.codes[citizen.code] = found.receipt_reference
    progress.receipts += 1


def close_place(place: Place, progress: Progress) -> None:
    """Everything with a receipt is stored once and handed over once, and the books close."""
    progress.repeats += place.settle()
    stored = [line["reference"] for line in place.portal.inbox()]
    assert sorted(stored) == sorted(place.codes.values()), "what is stored is not what has a receipt"
    parcels = [path for path in place.portal.parcel("arendal", "").iterdir() if path.name[0] != "."]
    assert sorted(path.name for path in parcels) == sorted(stored), "handed over is not what is stored"
    for parcel in parcels:
        for file in json.loads((parcel / "manifest.json").read_bytes())["files"]:
            assert sha256((parcel / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    words = [PORTAL, "books", "--contents"]
    closed = subprocess.run(words, env=place.portal.environment, capture_output=True, timeout=300, check=False)
    assert closed.returncode == 0, closed.stdout.decode()


def run(minutes: float) -> Progress:
    """Places of both kinds in turn, each for some rounds."""
    progress = Progress.read()
    began, carried = time.monotonic(), progress.minutes
    while progress.rounds.total() < ROUNDS and time.monotonic() - began < minutes * 60:
        start = progress.rounds.total()
        kind = ("sqlite", "postgresql")[start // ROUNDS_IN_ONE_PLACE % 2]
        try:
            with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
                place = Place(kind, Path(folder), ends)
                for number in range(start, min(start + ROUNDS_IN_ONE_PLACE, ROUNDS)):
                    run_round(place, number, progress)
                close_place(place, progress)
        except AssertionError as error:
            progress.faults.append(f"{kind}, rounds from {start}: {error}")
            progress.rounds[f"{kind}: fault"] += max(0, start + ROUNDS_IN_ONE_PLACE - progress.rounds.total())
            print(f"FAULT {progress.faults[-1]}", file=sys.stderr)
        progress.minutes = carried + (time.monotonic() - began) / 60
        progress.write()
        print(
            f"{progress.rounds.total()} rounds, {progress.receipts} receipts, {len(progress.faults)} faults", flush=True
        )
    return progress


def report(progress: Progress) -> str:
    """One section of the result."""
    done = progress.rounds.total()
    lines = [
        f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n",
        f"- {'Finished' if done >= ROUNDS else 'NOT finished: run it again'}. {done} rounds, "
        f"{len(progress.faults)} faults found.",
        f"- {progress.receipts} receipts: {progress.had_arrived} had arrived when something was killed or soon after, "
        f"{progress.sent_again} were sent again with the same code; none is without a submission, and none is there "
        "twice." * (not progress.faults),
        f"- {progress.repeats} deliveries were made again, under the same key, and are there once.",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
        f"{WORKERS['sqlite']} worker over SQLite, {WORKERS['postgresql']} over PostgreSQL. {progress.minutes:.0f} "
        f"minutes, code {progress.code}.",
        "\n| database | what was killed | rounds |",
        "|---|---|---|",
    ]
    for name, count in sorted(progress.rounds.items()):
        kind, unused_colon, victim = name.partition(": ")
        lines.append(f"| {kind} | {victim} | {count} |")
    lines += [f"\nFault: {fault[:400]}" for fault in progress.faults]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Prints the section and adds it to the result; 0 only if all rounds are done and nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    progress = run(parser.parse_args().minutes)
    section = report(progress)
    print(section)
    RESULT.parent.mkdir(exist_ok=True)
    before = RESULT.read_text("utf-8") if RESULT.exists() else _HEAD
    RESULT.write_text(before + section, "utf-8")
    return 0 if progress.rounds.total() >= ROUNDS and not progress.faults else 1


if __name__ == "__main__":
    sys.exit(main())
