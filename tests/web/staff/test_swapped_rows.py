"""Whoever can write to the database can change rows between two cases, and still nobody is shown another's words.

Each sealed column is changed between two cases, and then every page and file of the one is asked for: it shows its own
or says that it cannot be shown, and never a word of the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.families import join
from forms_app.casework.status import history
from forms_app.forms.definition import FormKey
from forms_app.settings import Settings
from forms_app.storage import audit, submissions
from forms_app.storage.engine import reading
from tests.documents.pdf_reading import squeezed
from tests.two_cases import OF_CITIZENS, SEALED, Town, WholeCase, readable, swap, unzipped

OURS, THEIRS = "Alfaberg", "Betaberg"
SEARCH = "/staff/inbox/search"
REFUSED = "Denne saken kan ikke vises"

CONTENT = {
    "the case": "",
    "a file": "/file/0/1",
    "the original": "/file/0/1?original",
    "a file that came later": "/file/1/1",
    "its original": "/file/1/1?original",
    "the case file": "/case.pdf",
    "the export": "/whole.zip",
}
"""What shows or gives out what citizens wrote, under the address of the case."""
OF_FORM: Mapping[FormKey, Mapping[str, str]] = {
    FormKey.APPLICATION: {**CONTENT, "the places that help": "/places.csv"},
    FormKey.COMPLAINT: {**CONTENT, "the complaint": "/complaint", "its package": "/complaint.zip"},
}
FAMILY = ("family", "family.csv", "family.pdf")
NOT_SHOWN = "Dette notatet kan ikke vises"

LOOKED_INTO: Mapping[tuple[str, bool], str] = {
    ("submissions.answers", False): "content",
    ("submissions.answers", True): "content",
    ("attachments.sealed", False): "content",
    ("attachments.sealed", True): "content",
    ("attachments.cleaned", False): "content",
    ("attachments.cleaned", True): "content",
    ("submissions.summary", False): "lists",
    ("case_notes.sealed", False): "notes",
}
"""What staff cannot be shown once a column is changed between two cases, there or in what came later (True)."""
OF_NO_CASE = {"canaries.sealed"}
"""Tested with the canaries."""


def test_every_sealed_column_is_changed_in_these_tests_or_in_those_of_the_citizens_pages() -> None:
    assert {column for column, unused_later in LOOKED_INTO} | OF_CITIZENS | OF_NO_CASE == SEALED


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What an address answers, as it can be read."""

    text: str
    is_refused: bool


@pytest.fixture
def town(settings: Settings, database: sa.Engine, clock: MovableClock) -> Town:
    return Town(settings=settings, engine=database, clock=clock)


@pytest.fixture
def places(ingrid: StaffBrowser) -> Callable[[FormKey, WholeCase], dict[str, Shown]]:
    """Everything that is shown of a case to whoever works with it."""

    def look(form: FormKey, case: WholeCase) -> dict[str, Shown]:
        found = {name: _fetched(ingrid, f"/staff/case/{case.reference}{rest}") for name, rest in OF_FORM[form].items()}
        inbox = _line(ingrid.get("/staff/inbox?status=all").text, case)
        hidden = hidden_of(ingrid.get("/staff/inbox"), SEARCH)
        search = _line(ingrid.post(SEARCH, {**hidden, "q": [THEIRS]}).text, case)
        return found | {"the inbox": inbox, "the search": search}

    return look


def _fetched(browser: StaffBrowser, address: str) -> Shown:
    answer = browser.browser.get(address, base_url=browser.base_url)
    is_refused = answer.status_code == 409 and REFUSED in answer.text
    assert is_refused or answer.status_code == 200, (address, answer.status_code)
    text = unzipped(answer.data) if answer.mimetype == "application/zip" else readable(answer.data)
    return Shown(text=text, is_refused=is_refused)


def _line(page: str, case: WholeCase) -> Shown:
    """What stands between the reference of this case and those of its neighbours."""
    lines = [one for one in page.split("<tr ") if case.reference in one]
    text = "".join(lines)
    return Shown(text=text, is_refused="Kan ikke åpnes" in text)


def _trail(database: sa.Engine, case: WholeCase) -> list[str]:
    with reading(database) as connection:
        row = submissions.by_reference(connection, case.reference)
        assert row
        return [one.action for one in audit.entries(connection, str(row.id))]


@pytest.mark.parametrize("form", OF_FORM)
def test_before_anything_is_changed_every_place_shows_its_own_case(
    town: Town, places: Callable[[FormKey, WholeCase], dict[str, Shown]], form: FormKey
) -> None:
    ours, unused_theirs = town.send(form, OURS), town.send(form, THEIRS)
    found = places(form, ours)
    assert found.pop("the search").text == ""
    # A complaint's own page shows no word that somebody wrote.
    found.pop("the complaint", None)
    assert {name: (OURS in shown.text, shown.is_refused) for name, shown in found.items()} == dict.fromkeys(
        found, (True, False)
    )


