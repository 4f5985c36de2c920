"""A database and a journal that agree, until a test sees to it that they do not."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.books.closing import Books, close
from forms_app.books.journal import IssueJournal
from forms_app.books.journals import Journals
from forms_app.storage import cases, deliveries, follow_ups, submissions
from forms_app.storage.deliveries import NewDelivery
from forms_app.storage.engine import make_engine
from forms_app.storage.follow_ups import Following
from forms_app.storage.migrate import Schema
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import FollowUpKind
from tests.databases import NewDatabase

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Counter:
    """Takes submissions in as the citizen side does: the row with all that belongs to it, then the line."""

    engine: sa.Engine
    journal: IssueJournal
    clock: MovableClock

    def take(
        self,
        reference: str,
        *,
        municipality: str = "arendal",
        accepted_at: datetime | None = None,
        channels: tuple[str, ...] = ("folder",),
        follows: str = "",
        is_issued: bool = True,
    ) -> uuid.UUID:
        id, answers = uuid.uuid4(), f"sealed {reference}".encode()
        new = NewSubmission(
            id=id,
            reference=reference,
            draft_id=id.bytes,
            form="application",
            form_version=1,
            municipality=municipality,
            language="nb",
            accepted_at=accepted_at or self.clock(),
            recipients_fingerprint="f" * 16,
            public_half="age1citizen",
            target_group="children",
            summary=b"sealed summary",
            answers=answers,
            own_copy=None,
            sealed_hash=hashlib.sha256(answers).hexdigest(),
        )
        with self.engine.begin() as connection:
            submissions.insert(connection, new)
            self._belongings(connection, new, follows)
            owed = [NewDelivery(key=f"{kind}:{id}", kind=kind, submission_id=id) for kind in channels]
            deliveries.enqueue(connection, owed)
        if is_issued:
            self.journal.issue(new.accepted_at, reference, municipality, new.sealed_hash)
        return id

    def _belongings(self, connection: sa.Connection, new: NewSubmission, follows: str) -> None:
        first = submissions.by_reference(connection, follows)
        if first:
            number = int(new.reference.rpartition("-")[2])
            following = Following(follows=first.id, kind=FollowUpKind.ADDITION, number=number)
            follow_ups.insert(connection, new.id, following)
            return
        cases.insert(
            connection,
            id=uuid.uuid4(),
            submission_id=new.id,
            municipality=new.municipality,
            is_late=False,
            is_unconfirmed=False,
        )


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database(Schema.PORTAL)


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def journal(tmp_path: Path) -> IssueJournal:
    return IssueJournal(tmp_path / "issued.jsonl")


@pytest.fixture
def counter(engine: sa.Engine, journal: IssueJournal, clock: MovableClock) -> Counter:
    return Counter(engine=engine, journal=journal, clock=clock)


@pytest.fixture
def closed(engine: sa.Engine, tmp_path: Path, clock: MovableClock) -> Callable[..., Books]:
    """The books, closed by somebody who has just come."""

    def do(**only: object) -> Books:
        return close(engine, Journals([tmp_path]), now=clock(), **only)  # type: ignore[arg-type]

    return do


@pytest.fixture
def change(engine: sa.Engine) -> Callable[..., None]:
    """Somebody does something to the database."""

    def run(*statements: sa.Executable) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    return run
