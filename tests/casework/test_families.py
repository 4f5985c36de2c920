"""Cases of one person are suggested, joined by people, and taken apart again; each deed stands in the trail of both."""

import uuid
from collections.abc import Callable, Mapping
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.casework import assignment, families
from forms_app.casework.assignment import AssignedMeanwhile, NotAColleague
from forms_app.casework.names import NameIndex
from forms_app.casework.opening import UnknownReference
from forms_app.casework.people import Likeness, People
from forms_app.casework.same_person import Circle, Desk, KnownTo
from forms_app.casework.status import CaseHistory, history
from forms_app.forms.definition import PERSON, FormKey
from forms_app.references.reference import WrongReference, new_reference
from forms_app.storage import audit
from forms_app.storage import families as stored
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.tables import cases as table
from forms_app.storage.tables import submissions

Sent = Callable[..., str]
Of = Callable[[str], CaseHistory]
ME, COLLEAGUE, GONE = (uuid.UUID(int=number) for number in (1, 2, 3))
ACTOR, PEOPLE = f"staff:{ME}", {ME, COLLEAGUE}
NUMBER, SAME_NUMBER, OTHER_NUMBER = "010115 50084", "010115-50084", "03111500079"
ASE: Mapping[str, Any] = {"role": "child", "name_of_person": "Åse Ødegård"}


@pytest.fixture
def of(database: sa.Engine) -> Of:
    """The case as it stands now."""
    return lambda reference: history(database, reference)


@pytest.fixture
def trail(database: sa.Engine, of: Of) -> Callable[[str], list[str]]:
    """What our case worker did with it."""

    def read(reference: str) -> list[str]:
        with reading(database) as connection:
            entries = audit.entries(connection, str(of(reference).submission.id))
        return [one.action for one in entries if one.actor == ACTOR]

    return read


@pytest.fixture
def change(database: sa.Engine, of: Of) -> Callable[..., None]:
    """Sets columns of a case."""

    def change(reference: str, **values: object) -> None:
        with database.begin() as connection:
            connection.execute(sa.update(table).where(table.c.id == of(reference).case.id).values(**values))

    return change


@pytest.fixture
def join(database: sa.Engine, clock: MovableClock, of: Of) -> Callable[[str, str], bool]:
    def join(one: str, other: str) -> bool:
        return families.join(database, clock, of(one), other, colleagues=PEOPLE, actor=ACTOR)

    return join


@pytest.fixture
def desk(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]) -> Desk:
    return Desk(engine=database, clock=clock, identities=identities, index=NameIndex(), actor=ACTOR)


def suggested(circle: Circle) -> list[tuple[str, Likeness]]:
    return [(line.row.reference, why) for line, why in circle.suggested]


def test_the_same_number_is_suggested_whatever_the_form_and_however_it_was_written(
    sent: Sent, of: Of, desk: Desk
) -> None:
    mine = sent(**ASE, national_id=NUMBER)
    power = sent(FormKey.POWER_OF_ATTORNEY, grantor_name="ODEGARD, Åse", grantor_national_id=SAME_NUMBER)
    married = sent(FormKey.COMPLAINT, role="other", name_of_person="Åse Haugen", national_id=NUMBER)
    sent(**ASE, national_id=NUMBER, place="kristiansand")
    sent(**ASE, national_id=OTHER_NUMBER)
    assert suggested(desk.circle(of(mine).case)) == [(power, Likeness.OTHER_NAME), (married, Likeness.OTHER_NAME)]
    again = sent(**ASE, national_id=SAME_NUMBER)
    assert suggested(desk.circle(of(again).case))[0] == (mine, Likeness.NUMBER)


def test_without_a_number_the_same_name_and_birth_date_are_a_weaker_reason(sent: Sent, of: Of, desk: Desk) -> None:
    mine = sent(**ASE)
    with_number = sent(role="child", name_of_person="Ødegård Åse", national_id=NUMBER)
    sent(**ASE | {"birth_date-year": "2016"})
    sent(**ASE | {"name_of_person": "Åse Ødegaard"})
    nameless = sent(**ASE | {"name_of_person": "", "child_is_born": "expected"})
    assert suggested(desk.circle(of(mine).case)) == [(with_number, Likeness.NAME)]
    assert suggested(desk.circle(of(nameless).case)) == []


def test_a_number_that_is_not_whole_tells_nobody_apart(sent: Sent, of: Of, desk: Desk) -> None:
    half = {"national_id": "50084", "national_id-asked": "50084"}
    mine = sent(role="child", name_of_person="Åse Ødegård", **half)
    sent(role="child", name_of_person="Bjørn Haugen", **half)
    assert suggested(desk.circle(of(mine).case)) == []


