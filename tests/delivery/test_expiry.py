"""Drafts that were never sent are deleted after the promised day, and nothing else is."""

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from movable_clock import MovableClock

from forms_app.clock import local_date
from forms_app.countries import Country, rules_for
from forms_app.delivery.expiry import DraftExpiry, _kept_since
from forms_app.intake.drafts import kept_until
from forms_app.storage import drafts
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files, draft_steps, submissions
from forms_app.storage.tables import drafts as draft_rows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def draft(engine: sa.Engine, id: bytes, saved_at: datetime) -> None:
    """A draft with a page and a file."""
    with engine.begin() as connection:
        new = drafts.Draft(
            id=id, form="complaint", form_version=1, public_half="age1x", created_at=saved_at, saved_at=saved_at
        )
        drafts.create(connection, new)
        drafts.save_step(connection, draft_id=id, step="who", ciphertext=b"c", read_revision=0, now=saved_at)
        drafts.add_file(connection, id=uuid.uuid4(), draft_id=id, details=b"d", ciphertext=b"f", size=1, now=saved_at)


def left(engine: sa.Engine) -> set[bytes]:
    with reading(engine) as connection:
        return set(connection.execute(sa.select(draft_rows.c.id)).scalars())


def test_a_draft_goes_with_all_it_holds_when_its_last_day_is_over(engine: sa.Engine) -> None:
    clock = MovableClock(NOON)
    draft(engine, b"old", NOON)
    draft(engine, b"new", NOON + timedelta(days=1))
    expiry = DraftExpiry(engine, clock, days=30)
    # In Oslo and Copenhagen 22 December ends at 23:00 UTC.
    clock.now = datetime(2026, 12, 22, 22, 59, tzinfo=UTC)
    expiry.run_once()
    assert left(engine) == {b"old", b"new"}
    clock.now = datetime(2026, 12, 22, 23, 0, tzinfo=UTC)
    expiry.run_once()
    expiry.run_once()
    assert left(engine) == {b"new"}
    with reading(engine) as connection:
        for table in (draft_steps, draft_files):
            assert connection.execute(sa.select(table.c.draft_id)).scalars().all() == [b"new"]


def test_what_was_sent_never_expires(engine: sa.Engine) -> None:
    draft(engine, b"d", NOON)
    with reading(engine) as connection:
        sent = connection.execute(sa.select(submissions.c.draft_id)).scalars().all()
    assert sent == [b"d"]
    DraftExpiry(engine, MovableClock(NOON + timedelta(days=4000)), days=1).run_once()
    assert left(engine) == {b"d"}
    with reading(engine) as connection:
        assert connection.execute(sa.select(submissions.c.draft_id)).scalars().all() == [b"d"]


@given(
    saved=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    waited=st.timedeltas(timedelta(0), timedelta(days=800)),
    days=st.integers(1, 365),
    country=st.sampled_from(Country),
)
def test_it_is_deleted_on_the_day_after_the_one_that_pages_promise(
    saved: datetime, waited: timedelta, days: int, country: Country
) -> None:
    saved_at, zone = saved.replace(tzinfo=UTC), rules_for(country).time_zone
    now = saved_at + waited
    is_over = local_date(now, zone) > kept_until(saved_at, days=days, zone=zone)
    assert (saved_at < _kept_since(now, days, zone)) == is_over
