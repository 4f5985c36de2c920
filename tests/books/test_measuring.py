"""What Prometheus reads is right, cheap, and says nothing of anybody."""

import math
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from prometheus_client.parser import text_string_to_metric_families

from forms_app.books.alarms import Alarm, AlarmKind
from forms_app.books.bell import Bell
from forms_app.books.closing import close
from forms_app.books.journals import Journals
from forms_app.books.measuring import AGES, KINDS, OTHER, Measures
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.metrics import Measured, exposition
from forms_app.municipality import CHANNEL_KINDS, load_deployment
from forms_app.settings import REPOSITORY
from forms_app.storage import beats
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema
from forms_app.storage.roles import DatabaseRole, grant
from forms_app.storage.tables import Outcome, attempts, cases, deliveries, drafts, submissions
from forms_app.storage.worker_tables import beats as beat_rows
from tests.books.conftest import NOON, Counter
from tests.books.tampering import deliver

Change = Callable[..., None]
Read = Callable[[], dict[str, float]]


@pytest.fixture
def measures(engine: sa.Engine, clock: MovableClock) -> Measures:
    return Measures(engine=engine, clock=clock, seconds=0.0)


@pytest.fixture
def read(measures: Measures) -> Read:
    """As Prometheus reads it: every sample that is not zero, as `name{label="value"}`."""

    def do() -> dict[str, float]:
        found = {}
        for family in text_string_to_metric_families(exposition(measures.now(), shared=Path("/nowhere")).decode()):
            for sample in family.samples:
                labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
                found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
        return {name: value for name, value in found.items() if value and "build_info" not in name}

    return do


def test_an_empty_portal_says_zero_of_everything_it_knows(read: Read, measures: Measures) -> None:
    assert read() == {"portal_database_up": 1.0, "portal_worker_beat_seconds": math.inf}
    named = {one.name: one for one in measures.now()}
    assert len(named["portal_submissions"].values) == len(FormKey) * len(Language)
    assert len(named["portal_alarms"].values) == len(AlarmKind)
    assert named["portal_build_info"].values


def test_what_was_sent_and_what_waits_is_counted(
    read: Read, counter: Counter, change: Change, clock: MovableClock
) -> None:
    counter.take("A", channels=("folder", "confirmation_mail"))
    clock.move(hours=1)
    counter.take("B")
    counter.take("C", municipality="rudersdal")
    change(deliver("C"), deliver("B", "given_up"))
    change(sa.update(submissions).where(submissions.c.reference == "C").values(form="complaint", language="da"))
    change(sa.insert(drafts).values(id=b"d", form="x", form_version=1, public_half="p", created_at=NOON, saved_at=NOON))
    assert read() == {
        "portal_database_up": 1.0,
        "portal_worker_beat_seconds": math.inf,
        'portal_submissions_total{form="application",language="nb"}': 2.0,
        'portal_submissions_total{form="complaint",language="da"}': 1.0,
        "portal_drafts": 1.0,
        'portal_deliveries{kind="folder",state="waiting"}': 1.0,
        'portal_deliveries{kind="folder",state="given_up"}': 1.0,
        'portal_deliveries{kind="confirmation_mail",state="waiting"}': 1.0,
        'portal_oldest_delivery_seconds{kind="folder"}': 3600.0,
        'portal_oldest_delivery_seconds{kind="confirmation_mail"}': 3600.0,
        'portal_open_cases{age="1d",opened="no"}': 3.0,
    }


def test_a_draft_that_was_sent_is_none(read: Read, counter: Counter, change: Change) -> None:
    id = counter.take("A")
    row = {"form": "x", "form_version": 1, "public_half": "p", "created_at": NOON, "saved_at": NOON}
    change(sa.insert(drafts).values(id=id.bytes, **row))
    assert "portal_drafts" not in read()


def test_attempts_are_counted_by_how_they_ended(
    read: Read, counter: Counter, change: Change, engine: sa.Engine
) -> None:
    counter.take("A")
    with engine.begin() as connection:
        delivery = connection.execute(sa.select(deliveries.c.id)).scalar_one()
    for number, outcome in enumerate((Outcome.FAILED, Outcome.FAILED, Outcome.SUCCEEDED), 1):
        change(sa.insert(attempts).values(delivery_id=delivery, number=number, started_at=1.0, outcome=outcome))
    found = read()
    assert found['portal_delivery_attempts_total{kind="folder",outcome="failed"}'] == 2.0
    assert found['portal_delivery_attempts_total{kind="folder",outcome="succeeded"}'] == 1.0


