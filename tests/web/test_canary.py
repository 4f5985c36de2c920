"""Nothing is accepted that nobody may be able to open, and that is told before anybody fills anything in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, Page
from flask import Flask
from form_journeys import Journey, fields_of, reference_of
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.books.canaries import Confirmer
from forms_app.intake.canaries import NotConfirmed
from forms_app.language import Language
from forms_app.sealing.envelope import Recipients
from forms_app.settings import Settings
from forms_app.storage.casework_tables import canaries
from forms_app.storage.engine import reading
from forms_app.web.addresses import ADDITION, TAKE_BACK

NOTICE = {
    Language.NB: "Ingenting kan sendes til",
    Language.NN: "Ingenting kan sendast til",
    Language.DA: "Der kan ikke sendes noget til",
}
START = {Language.NB: "/nb/skjema/soknad/", Language.NN: "/nn/skjema/soknad/", Language.DA: "/da/skema/anmodning/"}


@pytest.fixture
def strict(make_app: Callable[[Settings], Flask], real_settings: Settings) -> Flask:
    """The same portal, not as a demonstration."""
    return make_app(real_settings)


@pytest.fixture
def citizen(strict: Flask) -> CheckedClient:
    return CheckedClient(strict, base_url="https://localhost")


@pytest.fixture
def confirm(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]) -> Callable[[], None]:
    """What the worker does each minute."""
    return Confirmer(engine=database, clock=clock, identities=identities).run_once


def ready(app: Flask) -> tuple[int, object]:
    answer = app.test_client().get("/ready")
    return answer.status_code, answer.json


def has_button(page: Page) -> bool:
    return any(one.get("data-variant") == "primary" for one in page.all(".//main//form//button"))


@pytest.mark.parametrize("language", Language)
def test_before_anybody_has_shown_that_they_can_open_no_form_is_begun(
    citizen: CheckedClient, strict: Flask, language: Language
) -> None:
    page = citizen.get(START[language], status=503)
    assert NOTICE[language] in page.main
    assert not has_button(page)
    assert ready(strict)[0] == 503


def test_what_is_posted_to_the_first_page_begins_nothing(
    citizen: CheckedClient, strict: Flask, database: sa.Engine, confirm: Callable[[], None]
) -> None:
    confirm()
    kept = fields_of(citizen.get("/nb/skjema/soknad/"))
    strict.extensions["portal"].canaries._known.clear()
    with database.begin() as connection:
        connection.execute(sa.delete(canaries))
    assert NOTICE[Language.NB] in citizen.post("/nb/skjema/soknad/", kept, status=503).main


def test_once_the_worker_has_opened_the_canary_everything_is_as_usual(
    citizen: CheckedClient, strict: Flask, confirm: Callable[[], None]
) -> None:
    places = sorted(one.key for one in strict.extensions["portal"].deployment.municipalities)
    assert ready(strict) == (503, {"status": "unconfirmed", "unconfirmed": places})
    confirm()
    assert ready(strict) == (200, {"status": "ready"})
    page = citizen.get("/nb/skjema/soknad/")
    assert NOTICE[Language.NB] not in page.main
    assert reference_of(Journey(citizen, Language.NB, "complaint").send())


def test_whoever_is_in_the_middle_keeps_everything(
    citizen: CheckedClient, strict: Flask, database: sa.Engine, confirm: Callable[[], None]
) -> None:
    confirm()
    review = Journey(citizen, Language.NB, "complaint", {"municipality": "arendal"}).to_review()
    step = next(str(one.get("href")) for one in review.all(".//main//a") if "back_to_review" in str(one.get("href")))
    strict.extensions["portal"].canaries._known.clear()
    with database.begin() as connection:
        connection.execute(sa.update(canaries).values(proof=None, confirmed_at=None))
    assert "Ingenting kan sendes til Arendal" in citizen.get(step).main
    shown = citizen.get(review.url)
    assert not has_button(shown)
    assert "Ingenting kan sendes til Arendal" in shown.main
    refused = citizen.post(review.url, fields_of(review), status=503)
    assert refused.heading == review.heading
    start = citizen.get("/nb/skjema/klage/", status=503)
    assert "Det ligger et utkast her" in start.main or "Fortsett der du slapp" in start.main
    confirm()
    assert citizen.post(review.url, fields_of(citizen.get(review.url))).status == 303


def test_only_the_municipality_that_cannot_open_is_closed(
    make_app: Callable[[Settings], Flask], real_settings: Settings, confirm: Callable[[], None]
) -> None:
    nobody = Recipients(tuple(str(Identity.generate().to_public()) for unused_key in range(2)))
    app = make_app(replace(real_settings, recipients={**real_settings.recipients, "rudersdal": nobody}))
    confirm()
    assert ready(app) == (503, {"status": "unconfirmed", "unconfirmed": ["rudersdal"]})
    citizen = CheckedClient(app, base_url="https://localhost")
    page = citizen.get("/nb/skjema/klage/")
    assert "Ingenting kan sendes til Rudersdal" in page.main
    assert has_button(page)
    assert reference_of(Journey(citizen, Language.NB, "complaint", {"municipality": "arendal"}).send())


def test_what_is_sent_later_is_refused_as_well(
    citizen: CheckedClient, strict: Flask, database: sa.Engine, confirm: Callable[[], None]
) -> None:
    confirm()
    Journey(citizen, Language.NB, "complaint", {"municipality": "arendal"}).send()
    strict.extensions["portal"].canaries._known.clear()
    with database.begin() as connection:
        connection.execute(sa.update(canaries).values(proof=None, confirmed_at=None))
    for page in (ADDITION, TAKE_BACK):
        assert "Ingenting kan sendes til Arendal" in citizen.get(f"/nb/skjema/klage/{page[Language.NB]}").main
    withdraw = citizen.get(f"/nb/skjema/klage/{TAKE_BACK[Language.NB]}")
    citizen.post(withdraw.url, fields_of(withdraw), status=503)
    with pytest.raises(NotConfirmed):
        strict.extensions["portal"].canaries.demand(real_recipients(strict))


def real_recipients(app: Flask) -> Recipients:
    found = app.extensions["portal"].recipients["arendal"]
    assert isinstance(found, Recipients)
    return found


def test_a_confirmation_made_up_in_the_database_counts_for_nothing(
    strict: Flask, database: sa.Engine, clock: MovableClock, confirm: Callable[[], None]
) -> None:
    with reading(database) as connection:
        (before,) = connection.execute(sa.select(canaries.c.sealed)).scalars()
    with database.begin() as connection:
        connection.execute(sa.update(canaries).values(proof="0" * 64, confirmed_at=clock() - timedelta(hours=1)))
    assert ready(strict)[0] == 503
    with reading(database) as connection:
        (after,) = connection.execute(sa.select(canaries.c.sealed)).scalars()
    assert after != before
    confirm()
    assert ready(strict)[0] == 200


def test_a_new_secret_key_makes_a_new_canary(
    make_app: Callable[[Settings], Flask], real_settings: Settings, strict: Flask, confirm: Callable[[], None]
) -> None:
    confirm()
    other = make_app(replace(real_settings, secret_key="another secret key, long enough for one"))
    assert ready(other)[0] == 503
    confirm()
    assert ready(other)[0] == 200


def test_a_demonstration_demands_nothing(app: Flask, database: sa.Engine) -> None:
    assert ready(app) == (200, {"status": "ready"})
    with reading(database) as connection:
        assert connection.execute(sa.select(canaries)).all() == []


def test_a_portal_without_a_schema_is_not_ready_and_starts_all_the_same(
    make_app: Callable[[Settings], Flask], real_settings: Settings
) -> None:
    for path in real_settings.data.glob("portal.sqlite*"):
        path.unlink()
    assert ready(make_app(real_settings)) == (503, {"status": "migrate"})


def test_a_portal_without_a_database_is_not_ready(strict: Flask) -> None:
    def fail(*unused_arguments: object) -> None:
        raise sa.exc.OperationalError("", {}, Exception())

    engine = strict.extensions["portal"].desk.engine
    sa.event.listen(engine, "before_cursor_execute", fail)
    assert ready(strict) == (503, {"status": "no database"})
    sa.event.remove(engine, "before_cursor_execute", fail)
