"""What case workers see: the list, one case in readable words, and nothing that was swapped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import reference_of
from movable_clock import MovableClock
from people import CASEWORKER, CITIZEN, OTHER_CASEWORKER
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.casework.inbox import InboxLine, lines
from forms_app.casework.opening import Erased, OpenedCase, UnknownReference, open_case
from forms_app.documents.submission import case_file
from forms_app.documents.text import to_text
from forms_app.language import Language, use
from forms_app.references.reference import WrongReference
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.audit import AuditEntry
from forms_app.storage.engine import reading
from forms_app.storage.tables import attachments, submissions

Opening = Callable[[str], OpenedCase]
Listing = Callable[..., list[InboxLine]]


@pytest.fixture
def send(app: Flask, clock: MovableClock) -> Callable[..., str]:
    """Sends an application, a minute after the one before, and returns its reference."""

    def send(**answers: str) -> str:
        clock.move(minutes=1)
        files = [File(name="brev.txt", content=answers.get("situation", "-").encode())]
        return reference_of(Rehearsed(CheckedClient(app), Language.NN, "application", answers, files).send())

    return send


@pytest.fixture
def opening(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]) -> Opening:
    """Opens a case as our case worker does."""
    return lambda reference: open_case(database, clock, identities, reference, actor=CASEWORKER.name)


@pytest.fixture
def listing(database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]) -> Listing:
    """Lists cases as our case worker does."""
    return lambda **only: lines(database, clock, identities, actor=CASEWORKER.name, **only)


@pytest.fixture
def listing_without_key(database: sa.Engine, clock: MovableClock) -> Listing:
    """Lists cases as someone does who may not see names."""
    return lambda: lines(database, clock, (), actor=CASEWORKER.name)


def test_the_inbox_names_whom_a_case_is_about_and_only_of_the_municipality_asked_for(
    send: Callable[..., str], listing: Listing
) -> None:
    mine = send(municipality=CASEWORKER.municipality)
    theirs = send(municipality=OTHER_CASEWORKER.municipality)
    all_lines = listing()
    assert [line.row.reference for line in all_lines] == [mine, theirs]
    assert [line.summary and line.summary["name_of_person"] for line in all_lines] == [CITIZEN.name] * 2
    (only,) = listing(municipality=OTHER_CASEWORKER.municipality)
    assert only.row.reference == theirs


def test_without_a_key_the_inbox_has_no_names(send: Callable[..., str], listing_without_key: Listing) -> None:
    send()
    (line,) = listing_without_key()
    assert line.summary == {}
    assert line.row.attachments == 1


def test_reading_names_is_written_down_once_a_listing_and_before_they_are_shown(
    send: Callable[..., str], listing: Listing, listing_without_key: Listing, database: sa.Engine
) -> None:
    listing()
    for unused_case in range(2):
        send()
    listing_without_key()
    assert {entry.action for entry in trail(database)} == {"submitted"}
    listing()
    listing(municipality="arendal")
    listed = [(entry.actor, entry.subject) for entry in trail(database) if entry.action == "listed"]
    assert listed == [(CASEWORKER.name, "all"), (CASEWORKER.name, "arendal")]
    with unwritable_trail(database), pytest.raises(OSError):  # noqa: PT011 - ours has no text
        listing()


def test_more_than_a_page_of_cases_is_listed_once_each(
    send: Callable[..., str], listing_without_key: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.casework.inbox._PAGE", 2)
    sent = [send() for unused_case in range(5)]
    assert sorted(line.row.reference for line in listing_without_key()) == sorted(sent)


def test_a_summary_that_was_swapped_or_damaged_is_not_shown_and_hides_no_other(
    send: Callable[..., str], listing: Listing, database: sa.Engine
) -> None:
    one, other, damaged, whole = (send() for unused_case in range(4))
    swap(database, submissions, "summary", one, other)
    with database.begin() as connection:
        is_damaged = submissions.c.reference == damaged
        connection.execute(sa.update(submissions).where(is_damaged).values(summary=b"damaged"))
    summaries = {line.row.reference: line.summary for line in listing()}
    shown = summaries.pop(whole)
    assert shown
    assert shown["name_of_person"] == CITIZEN.name
    assert summaries == {one: None, other: None, damaged: None}


def test_a_case_shows_what_was_typed_in_words(
    send: Callable[..., str], opening: Opening, settings: Settings, listing_without_key: Listing
) -> None:
    reference = send(situation="Første linje\n\nTredje «linje» & <b>🙂")
    case = opening(reference.lower().replace("-", ""))
    with use(Language.NB):
        text = to_text(case_file(case.submission, settings.deployment))
    assert "    Første linje\n    \n    Tredje «linje» & <b>🙂\n" in text
    assert CITIZEN.name in text
    assert "brev.txt (1 kB)" in text
    assert [file.content.decode() for file in case.files] == ["Første linje\n\nTredje «linje» & <b>🙂"]
    (line,) = listing_without_key()
    assert line.row.opened_at is not None


def test_swapped_answers_are_never_shown_and_the_try_is_written_down(
    send: Callable[..., str], opening: Opening, database: sa.Engine, listing_without_key: Listing
) -> None:
    one, other = send(), send()
    swap(database, submissions, "answers", one, other)
    with pytest.raises(BindingMismatch):
        opening(one)
    assert entries(database)[-2:] == [(CASEWORKER.name, "opened"), (CASEWORKER.name, "not shown")]
    assert listing_without_key()[0].row.opened_at is None


@pytest.mark.parametrize("column", ["reference", "municipality", "language", "accepted_at"])
def test_a_row_that_was_changed_is_refused(
    send: Callable[..., str], opening: Opening, intruder: sa.Engine, clock: MovableClock, column: str
) -> None:
    reference = send(municipality="arendal")
    clock.move(days=1)
    values = {"reference": "0000-0000", "municipality": "rudersdal", "language": "da", "accepted_at": clock()}
    with intruder.begin() as connection:
        connection.execute(sa.update(submissions).values({column: values[column]}))
    with pytest.raises(BindingMismatch, match=column):
        opening("0000-0000" if column == "reference" else reference)


def test_swapped_missing_and_changed_files_are_refused(
    send: Callable[..., str], opening: Opening, intruder: sa.Engine
) -> None:
    one, other = send(situation="den ene"), send(situation="den andre")
    opening(one)
    swap(intruder, attachments, "sealed", one, other)
    with pytest.raises(BindingMismatch):
        opening(one)
    with intruder.begin() as connection:
        connection.execute(sa.update(attachments).values(sealed=b"changed"))
    with pytest.raises((CannotOpen, BindingMismatch)):
        opening(other)
    with intruder.begin() as connection:
        connection.execute(sa.delete(attachments))
    with pytest.raises(BindingMismatch, match="1 files were sent"):
        opening(other)


def test_the_audit_trail_knows_before_anything_is_opened(
    send: Callable[..., str], database: sa.Engine, clock: MovableClock
) -> None:
    reference = send()
    with pytest.raises(CannotOpen):
        open_case(database, clock, [Identity.generate()], reference, actor=OTHER_CASEWORKER.name)
    mette = OTHER_CASEWORKER.name
    assert entries(database) == [("citizen", "submitted"), (mette, "opened"), (mette, "not shown")]


def test_nothing_is_opened_when_the_trail_cannot_be_written(
    send: Callable[..., str], opening: Opening, database: sa.Engine, listing_without_key: Listing
) -> None:
    reference = send()
    with unwritable_trail(database), pytest.raises(OSError):  # noqa: PT011 - ours has no text
        opening(reference)
    assert listing_without_key()[0].row.opened_at is None


def test_references_that_are_mistyped_unknown_or_erased_are_told_apart(
    send: Callable[..., str], opening: Opening, database: sa.Engine, clock: MovableClock
) -> None:
    reference = send()
    with pytest.raises(WrongReference):
        opening("K7M2-9QXB")
    with pytest.raises(UnknownReference):
        opening("0000-0000")
    with database.begin() as connection:
        nothing = {"answers": None, "summary": None, "own_copy": None, "erased_at": clock()}
        connection.execute(sa.update(submissions).values(nothing))
    with pytest.raises(Erased):
        opening(reference)


def swap(database: sa.Engine, table: sa.Table, column: str, one: str, other: str) -> None:
    """Exchange a column of two submissions, as someone with access to the database could."""
    with database.begin() as connection:
        ids = [
            connection.execute(sa.select(submissions.c.id).where(submissions.c.reference == each)).scalar_one()
            for each in (one, other)
        ]
        key = table.c.id if table is submissions else table.c.submission_id
        values = [connection.execute(sa.select(table.c[column]).where(key == each)).scalar_one() for each in ids]
        for each, value in zip(ids, reversed(values), strict=True):
            connection.execute(sa.update(table).where(key == each).values({column: value}))


@contextmanager
def unwritable_trail(database: sa.Engine) -> Iterator[None]:
    """The disk is full whenever the audit trail is written."""

    def fail(unused_connection: object, unused_cursor: object, statement: str, *unused_rest: object) -> None:
        if "INSERT INTO audit" in statement:
            raise OSError

    sa.event.listen(database, "before_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(database, "before_cursor_execute", fail)


def trail(database: sa.Engine) -> list[AuditEntry]:
    with reading(database) as connection:
        return audit.entries(connection)


def entries(database: sa.Engine) -> list[tuple[str, str]]:
    return [(entry.actor, entry.action) for entry in trail(database)]