def test_open_cases_are_counted_by_age(read: Read, counter: Counter, change: Change) -> None:
    for days in (0, 2, 5, 20, 99):
        counter.take(f"R{days}", accepted_at=NOON - timedelta(days=days, hours=1))
    for name, values in {
        "closed": {"status": "closed"}, "withdrawn": {"withdrawn_at": NOON}, "revoked": {"revoked_at": NOON}
    }.items():  # fmt: skip
        id = counter.take(name)
        change(sa.update(cases).where(cases.c.submission_id == id).values(**values))
    opened = counter.take("opened")
    change(sa.update(cases).where(cases.c.submission_id == opened).values(opened_at=NOON))
    cases_of = {name: value for name, value in read().items() if name.startswith("portal_open_cases")}
    assert cases_of == {
        'portal_open_cases{age="1d",opened="yes"}': 1.0,
        **{f'portal_open_cases{{age="{age}",opened="no"}}': 1.0 for age in AGES},
    }


def test_alarms_are_told_and_a_silent_worker_without_any_worker(
    read: Read, engine: sa.Engine, clock: MovableClock, change: Change
) -> None:
    Bell(engine=engine, clock=clock).ring([Alarm(kind=AlarmKind.BOOKS_GAP, subject="arendal", count=3)])
    with engine.begin() as connection:
        beats.say(connection, uuid.uuid4(), host="one", process=1)
    found = read()
    assert (found['portal_alarms{kind="books_gap"}'], found["portal_workers"]) == (3.0, 1.0)
    assert found.get("portal_worker_beat_seconds", 0.0) < 60
    change(sa.update(beat_rows).values(beat_at=beat_rows.c.beat_at - 300))
    found = read()
    assert (found['portal_alarms{kind="worker_silent"}'], found.get("portal_workers")) == (1.0, None)
    assert found["portal_worker_beat_seconds"] >= 300
    Bell(engine=engine, clock=clock).ring([])
    assert 'portal_alarms{kind="books_gap"}' not in read()


def test_the_database_is_not_asked_again_for_some_seconds(engine: sa.Engine, clock: MovableClock) -> None:
    measures = Measures(engine=engine, clock=clock, seconds=60.0)
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(str(arguments[2])))
    first = measures.now()
    asked = len(statements)
    assert (measures.now(), len(statements)) == (first, asked)


def test_a_database_that_is_gone_is_told(engine: sa.Engine, clock: MovableClock, change: Change) -> None:
    change(sa.text("DROP TABLE alarms"))
    found = {one.name: one.values for one in Measures(engine=engine, clock=clock).now()}
    assert (set(found), found["portal_database_up"]) == ({"portal_build_info", "portal_database_up"}, {(): 0.0})


def test_no_label_says_where_who_or_which(
    measures: Measures, counter: Counter, change: Change, engine: sa.Engine, clock: MovableClock
) -> None:
    """Whatever stands in the database, a label is one of ours."""
    id = counter.take("K7M2-9QXK", channels=("Kari Nordmann",))
    change(sa.update(submissions).values(form="01019012345", language="kari@example.org"))
    change(sa.insert(attempts).values(delivery_id=_delivery(engine), number=1, started_at=1.0, outcome="failed"))
    Bell(engine=engine, clock=clock).ring([Alarm(kind=AlarmKind.BOOKS_GAP, subject="arendal", names=("K7M2-9QXK",))])
    change(sa.text("UPDATE alarms SET kind = 'Kari Nordmann'"))
    allowed = {
        "form": {*FormKey, OTHER}, "language": {*Language, OTHER}, "kind": {*KINDS, *AlarmKind, OTHER},
        "state": {"waiting", "given_up"}, "outcome": set(Outcome), "age": set(AGES), "opened": {"yes", "no"},
    }  # fmt: skip
    for one in measures.now():
        if one.name != "portal_build_info":
            for values in one.values:
                for label, value in zip(one.labels, values, strict=True):
                    assert value in allowed[label], (one.name, label, value)
    text = exposition(measures.now(), shared=Path("/nowhere")).decode()
    places = [one.key for one in load_deployment(REPOSITORY / "portal.toml").municipalities]
    for word in (*places, "K7M2", "Kari", "01019012345", str(id)):
        assert word not in text
    assert f'{{form="{OTHER}",language="{OTHER}"}} 1.0' in text


def _delivery(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(deliveries.c.id)).scalar_one())


def test_every_channel_there_is_has_its_numbers() -> None:
    assert set(CHANNEL_KINDS) < set(KINDS)


@pytest.mark.only_on("postgresql")
def test_it_takes_no_more_rights_than_the_role_for_it_has(
    engine: sa.Engine,
    url: str,
    as_role: Callable[[str, DatabaseRole], str],
    counter: Counter,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    counter.take("A")
    with engine.begin() as connection:
        grant(connection, Schema.PORTAL)
    watching = make_engine(as_role(url, DatabaseRole.WATCH))
    found = {one.name: one.values for one in Measures(engine=watching, clock=clock).now()}
    assert close(watching, Journals([tmp_path]), now=NOON).findings == ()
    watching.dispose()
    assert found["portal_database_up"] == {(): 1.0}
    assert sum(found["portal_submissions"].values()) == 1.0


def test_a_measure_without_labels_is_one_number() -> None:
    text = exposition([Measured(name="a", help="b", values={(): 2.0})], shared=Path("/nowhere")).decode()
    assert text.splitlines()[-1] == "a 2.0"
