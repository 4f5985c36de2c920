"""What is sent later belongs to what was sent first, and what citizens keep of it can go while the rest stays."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage import follow_ups, own_copies, submissions
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following, FollowUp
from forms_app.storage.submissions import NewSubmission

Make = Callable[..., NewSubmission]


@pytest.fixture
def followed(engine: sa.Engine, stored: Make) -> list[NewSubmission]:
    """A submission, an addition and a withdrawal, each with the citizen's copies of two files."""
    found = [stored(own_receipt=b"receipt") for unused_submission in range(3)]
    with engine.begin() as connection:
        for number, kind in ((2, FollowUpKind.WITHDRAWAL), (1, FollowUpKind.ADDITION)):
            following = Following(follows=found[0].id, kind=kind, number=number)
            follow_ups.insert(connection, found[number].id, following)
        for one in found:
            own_copies.insert_files(connection, one.id, [b"first", b"second"])
    return found


def test_what_follows_is_told_in_order(engine: sa.Engine, followed: list[NewSubmission]) -> None:
    first, addition, withdrawal = followed
    with reading(engine) as connection:
        rows = [submissions.get(connection, one.id) for one in (addition, withdrawal)]
        assert follow_ups.of(connection, first.id) == [
            FollowUp(kind=FollowUpKind.ADDITION, number=1, submission=rows[0]),  # type: ignore[arg-type]
            FollowUp(kind=FollowUpKind.WITHDRAWAL, number=2, submission=rows[1]),  # type: ignore[arg-type]
        ]
        assert follow_ups.of(connection, addition.id) == []
        assert follow_ups.last_number(connection, first.id) == 2
        assert follow_ups.last_number(connection, addition.id) == 0
        assert follow_ups.following(connection, first.id) is None
        expected = Following(follows=first.id, kind=FollowUpKind.WITHDRAWAL, number=2)
        assert follow_ups.following(connection, withdrawal.id) == expected


def test_two_things_cannot_have_one_number(engine: sa.Engine, followed: list[NewSubmission], stored: Make) -> None:
    again = Following(follows=followed[0].id, kind=FollowUpKind.ADDITION, number=1)
    another = stored()
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        follow_ups.insert(connection, another.id, again)


def test_the_own_copies_of_a_case_go_together_and_leave_every_receipt(
    engine: sa.Engine, followed: list[NewSubmission], stored: Make
) -> None:
    other = stored()
    with engine.begin() as connection:
        own_copies.insert_files(connection, other.id, [b"kept"])
        own_copies.insert_files(connection, other.id, [])
        assert own_copies.kept_files(connection, followed[1].id) == {1, 2}
        assert own_copies.file(connection, followed[0].id, 2) == b"second"
        assert own_copies.delete(connection, followed[0].id)
        assert not own_copies.delete(connection, followed[0].id)
    with reading(engine) as connection:
        rows = [submissions.get(connection, one.id) for one in followed]
        assert [(row and row.own_copy, row and row.own_receipt) for row in rows] == [(None, b"receipt")] * 3
        assert [own_copies.kept_files(connection, one.id) for one in followed] == [frozenset()] * 3
        assert own_copies.file(connection, followed[0].id, 2) is None
        assert own_copies.file(connection, other.id, 1) == b"kept"
        kept = submissions.get(connection, other.id)
    assert kept
    assert kept.own_copy == b"sealed copy"


def test_only_copies_of_what_was_sent_long_ago_to_this_municipality_grow_old(
    engine: sa.Engine, stored: Make, now: datetime
) -> None:
    long_ago = now - timedelta(days=400)
    old, elsewhere, young = stored(accepted_at=long_ago), stored(accepted_at=long_ago, municipality="b"), stored()
    before = now - timedelta(days=365)
    with engine.begin() as connection:
        for one in (old, elsewhere, young):
            own_copies.insert_files(connection, one.id, [b"file"])
        assert own_copies.any_old(connection, "arendal", accepted_before=before)
        assert own_copies.delete_old(connection, "arendal", accepted_before=before) == 1
        assert not own_copies.any_old(connection, "arendal", accepted_before=before)
        assert own_copies.delete_old(connection, "arendal", accepted_before=before) == 0
        assert [own_copies.kept_files(connection, one.id) for one in (old, elsewhere, young)] == [
            frozenset(), {1}, {1},
        ]  # fmt: skip