def test_what_very_many_share_tells_nobody_apart() -> None:
    people, ids = People(), [uuid.UUID(int=number) for number in range(101)]
    for id in ids[:100]:
        people.put(id, {PERSON: {"name": "Ola Nordmann", "born": "1990-01-01", "number": None}})
    assert len(people.like(ids[0])) == 99
    people.put(ids[100], {PERSON: {"name": "Ola Nordmann", "born": "1990-01-01", "number": None}})
    assert people.like(ids[0]) == {}
    people.forget(ids[100])
    people.forget(ids[100])
    assert len(people.like(ids[0])) == 99


@pytest.mark.parametrize(
    "summary",
    [
        {},
        {PERSON: None},
        {PERSON: "Åse"},
        {PERSON: {"name": 7, "born": [], "number": {}}},
        {PERSON: {"name": "\ud83d"}},
    ],
)
def test_whatever_was_sealed_hides_no_other(summary: Mapping[str, Any]) -> None:
    people, odd, ase, other = People(), *(uuid.UUID(int=number) for number in range(3))
    people.put(odd, summary)
    for id in (ase, other):
        people.put(id, {PERSON: {"name": "Åse", "born": "2015-11-03", "number": None}})
    assert people.like(odd) == {}
    assert people.like(ase) == {other: Likeness.NAME}


def test_what_was_erased_is_forgotten(sent: Sent, of: Of, desk: Desk, database: sa.Engine, clock: MovableClock) -> None:
    mine, other = sent(**ASE, national_id=NUMBER), sent(**ASE, national_id=NUMBER)
    assert len(desk.circle(of(mine).case).suggested) == 1
    with database.begin() as connection:
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(submissions).where(submissions.c.reference == other).values(**gone))
    assert desk.circle(of(mine).case) == Circle(family=(), suggested=(), is_whole=True)


def test_while_cases_are_read_that_is_said(
    sent: Sent, of: Of, desk: Desk, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.casework.read_names._AT_ONCE", 1)
    monkeypatch.setattr("forms_app.casework.same_person.PATIENCE", 0)
    mine = sent(**ASE)
    for unused_case in range(9):
        sent(**ASE)
    assert not desk.circle(of(mine).case).is_whole
    desk.index.finish("arendal")
    assert desk.circle(of(mine).case).is_whole


def test_the_list_is_in_the_trail_before_any_name_is_shown_and_only_then(
    sent: Sent, of: Of, desk: Desk, database: sa.Engine
) -> None:
    def lists() -> int:
        with reading(database) as connection:
            return len([one for one in audit.entries(connection, "arendal") if one.action == "listed"])

    alone = sent(**ASE | {"name_of_person": "Bjørn Haugen"})
    desk.circle(of(alone).case)
    assert lists() == 0
    mine = sent(**ASE)
    sent(**ASE)
    desk.circle(of(mine).case)
    assert lists() == 1


def test_nothing_that_tells_who_it_is_stands_in_the_database(
    sent: Sent, of: Of, desk: Desk, join: Callable[[str, str], bool], database: sa.Engine
) -> None:
    mine, other = sent(**ASE, national_id=NUMBER), sent(**ASE, national_id=NUMBER)
    desk.circle(of(mine).case)
    join(mine, other)
    with reading(database) as connection:
        trail = " ".join(f"{one.actor} {one.action} {one.subject}" for one in audit.entries(connection))
        rows = [str(row) for row in connection.execute(sa.select(table))]
    for hidden in ("01011550084", "50084", "2015-11-03", "degård"):
        assert hidden not in trail
        assert not any(hidden in row for row in rows)


def test_joined_cases_are_listed_and_no_longer_suggested(
    sent: Sent, of: Of, desk: Desk, join: Callable[[str, str], bool], trail: Callable[[str], list[str]]
) -> None:
    mine, brother, same = sent(**ASE), sent(role="child", name_of_person="Bo Ødegård"), sent(**ASE)
    assert join(mine, brother)
    assert not join(brother, mine)
    circle = desk.circle(of(mine).case)
    assert [line.row.reference for line in circle.family] == [brother]
    assert suggested(circle) == [(same, Likeness.NAME)]
    assert (trail(mine), trail(brother)) == ([f"joined with {brother}"], [f"joined with {mine}"])


def test_what_cannot_be_joined_is_as_if_it_were_not_there(
    sent: Sent, of: Of, join: Callable[[str, str], bool], database: sa.Engine, clock: MovableClock
) -> None:
    mine, elsewhere, erased = sent(), sent(place="kristiansand"), sent()
    with database.begin() as connection:
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(submissions).where(submissions.c.reference == erased).values(**gone))
    for reference in (mine, elsewhere, erased, new_reference()):
        with pytest.raises(UnknownReference):
            join(mine, reference)
    with pytest.raises(UnknownReference):
        join(erased, mine)
    with pytest.raises(WrongReference):
        join(mine, "K7M2")
    assert of(mine).case.family is None


