"""A migrated database, and samples of the rows other tests need."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.storage import cases, submissions
from forms_app.storage.cases import Deadline
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema
from forms_app.storage.submissions import NewSubmission
from tests.databases import NewDatabase

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    """An empty database."""
    return new_database()


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[sa.Engine]:
    engine = make_engine(new_database(Schema.PORTAL))
    yield engine
    engine.dispose()


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def new_submission() -> Callable[..., NewSubmission]:
    """Makes a submission that differs from every other one; named facts replace the usual ones."""

    def make(**facts: Any) -> NewSubmission:
        id = uuid.uuid4()
        usual: dict[str, Any] = {
            "id": id,
            "reference": id.hex[:8].upper(),
            "draft_id": id.bytes,
            "form": "application",
            "form_version": 1,
            "municipality": "arendal",
            "language": "nb",
            "accepted_at": NOON,
            "recipients_fingerprint": "f" * 16,
            "public_half": "age1citizen",
            "target_group": "children",
            "summary": b"sealed summary",
            "answers": b"sealed answers",
            "own_copy": b"sealed copy",
            "sealed_hash": hashlib.sha256(b"sealed answers").hexdigest(),
        }
        return NewSubmission(**usual | facts)

    return make


@pytest.fixture
def stored(engine: sa.Engine, new_submission: Callable[..., NewSubmission]) -> Callable[..., NewSubmission]:
    """Stores such a submission and returns it."""

    def store(**facts: Any) -> NewSubmission:
        submission = new_submission(**facts)
        with engine.begin() as connection:
            submissions.insert(connection, submission)
        return submission

    return store


@pytest.fixture
def open_case(engine: sa.Engine, stored: Callable[..., NewSubmission]) -> Callable[..., uuid.UUID]:
    """Stores a submission with its case, accepted `age` days before the morning, and returns its id.

    `due` is a date by law, `target` the municipality's own.
    """

    def make(
        age: int = 0,
        due: date | None = None,
        municipality: str = "arendal",
        reference: str | None = None,
        target: date | None = None,
    ) -> uuid.UUID:
        facts = {"reference": reference} if reference else {}
        new = stored(accepted_at=MORNING - timedelta(days=age), municipality=municipality, **facts)
        id = uuid.uuid4()
        dates = [Deadline(case_id=id, kind="answer", due_on=due, fact="preliminary_answer")] if due else []
        dates += [Deadline(case_id=id, kind=COMPLAINT_TARGET, due_on=target, fact=COMPLAINT_TARGET)] if target else []
        with engine.begin() as connection:
            cases.insert(
                connection,
                id=id,
                submission_id=new.id,
                municipality=municipality,
                is_late=False,
                is_unconfirmed=False,
                deadlines=dates,
            )
        return new.id

    return make
