"""A database with one submission to deliver, and a parcel of it."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.delivery.parcel import Label, Parcel, opened_parcel
from forms_app.sealing.attached import FileFacts, SentFile
from forms_app.storage import cases, deliveries, submissions
from forms_app.storage.deliveries import Delivery, NewDelivery
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.migrate import Schema
from forms_app.storage.submissions import NewSubmission
from tests.databases import NewDatabase

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUBMISSION = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database(Schema.PORTAL)


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = make_engine(url)
    with engine.begin() as connection:
        submissions.insert(
            connection,
            NewSubmission(
                id=SUBMISSION,
                reference="ABCD2345",
                draft_id=b"d",
                form="complaint",
                form_version=1,
                municipality="arendal",
                language="nn",
                accepted_at=NOON,
                recipients_fingerprint="f",
                public_half="age1x",
                target_group=None,
                summary=b"s",
                answers=b"a",
                own_copy=None,
                sealed_hash="a" * 64,
            ),
        )
        cases.insert(
            connection,
            id=uuid.uuid4(),
            submission_id=SUBMISSION,
            municipality="arendal",
            is_late=False,
            is_unconfirmed=False,
        )
    yield engine
    engine.dispose()


@pytest.fixture
def owe(engine: sa.Engine) -> Callable[..., None]:
    """Enqueues deliveries of the one submission under these keys."""

    def enqueue(*keys: str, **facts: Any) -> None:
        usual: dict[str, Any] = {"kind": "folder", "submission_id": SUBMISSION}
        with engine.begin() as connection:
            deliveries.enqueue(connection, [NewDelivery(key=key, **usual | facts) for key in keys])

    return enqueue


@pytest.fixture
def delivery(engine: sa.Engine) -> Callable[..., Delivery]:
    """The delivery stored under a key."""

    def find(key: str) -> Delivery:
        with reading(engine) as connection:
            (found,) = (one for one in deliveries.of(connection, SUBMISSION) if one.key == key)
        return found

    return find


@pytest.fixture
def label() -> Label:
    return Label(
        key="folder:ABCD2345",
        submission_id=SUBMISSION,
        reference="ABCD2345",
        municipality="arendal",
        form="complaint",
        form_version=1,
        language="nn",
        accepted_at=NOON,
    )


def sent(name: str, content: bytes, *, cleaned: bytes | None = None) -> SentFile:
    """A file as it is handed over."""
    facts = FileFacts.of(content, name=name, kind="application/pdf", cleaned=cleaned)
    return SentFile(facts=facts, content=content, cleaned=cleaned)


@pytest.fixture
def parcel(label: Label) -> Parcel:
    return opened_parcel(
        label,
        answers=b'{"why": "Ferdi"}',
        summary="<!doctype html><title>Klage</title>",
        attachments=[
            sent("Vedtak frå kommunen.pdf", b"%PDF"),
            sent("../../etc/passwd", b"root", cleaned=b"rot"),
        ],
    )