def test_the_only_case_worker_gets_the_cases_that_nobody_has(
    sent: Sent, of: Of, join: Callable[[str, str], bool], change: Callable[..., None], trail: Callable[[str], list[str]]
) -> None:
    mine, nobodys, closed = sent(), sent(), sent()
    change(mine, assignee=ME)
    change(closed, status="closed")
    join(nobodys, mine)
    join(closed, mine)
    assert (of(nobodys).case.assignee, of(closed).case.assignee) == (ME, None)
    assert trail(nobodys) == [f"joined with {mine}", f"assigned to staff:{ME}"]


@pytest.mark.parametrize("workers", [(ME, COLLEAGUE), (GONE, None), (None, None)])
def test_otherwise_people_decide_who_has_the_family(
    sent: Sent,
    of: Of,
    join: Callable[[str, str], bool],
    change: Callable[..., None],
    workers: tuple[uuid.UUID | None, uuid.UUID | None],
) -> None:
    one, other = sent(), sent()
    change(one, assignee=workers[0])
    change(other, assignee=workers[1])
    join(one, other)
    assert (of(one).case.assignee, of(other).case.assignee) == workers


def test_a_family_is_given_as_one(
    sent: Sent,
    of: Of,
    join: Callable[[str, str], bool],
    change: Callable[..., None],
    trail: Callable[[str], list[str]],
    database: sa.Engine,
    clock: MovableClock,
) -> None:
    one, other, closed = sent(), sent(), sent()
    join(one, other)
    join(one, closed)
    change(closed, status="closed")

    def give(to: uuid.UUID | None, seen: str | None = None) -> bool:
        with database.begin() as connection:
            now = assignment.seen_as(stored.hold(connection, [of(one).case.id]))
        return assignment.assign_family(
            database, clock, of(one).case, to, seen=now if seen is None else seen, colleagues=PEOPLE, actor=ACTOR
        )

    assert give(ME)
    assert not give(ME)
    assert [of(reference).case.assignee for reference in (one, other, closed)] == [ME, ME, None]
    assert trail(other)[-1] == f"assigned to staff:{ME}"
    with pytest.raises(AssignedMeanwhile):
        give(COLLEAGUE, seen="")
    with pytest.raises(NotAColleague):
        give(GONE)
    assert give(None)
    assert of(other).case.assignee is None


def test_a_case_leaves_and_both_sides_know(
    sent: Sent,
    of: Of,
    join: Callable[[str, str], bool],
    trail: Callable[[str], list[str]],
    database: sa.Engine,
    clock: MovableClock,
) -> None:
    one, two, three = sent(), sent(), sent()
    join(one, two)
    join(two, three)
    assert families.leave(database, clock, of(two), actor=ACTOR)
    assert not families.leave(database, clock, of(two), actor=ACTOR)
    assert of(one).case.family == of(three).case.family is not None
    assert trail(two)[-1] == f"parted from {one} {three}"
    assert trail(one)[-1] == trail(three)[-1] == f"parted from {two}"


def test_a_colleague_who_knows_the_person_is_named_the_surest_first(
    sent: Sent, of: Of, desk: Desk, change: Callable[..., None]
) -> None:
    new, unknown = sent(**ASE, national_id=NUMBER), sent(role="child", name_of_person="Bo Haugen")
    perhaps, sure, closed = sent(**ASE), sent(**ASE, national_id=NUMBER), sent(**ASE, national_id=NUMBER)
    ids = {reference: of(reference).submission.id for reference in (new, unknown)}
    assert desk.known_to("arendal", ids.values()) == {}
    change(perhaps, assignee=COLLEAGUE)
    change(closed, assignee=COLLEAGUE, status="closed")
    known = desk.known_to("arendal", ids.values())
    assert known == {ids[new]: KnownTo(worker=COLLEAGUE, likeness=Likeness.NAME)}
    change(sure, assignee=ME)
    assert desk.known_to("arendal", ids.values()) == {ids[new]: KnownTo(worker=ME, likeness=Likeness.NUMBER)}


def test_two_who_join_overlapping_cases_at_once_make_one_family_with_one_case_worker(
    sent: Sent, of: Of, change: Callable[..., None], database: sa.Engine, clock: MovableClock
) -> None:
    references = [sent() for unused in range(4)]
    change(references[0], assignee=ME)
    known = {one: of(one) for one in references}
    barrier = Barrier(3)

    def join(one: str, other: str) -> None:
        barrier.wait()
        while True:
            try:
                families.join(database, clock, known[one], other, colleagues=PEOPLE, actor=ACTOR)
            except DatabaseBusy:
                continue
            return

    pairs = zip(references, references[1:], strict=False)
    threads = [Thread(target=join, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({of(one).case.family for one in references}) == 1
    assert {of(one).case.assignee for one in references} == {ME}
