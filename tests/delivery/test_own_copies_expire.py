"""Citizens' own copies go after the promised day; what the municipality has, and the receipts, never do."""

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from case_pages import add, status_url
from checked_client import CheckedClient, File
from form_journeys import reference_of
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed

from forms_app.delivery.expiry import OwnCopyExpiry
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import own_files, submissions

MORE = File(name="mer.txt", content=b"mer")


def kept(database: sa.Engine) -> tuple[int, int]:
    """How many copies of answers and of files there are."""
    with reading(database) as connection:
        copies = connection.execute(sa.select(sa.func.count(submissions.c.own_copy))).scalar_one()
        return copies, connection.execute(sa.select(sa.func.count()).select_from(own_files)).scalar_one()


def test_a_copy_is_kept_through_the_day_that_the_page_names(
    client: CheckedClient, settings: Settings, database: sa.Engine, clock: MovableClock
) -> None:
    journey = Rehearsed(client, Language.NB, "application", {"situation": "Søvn"})
    reference = reference_of(journey.send())
    clock.move(days=2)
    add(client, journey, MORE)
    expiry = OwnCopyExpiry(database, clock, deployment=settings.deployment)
    expiry.run_once()
    assert kept(database) == (2, 1)
    assert "22. november 2027" in client.get(status_url(journey)).main
    # In Oslo that day ends at 23:00 UTC.
    clock.now = datetime(2027, 11, 22, 22, 59, tzinfo=UTC)
    expiry.run_once()
    assert kept(database) == (2, 1)
    clock.now = datetime(2027, 11, 22, 23, 0, tzinfo=UTC)
    expiry.run_once()
    assert kept(database) == (1, 1)
    page = client.get(status_url(journey))
    assert "Søvn" not in page.main
    assert reference_of(page) == reference_of(client.get(journey.receipt_url)) == reference
    with reading(database) as connection:
        assert all(connection.execute(sa.select(submissions.c.answers)).scalars())


def test_each_municipality_has_its_own_time(
    client: CheckedClient, settings: Settings, database: sa.Engine, clock: MovableClock
) -> None:
    for municipality in ("arendal", "rudersdal"):
        Rehearsed(client, Language.NB, "application", {"municipality": municipality}).send()
    municipalities = tuple(
        replace(one, own_copy_days=10) if one.key == "arendal" else one for one in settings.deployment.municipalities
    )
    clock.move(days=11)
    expiry = OwnCopyExpiry(database, clock, deployment=replace(settings.deployment, municipalities=municipalities))
    expiry.run_once()
    expiry.run_once()
    with reading(database) as connection:
        left = connection.execute(
            sa.select(submissions.c.municipality).where(submissions.c.own_copy.is_not(None))
        ).scalars()
        assert list(left) == ["rudersdal"]
