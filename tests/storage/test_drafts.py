"""Drafts keep every step and file, and no tab overwrites another's."""

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.storage import drafts
from forms_app.storage.drafts import Draft, DraftFile, DraftStep, FileContent, RevisionConflict, UnknownDraft
from forms_app.storage.engine import reading

ID = b"0123456789abcdef"


@pytest.fixture
def draft(engine: sa.Engine, now: datetime) -> bytes:
    with engine.begin() as connection:
        new = drafts.Draft(id=ID, form="complaint", form_version=2, public_half="age1x", created_at=now, saved_at=now)
        drafts.create(connection, new)
    return ID


def save(engine: sa.Engine, ciphertext: bytes, read_revision: int, now: datetime, step: str = "who") -> int:
    with engine.begin() as connection:
        return drafts.save_step(
            connection, draft_id=ID, step=step, ciphertext=ciphertext, read_revision=read_revision, now=now
        )


def add(engine: sa.Engine, content: bytes, now: datetime) -> uuid.UUID:
    id = uuid.uuid4()
    with engine.begin() as connection:
        drafts.add_file(connection, id=id, draft_id=ID, details=b"d" + content, ciphertext=content, size=9, now=now)
    return id


def test_a_draft_is_found_by_its_id(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    with reading(engine) as connection:
        assert drafts.find(connection, draft) == Draft(
            id=ID, form="complaint", form_version=2, public_half="age1x", created_at=now, saved_at=now
        )
        assert drafts.find(connection, b"another") is None


def test_each_save_gives_the_next_revision(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    assert save(engine, b"one", 0, now) == 1
    assert save(engine, b"two", 1, now) == 2
    assert save(engine, b"other", 0, now, step="why") == 1
    with reading(engine) as connection:
        assert drafts.steps(connection, draft) == {
            "who": DraftStep(step="who", revision=2, ciphertext=b"two"),
            "why": DraftStep(step="why", revision=1, ciphertext=b"other"),
        }


@pytest.mark.parametrize("read_revision", [0, 1, 3])
def test_a_save_over_another_tabs_save_is_refused(
    engine: sa.Engine, draft: bytes, now: datetime, read_revision: int
) -> None:
    save(engine, b"one", 0, now)
    save(engine, b"two", 1, now)
    with pytest.raises(RevisionConflict) as conflict:
        save(engine, b"lost", read_revision, now)
    assert conflict.value.current == 2
    with reading(engine) as connection:
        assert drafts.steps(connection, draft)["who"].ciphertext == b"two"


def test_a_save_of_a_step_that_is_gone_is_refused(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    with pytest.raises(RevisionConflict) as conflict:
        save(engine, b"late", 4, now)
    assert conflict.value.current == 0


def test_every_save_renews_the_drafts_own_date(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    save(engine, b"one", 0, now + timedelta(hours=1))
    add(engine, b"file", now + timedelta(hours=2))
    with reading(engine) as connection:
        found = drafts.find(connection, draft)
    assert found is not None
    assert found.saved_at == now + timedelta(hours=2)
    assert found.created_at == now


def test_nothing_is_saved_to_a_draft_that_is_gone(engine: sa.Engine, now: datetime) -> None:
    with pytest.raises(UnknownDraft):
        save(engine, b"one", 0, now)
    with pytest.raises(UnknownDraft):
        add(engine, b"file", now)


def test_files_are_listed_in_the_order_they_were_added(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    ids = [add(engine, bytes([number]), now) for number in range(12)]
    with engine.begin() as connection:
        assert drafts.remove_file(connection, draft, ids[3])
        assert not drafts.remove_file(connection, draft, ids[3])
    ids.append(add(engine, b"last", now))
    del ids[3]
    with reading(engine) as connection:
        listed = drafts.files(connection, draft)
        assert [file.id for file in listed] == ids
        assert listed[-1] == DraftFile(id=ids[-1], details=b"dlast", size=9)
        assert drafts.file_content(connection, draft, ids[-1]) == FileContent(ciphertext=b"last", cleaned=None)


def test_a_file_of_another_draft_is_neither_shown_nor_removed(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    id = add(engine, b"mine", now)
    with engine.begin() as connection:
        assert drafts.file_content(connection, b"another", id) is None
        assert not drafts.remove_file(connection, b"another", id)
        assert drafts.file_content(connection, draft, id) == FileContent(ciphertext=b"mine", cleaned=None)


def test_an_emptied_draft_keeps_only_its_own_row(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    save(engine, b"one", 0, now)
    add(engine, b"file", now)
    with engine.begin() as connection:
        drafts.empty(connection, draft)
    with reading(engine) as connection:
        assert drafts.steps(connection, draft) == {}
        assert drafts.files(connection, draft) == []
        assert drafts.find(connection, draft) is not None


def test_a_deleted_draft_takes_everything_with_it(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    save(engine, b"one", 0, now)
    id = add(engine, b"file", now)
    for __time in range(2):
        with engine.begin() as connection:
            drafts.delete(connection, draft)
    with reading(engine) as connection:
        assert drafts.find(connection, draft) is None
        assert drafts.steps(connection, draft) == {}
        assert drafts.file_content(connection, draft, id) is None


def test_only_what_was_last_saved_before_a_moment_is_deleted(engine: sa.Engine, draft: bytes, now: datetime) -> None:
    save(engine, b"one", 0, now)
    for moment, count in ((now, 0), (now + timedelta(microseconds=1), 1), (now + timedelta(days=1), 0)):
        with reading(engine) as connection:
            assert drafts.any_unsent(connection, saved_before=moment) == bool(count)
        with engine.begin() as connection:
            assert drafts.delete_unsent(connection, saved_before=moment) == count
    with reading(engine) as connection:
        assert drafts.find(connection, draft) is None
        assert drafts.steps(connection, draft) == {}
