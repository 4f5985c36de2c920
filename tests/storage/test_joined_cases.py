"""Cases that are joined are one family, whoever joins them at the same time."""

import uuid
from collections.abc import Callable, Iterable
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from forms_app.storage import families, inbox
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.tables import CaseStatus, cases

ME = uuid.UUID(int=1)


@pytest.fixture
def make(engine: sa.Engine, open_case: Callable[..., uuid.UUID]) -> Callable[[int], list[uuid.UUID]]:
    """So many cases, the first of which came in first; their ids."""

    def make(number: int) -> list[uuid.UUID]:
        of_submission = [open_case(age=number - place) for place in range(number)]
        with reading(engine) as connection:
            found = {row.submission_id: row.id for row in connection.execute(sa.select(cases))}
        return [found[id] for id in of_submission]

    return make


@pytest.fixture
def join(engine: sa.Engine) -> Callable[..., list[uuid.UUID]]:
    def join(*case_ids: uuid.UUID) -> list[uuid.UUID]:
        with engine.begin() as connection:
            return [one.case_id for one in families.join(connection, case_ids)]

    return join


def groups(engine: sa.Engine) -> set[frozenset[uuid.UUID]]:
    """Who is in a family with whom."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    with reading(engine) as connection:
        for row in connection.execute(sa.select(cases).where(cases.c.family.is_not(None))):
            found.setdefault(row.family, set()).add(row.id)
    return {frozenset(one) for one in found.values()}


def test_families_grow_and_become_one(
    engine: sa.Engine, make: Callable[[int], list[uuid.UUID]], join: Callable[..., list[uuid.UUID]]
) -> None:
    one, two, three, four, alone = make(5)
    assert join(one, two) == [one, two]
    assert join(four, three) == [three, four]
    assert groups(engine) == {frozenset({one, two}), frozenset({three, four})}
    assert join(two, three) == [one, two, three, four]
    assert groups(engine) == {frozenset({one, two, three, four})}
    assert join(two, three) == [one, two, three, four]
    with engine.begin() as connection:
        assert [one.case_id for one in families.hold(connection, [alone])] == [alone]


def test_who_leaves_leaves_no_family_of_one(
    engine: sa.Engine, make: Callable[[int], list[uuid.UUID]], join: Callable[..., list[uuid.UUID]]
) -> None:
    one, two, three = make(3)
    join(one, two, three)
    with engine.begin() as connection:
        assert [left.case_id for left in families.leave(connection, two)] == [one, three]
    assert groups(engine) == {frozenset({one, three})}
    with engine.begin() as connection:
        families.leave(connection, one)
        assert families.leave(connection, one) == []
    assert groups(engine) == set()


def test_the_list_says_how_many_belong_together(
    engine: sa.Engine, make: Callable[[int], list[uuid.UUID]], join: Callable[..., list[uuid.UUID]]
) -> None:
    one, two, unused_alone = make(3)
    join(one, two)
    with reading(engine) as connection:
        rows = inbox.rows(connection)
    assert [row.family_size for row in rows] == [2, 2, 0]
    assert rows[0].family == rows[1].family
    assert rows[2].family is None
    with reading(engine) as connection:
        assert families.members(connection, rows[0].family or ME) == {row.submission_id for row in rows[:2]}
        assert families.members(connection, ME) == frozenset()


def test_who_works_on_open_cases_is_known(engine: sa.Engine, make: Callable[[int], list[uuid.UUID]]) -> None:
    mine, unused_nobodys, closed = make(3)
    with engine.begin() as connection:
        connection.execute(sa.update(cases).where(cases.c.id.in_([mine, closed])).values(assignee=ME))
        connection.execute(sa.update(cases).where(cases.c.id == closed).values(status="closed"))
        found = families.hold(connection, [mine, closed])
        assert [(one.assignee, one.is_open) for one in found] == [(ME, True), (ME, False)]
        assert found[0].status is CaseStatus.RECEIVED
        of_submission = families.assignees(connection, [one.submission_id for one in found])
    assert of_submission == {found[0].submission_id: ME}


def test_many_who_join_overlapping_cases_at_once_end_with_one_family(
    engine: sa.Engine, make: Callable[[int], list[uuid.UUID]]
) -> None:
    made = make(8)
    pairs = [(one, made[(place + 1) % 8]) for place, one in enumerate(made)]
    at_once([lambda pair=pair: _join_at_last(engine, pair) for pair in pairs])
    assert groups(engine) == {frozenset(made)}


def test_leaving_while_others_join_keeps_every_family_whole(
    engine: sa.Engine, make: Callable[[int], list[uuid.UUID]], join: Callable[..., list[uuid.UUID]]
) -> None:
    one, two, three, four = make(4)
    join(one, two)
    join(three, four)

    def leave() -> None:
        with engine.begin() as connection:
            families.leave(connection, one)

    at_once([leave, lambda: _join_at_last(engine, (two, three))])
    assert groups(engine) == {frozenset({two, three, four})}


def _join_at_last(engine: sa.Engine, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    """Press the button again as long as the database is busy."""
    while True:
        try:
            with engine.begin() as connection:
                families.join(connection, pair)
        except DatabaseBusy:
            continue
        return


def at_once(deeds: Iterable[Callable[[], None]]) -> None:
    """Do all of them at the same moment."""
    started = list(deeds)
    barrier = Barrier(len(started))

    def run(deed: Callable[[], None]) -> None:
        barrier.wait()
        deed()

    threads = [Thread(target=run, args=(deed,)) for deed in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
