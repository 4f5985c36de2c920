"""What it costs to have many cases: `python bench/growth.py [CASES…]` fills databases of both kinds with sealed rows
and measures what citizens, staff and the worker do over them. Without numbers it takes 1,000, 10,000 and 100,000.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import inbox as filling
import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.books.closing import close
from forms_app.books.journal import IssueJournal, JournalLine
from forms_app.books.journals import Journals
from forms_app.casework import inbox as listing
from forms_app.forms.definition import FormKey
from forms_app.storage import leases
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.inbox_order import Wanted
from forms_app.storage.leases import Lane
from forms_app.storage.migrate import migrate
from forms_app.storage.tables import submissions
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal
from tests.postgres import Server
from tests.unlimited import UNLIMITED

CASES = (1_000, 10_000, 100_000)
KINDS = ("SQLite", "PostgreSQL")
HEAD = """| database | cases | send, with the receipt | inbox, 50 rows | look for work | books, each minute |
|---|---|---|---|---|---|"""
FORMS, TIMES, SECONDS = 30, 100, 60
filling.ANSWERS = 2_000


def measure(kind: str, cases: int) -> str:
    """A row of the table. How far it has come is said on standard error."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        settings = dict(UNLIMITED)
        if kind == "PostgreSQL":
            server = Server()
            ends.callback(server.remove)
            server.start()
            for name in ("DATABASE_URL", "STAFF_DATABASE_URL"):
                settings[name] = server.url(server.create())
        portal = RunningPortal(Path(folder), settings=settings)
        portal.data.mkdir(parents=True)
        engine = make_engine(portal.database_url)
        ends.callback(engine.dispose)
        migrate(engine)
        identity = Identity.generate()
        filling.fill(engine, identity, cases, told=lambda done: _tell(kind, done, cases))
        inside = [_inbox(engine, identity), _claim(engine), _books(engine, Path(folder))]
        ends.callback(portal.end)
        portal.start()
        return " | ".join([f"| {kind}", f"{cases:,}", _send(portal), *inside]) + " |"


def _tell(kind: str, done: int, cases: int) -> None:
    if cases >= 10_000 and done % (cases // 10) == 0:
        print(f"{kind}: {done:,} of {cases:,} cases", file=sys.stderr)


def _send(portal: RunningPortal) -> str:
    taken = []
    for unused_turn in range(FORMS):
        citizen = HTTPCitizen(portal.port, journey(FormKey.POWER_OF_ATTORNEY))
        review = citizen.fill_in()
        began = time.perf_counter()
        assert citizen.answer(review).receipt_reference
        taken.append(time.perf_counter() - began)
    return _told(taken)


def _inbox(engine: sa.Engine, identity: Identity) -> str:
    wanted = Wanted(municipality=filling.PLACE, is_open=True)
    return _timed(lambda: listing.page(engine, lambda: filling.NOW, [identity], wanted, actor="staff:bench"))


def _claim(engine: sa.Engine) -> str:
    def look() -> None:
        with reading(engine) as connection:
            assert not leases.due(connection, Lane.HAND_OVER)
        with engine.begin() as connection:
            assert not leases.claim(connection, Lane.HAND_OVER, free=4, lease_seconds=60)

    return _timed(look)


def _books(engine: sa.Engine, folder: Path) -> str:
    """As every minute: the worker has read the journal before, and reads what is new."""
    rows = sa.select(*(submissions.c[name] for name in ("accepted_at", "reference", "municipality", "sealed_hash")))
    journal = IssueJournal(folder / "issued.jsonl")
    with reading(engine) as connection:
        journal.add(JournalLine(**row._mapping) for row in connection.execute(rows))
    journals = Journals([journal.path])
    assert not close(engine, journals, now=filling.NOW).findings
    began = time.perf_counter()
    assert not close(engine, journals, now=filling.NOW).findings
    return f"{time.perf_counter() - began:.2f} s"


def _timed(deed: Callable[[], object]) -> str:
    taken: list[float] = []
    while len(taken) < TIMES and sum(taken) < SECONDS:
        began = time.perf_counter()
        deed()
        taken.append(time.perf_counter() - began)
    return _told(taken)


def _told(taken: list[float]) -> str:
    taken.sort()
    return f"{taken[len(taken) // 2] * 1000:.0f} / {taken[int(len(taken) * 0.99)] * 1000:.0f} ms"


def report(numbers: tuple[int, ...]) -> Iterator[str]:
    """The lines to print, as they become known."""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n\n{HEAD}"
    for kind in KINDS:
        for cases in numbers:
            yield measure(kind, cases)


def machine() -> str:
    """What it was measured on, and how busy that was with other things."""
    return f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    for line in report(tuple(map(int, sys.argv[1:])) or CASES):
        print(line, flush=True)