@pytest.mark.parametrize("form", OF_FORM)
@pytest.mark.parametrize(("column", "later"), LOOKED_INTO)
def test_what_was_changed_between_two_cases_is_refused_by_name_and_nothing_of_the_other_is_shown(
    town: Town,
    database: sa.Engine,
    places: Callable[[FormKey, WholeCase], dict[str, Shown]],
    form: FormKey,
    column: str,
    later: bool,
) -> None:
    ours, theirs = town.send(form, OURS), town.send(form, THEIRS)
    swap(database, column, ours, theirs, later=later)
    found = places(form, ours)
    assert [name for name, shown in found.items() if THEIRS in shown.text] == []
    refused = {name for name, shown in found.items() if shown.is_refused}
    # By the name of the other nothing of ours is found, so there is no line to refuse.
    refusing = {"content": set(OF_FORM[form]), "lists": {"the inbox"}}
    assert refused == refusing.get(LOOKED_INTO[column, later], set())
    assert (NOT_SHOWN in found["the case"].text) == (LOOKED_INTO[column, later] == "notes")
    assert ("not shown" in _trail(database, ours)) == (LOOKED_INTO[column, later] == "content")


@pytest.mark.parametrize("column", ["submissions.answers", "attachments.sealed", "attachments.cleaned"])
def test_a_family_s_list_names_the_case_that_was_changed_and_shows_nothing_of_the_other(
    town: Town, ingrid: StaffBrowser, clock: MovableClock, column: str
) -> None:
    sister, ours, theirs = (town.send(FormKey.APPLICATION, word) for word in ("Gammaberg", OURS, THEIRS))
    join(town.engine, clock, history(town.engine, sister.reference), ours.reference, colleagues=(), actor="staff:x")
    whole = {ending: _fetched(ingrid, f"/staff/case/{sister.reference}/{ending}").text for ending in FAMILY}
    assert all(f"{word}skole" in squeezed(text) for text in whole.values() for word in ("Gammaberg", OURS))
    swap(town.engine, column, ours, theirs)
    for ending in FAMILY:
        text = squeezed(_fetched(ingrid, f"/staff/case/{sister.reference}/{ending}").text)
        assert THEIRS not in text
        assert "Gammabergskole" in text
        assert f"{OURS}skole" not in text
        assert squeezed("kan ikke vises. Stedene") in text


def _with_their_reference(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    swap(town.engine, "submissions.reference", ours, theirs, meanwhile="in between")


def _with_their_submission(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    with reading(town.engine) as connection:
        added = submissions.by_reference(connection, ours.later)
        assert added
    swap(town.engine, "cases.submission_id", ours, theirs, meanwhile=added.id)


def _with_what_they_sent_later(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    with reading(town.engine) as connection:
        added = submissions.by_reference(connection, ours.later)
        assert added
    swap(town.engine, "follow_ups.follows", ours, theirs, later=True, meanwhile=added.id)


def _with_their_note(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    swap(town.engine, "case_notes.case_id", ours, theirs)


@pytest.mark.parametrize(
    ("change", "is_refused"),
    [
        (_with_their_reference, True),
        (_with_their_submission, False),
        (_with_what_they_sent_later, True),
        (_with_their_note, False),
    ],
)
def test_rows_that_are_led_to_another_case_show_nothing_of_it_either(
    town: Town,
    places: Callable[[FormKey, WholeCase], dict[str, Shown]],
    change: Callable[[Town, WholeCase, WholeCase], None],
    is_refused: bool,
) -> None:
    ours, theirs = town.send(FormKey.APPLICATION, OURS), town.send(FormKey.APPLICATION, THEIRS)
    change(town, ours, theirs)
    found = places(FormKey.APPLICATION, ours)
    assert [name for name, shown in found.items() if THEIRS in shown.text] == []
    assert found["the case"].is_refused == is_refused
    assert is_refused or NOT_SHOWN in found["the case"].text


def _lead_their_case_here(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    _with_their_submission(town, ours, theirs)


def _call_their_case_ours(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    swap(town.engine, "cases.municipality", ours, theirs)


def _call_all_of_theirs_ours(town: Town, ours: WholeCase, theirs: WholeCase) -> None:
    swap(town.engine, "cases.municipality", ours, theirs)
    swap(town.engine, "submissions.municipality", ours, theirs)


@pytest.mark.parametrize("change", [_lead_their_case_here, _call_their_case_ours, _call_all_of_theirs_ours])
def test_a_case_of_another_municipality_is_not_shown_by_being_called_ours(
    town: Town,
    ingrid: StaffBrowser,
    places: Callable[[FormKey, WholeCase], dict[str, Shown]],
    change: Callable[[Town, WholeCase, WholeCase], None],
) -> None:
    ours = town.send(FormKey.APPLICATION, OURS)
    theirs = town.send(FormKey.APPLICATION, THEIRS, place="bjornafjorden")
    ingrid.get(f"/staff/case/{theirs.reference}", status=403)
    change(town, ours, theirs)
    found = places(FormKey.APPLICATION, theirs)
    assert [name for name, shown in found.items() if THEIRS in shown.text] == []
    assert {name for name, shown in found.items() if not shown.is_refused} == {"the search"}
