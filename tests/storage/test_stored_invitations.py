"""An invitation is found by the id of its own code, belongs to one submission, and loses its text when answered."""

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage import follow_ups, invitations, submissions
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.invitations import NewInvitation, StoredInvitation
from forms_app.storage.submissions import NewSubmission

Make = Callable[..., NewSubmission]


@pytest.fixture
def invited(engine: sa.Engine, stored: Make, now: datetime) -> NewInvitation:
    """A stored invitation."""
    new = NewInvitation(id=b"id", submission_id=stored().id, sealed=b"text", created_at=now)
    with engine.begin() as connection:
        invitations.insert(connection, new)
    return new


def test_it_is_found_by_its_own_id_and_by_what_it_is_about(engine: sa.Engine, invited: NewInvitation) -> None:
    expected = StoredInvitation(**vars(invited), answered_at=None)
    with reading(engine) as connection:
        assert invitations.find(connection, b"id") == expected
        assert invitations.of(connection, invited.submission_id) == expected
        assert invitations.find(connection, b"another") is None


def test_an_answer_takes_the_text_away(engine: sa.Engine, invited: NewInvitation, now: datetime) -> None:
    with engine.begin() as connection:
        invitations.mark_answered(connection, b"id", now=now)
    with reading(engine) as connection:
        assert invitations.find(connection, b"id") == StoredInvitation(
            **vars(invited) | {"sealed": None}, answered_at=now
        )


def test_nobody_is_invited_twice_and_what_was_sent_cannot_go_before_it(
    engine: sa.Engine, invited: NewInvitation, now: datetime
) -> None:
    again = NewInvitation(id=b"other", submission_id=invited.submission_id, sealed=b"text", created_at=now)
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        invitations.insert(connection, again)
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.delete(submissions.submissions))


def test_what_was_sent_later_is_counted_by_kind(engine: sa.Engine, stored: Make) -> None:
    first, *later = (stored().id for unused_submission in range(4))
    kinds = (FollowUpKind.ADDITION, FollowUpKind.CONFIRMATION, FollowUpKind.ADDITION)
    with engine.begin() as connection:
        for number, (id, kind) in enumerate(zip(later, kinds, strict=True), 1):
            follow_ups.insert(connection, id, Following(follows=first, kind=kind, number=number))
        counted = [follow_ups.count(connection, first, kind) for kind in FollowUpKind]
    assert dict(zip(FollowUpKind, counted, strict=True)) == {
        FollowUpKind.ADDITION: 2,
        FollowUpKind.WITHDRAWAL: 0,
        FollowUpKind.REVOCATION: 0,
        FollowUpKind.CONFIRMATION: 1,
    }
