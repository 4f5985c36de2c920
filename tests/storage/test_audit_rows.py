"""The trail is searched by what an auditor may see, and cases are known by their ids on both databases."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from forms_app.forms.follow_up import FollowUpKind
from forms_app.storage import audit, audit_links, follow_ups
from forms_app.storage.audit import Wanted
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.functions import uuid_in
from forms_app.storage.submissions import NewSubmission
from forms_app.storage.tables import audit as trail

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def write(engine: sa.Engine) -> Callable[..., None]:
    def write_one(subject: str, action: str = "opened", actor: str = "cli:x", minutes: int = 0) -> None:
        with engine.begin() as connection:
            at = NOON + timedelta(minutes=minutes)
            audit.record(connection, at=at, actor=actor, action=action, subject=subject)

    return write_one


def found(engine: sa.Engine, **wanted: str | datetime) -> list[tuple[int, str | None]]:
    with reading(engine) as connection:
        rows = audit.search(connection, Wanted(municipality="arendal", **wanted), limit=10)  # type: ignore[arg-type]
        return [(one.entry.id, one.reference) for one in rows]


def test_an_auditor_finds_what_concerns_their_municipality(
    engine: sa.Engine, stored: Callable[..., NewSubmission], write: Callable[..., None]
) -> None:
    mine, theirs = stored(reference="AAAA-BBBB"), stored(municipality="rudersdal")
    for subject in (str(mine.id), str(theirs.id), "arendal", "rudersdal", "all", str(uuid.uuid4()), "no id"):
        write(subject)
    assert found(engine) == [(5, None), (3, None), (1, "AAAA-BBBB")]
    assert found(engine, reference="AAAA-BBBB") == [(1, "AAAA-BBBB")]
    with reading(engine) as connection:
        assert audit.actors(connection, "arendal") == ["cli:x"]


def test_what_was_sent_later_belongs_to_the_case(
    engine: sa.Engine, stored: Callable[..., NewSubmission], write: Callable[..., None]
) -> None:
    first, later = stored(reference="AAAA-BBBB"), stored(reference="AAAA-BBBB-1")
    with engine.begin() as connection:
        follow_ups.insert(connection, later.id, Following(follows=first.id, kind=FollowUpKind.ADDITION, number=1))
        subjects = audit.subjects_of_case(connection, first.id)
    write(str(later.id))
    assert subjects == [str(first.id), str(later.id)]
    assert found(engine, reference="AAAA-BBBB") == [(1, "AAAA-BBBB-1")]
    with reading(engine) as connection:
        assert [one.id for one in audit.of_subjects(connection, subjects)] == [1]


def test_an_action_is_found_with_what_follows_it_and_no_other(engine: sa.Engine, write: Callable[..., None]) -> None:
    for action in ("opened", "opened a file", "openednot", "status answered", "status%"):
        write("arendal", action)
    assert [id for id, unused_reference in found(engine, action="opened")] == [2, 1]
    assert [id for id, unused_reference in found(engine, action="status%")] == [5]


def test_a_period_begins_with_its_first_moment_and_ends_before_the_last(
    engine: sa.Engine, write: Callable[..., None]
) -> None:
    for minutes in range(4):
        write("arendal", minutes=minutes)
    period = {"since": NOON + timedelta(minutes=1), "until": NOON + timedelta(minutes=3)}
    assert [id for id, unused_reference in found(engine, **period)] == [3, 2]


def test_a_page_begins_after_the_one_before_and_an_actor_is_found(
    engine: sa.Engine, write: Callable[..., None]
) -> None:
    for actor in ("cli:a", "cli:b", "cli:a"):
        write("arendal", actor=actor)
    with reading(engine) as connection:
        wanted = Wanted(municipality="arendal", actor="cli:a")
        assert [one.entry.id for one in audit.search(connection, wanted, limit=1)] == [3]
        assert [one.entry.id for one in audit.search(connection, wanted, limit=9, before=3)] == [1]


def test_the_last_of_its_kind_is_found(engine: sa.Engine, write: Callable[..., None]) -> None:
    write("all", "drill passed 1")
    write("all", "drill passed 2")
    write("all", "drill failed 3")
    with reading(engine) as connection:
        newest = audit.last(connection, ["drill passed"])
        assert newest
        assert newest.action == "drill passed 2"
        assert audit.last(connection, ["nothing"]) is None


def test_an_id_in_a_text_is_spelled_for_postgresql_too() -> None:
    dialect = sa.make_url("postgresql://").get_dialect()()
    spelled = str(sa.select(uuid_in(trail.c.subject)).compile(dialect=dialect))
    assert "::uuid" in spelled
    assert "audit.subject ~" in spelled


def test_nobody_chains_what_is_far_behind(engine: sa.Engine, write: Callable[..., None]) -> None:
    write("arendal")
    with engine.begin() as connection:
        connection.execute(sa.update(trail).values(id=20_000))
        audit_links.add(connection, [audit_links.Link(number=1, entry_id=20_000, sha256="0" * 64)])
        connection.execute(sa.insert(trail), {"id": 1, "at": NOON, "actor": "a", "action": "b", "subject": "arendal"})
        assert audit_links.waiting(connection, most=10) == []
        assert [one.id for one in audit_links.unlinked(connection)] == [1]
