"""A submission is stored once, with all its envelopes."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import pytest
import sqlalchemy as sa

from forms_app.sealing.attached import SealedFile
from forms_app.storage import attachments, audit, submissions
from forms_app.storage.attachments import Attachment, ListedAttachment, NewAttachment
from forms_app.storage.engine import reading
from forms_app.storage.submissions import AlreadySubmitted, NewSubmission, ReferenceTaken
from forms_app.storage.tables import attachments as files_table
from forms_app.storage.tables import submissions as table

Make = Callable[..., NewSubmission]


def test_a_submission_comes_back_as_it_was_stored(engine: sa.Engine, stored: Make) -> None:
    new = stored()
    with reading(engine) as connection:
        found = submissions.get(connection, new.id)
        assert found is not None
        assert asdict(found) == asdict(new) | {"erased_at": None}
        assert submissions.by_draft(connection, new.draft_id) == found
        assert submissions.by_reference(connection, new.reference) == found


def test_what_was_never_stored_is_not_found(engine: sa.Engine) -> None:
    with reading(engine) as connection:
        assert submissions.get(connection, uuid.uuid4()) is None
        assert submissions.by_draft(connection, b"x") is None
        assert submissions.by_reference(connection, "ABCDEFGH") is None


def test_the_municipalities_are_those_of_whom_anything_is_kept(engine: sa.Engine, stored: Make, now: datetime) -> None:
    for municipality in ("arendal", "arendal", "rudersdal", "gone"):
        stored(municipality=municipality)
    with engine.begin() as connection:
        is_gone = table.c.municipality == "gone"
        connection.execute(sa.update(table).where(is_gone).values(erased_at=now))
        assert submissions.municipalities(connection) == {"arendal", "rudersdal"}


def test_a_second_click_is_told_apart_from_a_taken_reference(
    engine: sa.Engine, stored: Make, new_submission: Make
) -> None:
    first = stored()
    with engine.begin() as connection:
        with pytest.raises(AlreadySubmitted):
            submissions.insert(connection, new_submission(draft_id=first.draft_id))
        with pytest.raises(ReferenceTaken):
            submissions.insert(connection, new_submission(reference=first.reference))
        with pytest.raises(AlreadySubmitted):
            submissions.insert(connection, new_submission(draft_id=first.draft_id, reference=first.reference))
    with reading(engine) as connection:
        assert submissions.by_draft(connection, first.draft_id) is not None
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 1


@pytest.mark.parametrize(
    ("shared", "refusal"),
    [("draft_id", AlreadySubmitted), ("reference", ReferenceTaken), ("id", sa.exc.IntegrityError)],
)
def test_a_rival_between_the_question_and_the_insert_is_told_apart_too(
    engine: sa.Engine, new_submission: Make, shared: str, refusal: type[Exception]
) -> None:
    ours = new_submission()
    rivals = [asdict(new_submission(**{shared: getattr(ours, shared)}))]
    with engine.connect() as connection:
        connection.begin()

        def come_first(conn: sa.Connection, clause: object, *unused: object) -> None:
            if isinstance(clause, sa.Insert) and rivals:
                conn.execute(sa.insert(table), rivals.pop())

        sa.event.listen(connection, "before_execute", come_first)
        with pytest.raises(refusal):
            submissions.insert(connection, ours)


def test_a_rollback_leaves_no_part_of_a_submission(engine: sa.Engine, new_submission: Make, now: datetime) -> None:
    new = new_submission()
    with engine.connect() as connection:
        transaction = connection.begin()
        submissions.insert(connection, new)
        audit.record(connection, at=now, actor="citizen", action="submit", subject=str(new.id))
        transaction.rollback()
    with reading(engine) as connection:
        assert submissions.get(connection, new.id) is None
        assert audit.entries(connection) == []


def test_attachments_are_listed_in_order_with_and_without_their_envelopes(engine: sa.Engine, stored: Make) -> None:
    new = stored()
    files = [
        NewAttachment(
            id=uuid.uuid4(),
            position=position,
            size=position * 10,
            sealed=bytes([position]),
            sealed_hash="a" * 64,
            cleaned=b"copy" if position == 2 else None,
            cleaned_hash="b" * 64 if position == 2 else None,
        )
        for position in (2, 1, 3)
    ]
    with engine.begin() as connection:
        attachments.insert_all(connection, new.id, files)
        attachments.insert_all(connection, new.id, [])
    in_order = sorted(files, key=lambda file: file.position)
    with reading(engine) as connection:
        assert attachments.of(connection, new.id) == [Attachment(**asdict(file)) for file in in_order]
        listed = [
            ListedAttachment(id=file.id, position=file.position, size=file.size, sealed_hash=file.sealed_hash)
            for file in in_order
        ]
        assert attachments.listed(connection, new.id) == listed
        assert attachments.of(connection, uuid.uuid4()) == []
        assert attachments.sealed(connection, new.id) == [
            SealedFile(original=file.sealed, cleaned=file.cleaned) for file in in_order
        ]
        assert attachments.sealed(connection, uuid.uuid4()) == []
    with engine.begin() as connection:
        connection.execute(sa.update(files_table).where(files_table.c.position == 2).values(sealed=None, cleaned=None))
        assert attachments.sealed(connection, new.id) is None


def test_two_attachments_cannot_share_a_position(engine: sa.Engine, stored: Make) -> None:
    new = stored()
    twice = [
        NewAttachment(id=uuid.uuid4(), position=1, size=1, sealed=b"s", sealed_hash="a" * 64) for __file in range(2)
    ]
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        attachments.insert_all(connection, new.id, twice)


def test_the_trail_is_told_in_order_for_one_subject_or_all(engine: sa.Engine, now: datetime) -> None:
    with engine.begin() as connection:
        audit.record(connection, at=now, actor="citizen", action="submit", subject="one")
        audit.record(connection, at=now, actor="staff", action="open", subject="two")
        audit.record(connection, at=now, actor="staff", action="open", subject="one")
    with reading(engine) as connection:
        assert [entry.subject for entry in audit.entries(connection)] == ["one", "two", "one"]
        of_one = audit.entries(connection, "one")
    assert [(entry.actor, entry.action, entry.at) for entry in of_one] == [
        ("citizen", "submit", now),
        ("staff", "open", now),
    ]
