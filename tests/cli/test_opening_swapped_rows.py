"""`portal open` and `portal inbox` print nothing of another case, whatever rows were changed between the two."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from command import Command
from movable_clock import MovableClock

from forms_app.forms.definition import FormKey
from forms_app.settings import Settings
from tests.two_cases import Town, WholeCase, swap

OURS, THEIRS = "Alfaberg", "Betaberg"
OPENED = [
    ("submissions.answers", False),
    ("submissions.answers", True),
    ("attachments.sealed", False),
    ("attachments.sealed", True),
    ("attachments.cleaned", False),
    ("attachments.cleaned", True),
]


@pytest.fixture
def two(settings: Settings, database: sa.Engine, clock: MovableClock) -> tuple[WholeCase, WholeCase]:
    town = Town(settings=settings, engine=database, clock=clock)
    return town.send(FormKey.APPLICATION, OURS), town.send(FormKey.APPLICATION, THEIRS)


@pytest.fixture
def printed(portal: Command, tmp_path: Path) -> Callable[[WholeCase, int], list[str]]:
    """All that opening a case prints and writes."""

    def read(case: WholeCase, exit_code: int) -> list[str]:
        folder = tmp_path / "files"
        found = [
            portal("open", case.reference, exit_code=exit_code),
            portal("open", "--json", case.reference, exit_code=exit_code),
            portal("open", "--files", str(folder), case.reference, exit_code=exit_code),
        ]
        assert not exit_code or not folder.exists()
        written = [f"{path} {path.read_text('utf-8')}" for path in folder.rglob("*") if path.is_file()]
        return [*(one.stdout + one.stderr for one in found), *written]

    return read


def test_before_anything_is_changed_a_case_and_its_files_are_written(
    two: tuple[WholeCase, WholeCase], printed: Callable[[WholeCase, int], list[str]]
) -> None:
    found = printed(two[0], 0)
    assert all(OURS in text for text in found)
    assert not any(THEIRS in text for text in found)
    assert len(found) == 3 + 4


@pytest.mark.parametrize(("column", "later"), OPENED)
def test_what_was_changed_between_two_cases_is_not_opened_and_the_reason_is_named(
    two: tuple[WholeCase, WholeCase],
    database: sa.Engine,
    printed: Callable[[WholeCase, int], list[str]],
    column: str,
    later: bool,
) -> None:
    swap(database, column, *two, later=later)
    found = printed(two[0], 1)
    assert not any(THEIRS in text for text in found)
    assert all("An envelope does not belong to the row it was found in" in text for text in found)


def test_a_name_that_was_changed_between_two_cases_stands_beside_neither(
    two: tuple[WholeCase, WholeCase], database: sa.Engine, portal: Command
) -> None:
    swap(database, "submissions.summary", *two)
    listed, as_json = portal("inbox"), portal("inbox", "--json")
    assert "summaries_not_opened" in listed.stderr
    for printed in (listed.stdout, as_json.stdout):
        assert not any(word in printed for word in (OURS, THEIRS))
        assert printed.count("cannot be opened") == 2


def test_before_that_the_list_names_both(two: tuple[WholeCase, WholeCase], portal: Command) -> None:
    assert all(one.word in portal("inbox").stdout for one in two)
