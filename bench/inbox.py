"""How fast the inbox is: `python bench/inbox.py [CASES]` fills a database of its own and measures the list.

Prints the median and the 99th percentile of showing 50 rows, names and all, the counts above them, and a search by
name; and how long the first search takes and all names are being read after it.
"""

import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.casework import inbox as listing
from forms_app.casework.inbox import InboxPage
from forms_app.casework.names import NameIndex
from forms_app.casework.same_person import Desk
from forms_app.language import Language
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.submission import Binding, seal_submission
from forms_app.storage import inbox, inbox_counts
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.inbox_order import InboxPosition, Wanted
from forms_app.storage.migrate import migrate
from forms_app.storage.tables import cases, deadlines, deliveries, submissions

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACE = "arendal"
ANSWERS = 20_000
"""Bytes of sealed answers in each row, so that the rows are as wide as in real use."""


def fill(engine: sa.Engine, identity: Identity, number: int, told: Callable[[int], None] = lambda unused: None) -> None:
    """Open cases, a fifth of them unread, most of them with a date. `told` hears how many there are so far."""
    recipients = Recipients((str(identity.to_public()), str(Identity.generate().to_public())))
    for start in range(0, number, 500):
        made = [_case(place, recipients) for place in range(start, min(start + 500, number))]
        with engine.begin() as connection:
            for table, position in ((submissions, 0), (cases, 1), (deadlines, 2), (deliveries, 3)):
                connection.execute(sa.insert(table), [one[position] for one in made])
        told(start + len(made))


def _case(place: int, recipients: Recipients) -> tuple[dict[str, object], ...]:
    own, case_id = uuid.uuid4(), uuid.uuid4()
    name = f"Person {place} Etternavn"
    at = NOW - timedelta(minutes=place * 7)
    binding = Binding(
        submission_id=str(own),
        reference=f"{place:08}",
        municipality=PLACE,
        form=("application", "complaint", "power_of_attorney")[place % 3],
        form_version=1,
        language=Language.NB,
        accepted_at=at,
    )
    summary = {"name_of_person": name, "sender_name": None}
    sealed = seal_submission(binding=binding, answers={}, summary=summary, files=(), recipients=recipients)
    row = {
        "id": own,
        "reference": binding.reference,
        "draft_id": own.bytes,
        "form": binding.form,
        "form_version": binding.form_version,
        "municipality": PLACE,
        "language": binding.language,
        "accepted_at": at,
        "recipients_fingerprint": recipients.fingerprint,
        "public_half": "age1",
        "target_group": "children" if place % 2 else "adults",
        "summary": sealed.summary,
        "answers": b"x" * ANSWERS,
        "sealed_hash": sha256(own.bytes).hexdigest(),
    }
    case = {
        "id": case_id,
        "submission_id": own,
        "municipality": PLACE,
        "status": "received" if place % 5 else "in_progress",
        "is_late": place % 11 == 0,
        "is_unconfirmed": place % 7 == 0,
        "opened_at": at if place % 5 else None,
    }
    due = {
        "case_id": case_id,
        "kind": "preliminary_answer",
        "due_on": date(2026, 11, 1) + timedelta(days=place % 60),
        "fact": "preliminary_answer",
    }
    delivery = {
        "key": f"folder:{own}",
        "kind": "folder",
        "submission_id": own,
        "state": "given_up" if place % 500 == 0 else "succeeded",
        "due_at": 0,
        "attempts": 1,
        "max_attempts": 8,
    }
    return row, case, due, delivery


def measured(what: str, deed: Callable[[], object], times: int) -> None:
    """Print how long it takes."""
    taken = []
    for unused_time in range(times):
        start = time.perf_counter()
        deed()
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    print(f"{what:44} median {taken[len(taken) // 2]:7.1f} ms   p99 {taken[int(len(taken) * 0.99)]:7.1f} ms")


def main(number: int) -> None:
    """Fill and measure."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        migrate(engine)
        identity = Identity.generate()
        start = time.perf_counter()
        fill(engine, identity, number)
        print(f"{number} cases, filled in {time.perf_counter() - start:.0f} s")
        _measure(engine, identity)
        engine.dispose()


def _measure(engine: sa.Engine, identity: Identity) -> None:
    wanted = Wanted(municipality=PLACE, is_open=True)
    overdue = Wanted(municipality=PLACE, is_open=True, due_before=NOW.date())
    with reading(engine) as connection:
        middle = inbox.rows(connection, wanted, limit=4000)[-1].position

    def page(which: Wanted, after: InboxPosition | None = None) -> InboxPage:
        return listing.page(engine, lambda: NOW, [identity], which, after=after, actor="staff:bench")

    def counts() -> object:
        with reading(engine) as connection:
            return inbox_counts.counts(connection, PLACE, today=NOW.date(), member=uuid.uuid4())

    names = NameIndex()
    people = Desk(engine=engine, clock=lambda: NOW, identities=[identity], index=names, actor="staff:bench")

    def whole() -> None:
        shown = page(wanted)
        people.known_to(PLACE, [one.row.submission_id for one in shown.lines])
        counts()
        with reading(engine) as connection:
            among = frozenset(inbox_counts.longest_overdue(connection, PLACE, today=NOW.date(), limit=5))
        page(Wanted(municipality=PLACE, among=among))

    _measure_first_search(names, engine, identity, whole)
    measured("all that the first page of the inbox asks for", whole, 200)
    measured("first page of 50, names opened", lambda: page(wanted), 200)
    measured("a page in the middle", lambda: page(wanted, middle), 200)
    measured("overdue", lambda: page(overdue), 200)
    measured("the counts above the list", counts, 200)
    measured("search by name", lambda: names.search(engine, [identity], PLACE, "42 ett"), 50)


def _measure_first_search(names: NameIndex, engine: sa.Engine, identity: Identity, page: Callable[[], object]) -> None:
    start = time.perf_counter()
    unread = names.search(engine, [identity], PLACE, "42 ett").unread
    answered = 1000 * (time.perf_counter() - start)
    print(f"the first search answers after {answered:.0f} ms, while {unread} names are not read yet")
    taken = []
    while names.search(engine, [identity], PLACE, "42 ett", patience=0).unread:
        began = time.perf_counter()
        page()
        taken.append(1000 * (time.perf_counter() - began))
    print(f"all names are read after {time.perf_counter() - start:.1f} s; meanwhile the first page took", end=" ")
    print(f"median {sorted(taken)[len(taken) // 2]:.1f} ms, at most {max(taken):.1f} ms, {len(taken)} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
