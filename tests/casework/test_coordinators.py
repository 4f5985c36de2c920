"""Who has room for one more family is counted, never guessed."""

import uuid
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed

from forms_app.casework.coordinators import NotAtWork, Register, WrongCapacity
from forms_app.countries import Country
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage import audit, case_work, cases, submissions
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.staff import members
from forms_app.storage.staff.tables import Role
from forms_app.storage.tables import CaseStatus, TargetGroup

CHILDREN, ADULTS = TargetGroup.CHILDREN, TargetGroup.ADULTS
Hire = Callable[[str], uuid.UUID]


@pytest.fixture
def staff(settings: Settings) -> Iterator[sa.Engine]:
    engine = make_engine(settings.staff_database_url)
    migrate(engine, Schema.STAFF)
    yield engine
    engine.dispose()


@pytest.fixture
def hire(staff: sa.Engine, clock: MovableClock) -> Hire:
    def put(name: str) -> uuid.UUID:
        with staff.begin() as connection:
            member = members.put(connection, issuer="i", subject=name, name=name, now=clock())
            members.grant(connection, member, "arendal", Role.CASE_WORKER)
        return member

    return put


@pytest.fixture
def register(database: sa.Engine, staff: sa.Engine, clock: MovableClock) -> Register:
    return Register(engine=database, staff=staff, clock=clock, municipality="arendal", country=Country.NORWAY)


@pytest.fixture
def apply(client: CheckedClient) -> Callable[..., str]:
    def send(**answers: str) -> str:
        return reference_of(Rehearsed(client, Language.NB, "application", {**LEAST, **answers}).send())

    return send


def give(database: sa.Engine, clock: MovableClock, reference: str, to: uuid.UUID | None) -> None:
    with database.begin() as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        case = cases.of(connection, row.id)
        assert case_work.assign(connection, case.id, to, seen=case.assignee, now=clock())


def close(database: sa.Engine, reference: str, status: CaseStatus) -> None:
    with database.begin() as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        cases.set_status(connection, cases.of(connection, row.id).id, status)


def rooms(register: Register) -> list[tuple[str, str, int, int]]:
    found = register.overview(within=5).coordinators
    return [(one.name, one.target_group, one.load, one.free) for one in found]


def test_most_room_comes_first_within_each_group(
    register: Register, hire: Hire, database: sa.Engine, clock: MovableClock, apply: Callable[..., str]
) -> None:
    anne, bo = hire("Anne"), hire("Bo")
    register.set_capacity(anne, ADULTS, 2, actor="staff:x")
    register.set_capacity(bo, ADULTS, 2, actor="staff:x")
    register.set_capacity(bo, CHILDREN, 1, actor="staff:x")
    for unused_number in range(3):
        give(database, clock, apply(), anne)
    give(database, clock, apply(role="child"), bo)
    assert rooms(register) == [
        ("Bo", "adults", 0, 2),
        ("Anne", "adults", 3, -1),
        ("Bo", "children", 1, 0),
    ]


def test_a_closed_case_makes_room_and_an_answered_one_does_not(
    register: Register, hire: Hire, database: sa.Engine, clock: MovableClock, apply: Callable[..., str]
) -> None:
    anne = hire("Anne")
    register.set_capacity(anne, ADULTS, 2, actor="staff:x")
    answered, closed = apply(), apply()
    for reference, status in ((answered, CaseStatus.ANSWERED), (closed, CaseStatus.CLOSED)):
        give(database, clock, reference, anne)
        close(database, reference, status)
    assert rooms(register) == [("Anne", "adults", 1, 1)]


def test_who_waits_is_told_in_working_days_the_longest_first(
    register: Register, hire: Hire, database: sa.Engine, clock: MovableClock, apply: Callable[..., str]
) -> None:
    first = apply()
    clock.move(days=1)
    second = apply()
    clock.move(days=7)
    # From Sunday the 22nd: Monday to Friday, and Monday again.
    found = register.overview(within=5).waiting
    assert [(one.reference, one.days, one.is_too_long) for one in found] == [(first, 6, True), (second, 5, False)]
    give(database, clock, first, hire("Anne"))
    assert [one.reference for one in register.overview(within=5).waiting] == [second]


def test_nobody_coordinates_for_0(register: Register, hire: Hire, database: sa.Engine) -> None:
    anne = hire("Anne")
    register.set_capacity(anne, ADULTS, 2, actor="staff:x")
    register.set_capacity(anne, ADULTS, 0, actor="staff:x")
    assert rooms(register) == []
    with reading(database) as connection:
        deeds = [entry.action for entry in audit.entries(connection, "arendal")]
    assert deeds == [f"capacity 2 adults {anne}", f"capacity 0 adults {anne}"]


@pytest.mark.parametrize("number", [-1, 501])
def test_a_capacity_that_nobody_has_is_a_slip(register: Register, hire: Hire, number: int) -> None:
    with pytest.raises(WrongCapacity):
        register.set_capacity(hire("Anne"), ADULTS, number, actor="staff:x")


def test_only_who_works_here_coordinates_here(
    register: Register, hire: Hire, staff: sa.Engine, clock: MovableClock
) -> None:
    anne = hire("Anne")
    with pytest.raises(NotAtWork):
        register.set_capacity(uuid.uuid4(), ADULTS, 1, actor="staff:x")
    with staff.begin() as connection:
        members.remove(connection, anne, now=clock())
    with pytest.raises(NotAtWork):
        register.set_capacity(anne, ADULTS, 1, actor="staff:x")
