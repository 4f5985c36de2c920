"""What is sent later is stored whole and once, or not at all, and opens with the first code only."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from counter import Counter, rows
from movable_clock import SUNDAY_NOON, MovableClock
from pyrage.x25519 import Identity
from sample_files import pdf, photo

from forms_app.intake import additions, drafts, follow_ups, receipts, status, uploads, withdrawal
from forms_app.intake.additions import Addition, NotComplete, NothingSent, NotWhatWasReviewed, TakenBack
from forms_app.intake.parcels import NotAccepted, Receiver
from forms_app.intake.receipts import Receipt
from forms_app.language import Language
from forms_app.sealing.attached import BindingMismatch
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import CannotOpen, open_envelope
from forms_app.sealing.submission import SentFile, open_everything
from forms_app.storage import attachments, audit, cases, deliveries, submissions
from forms_app.storage import follow_ups as later_rows
from forms_app.storage.engine import reading
from forms_app.storage.tables import own_files
from forms_app.storage.tables import submissions as table

Listen = Callable[[Callable[[str], None]], None]
LETTER, PHOTO = pdf(b"vedtak"), photo()
WRITES = ("submissions", "follow_ups", "attachments", "own_files", "deliveries", "audit")


@pytest.fixture
def code(counter: Counter) -> Code:
    """Of a complaint that was sent."""
    code = counter.begin()
    counter.send(code)
    return code


def receiver(counter: Counter) -> Receiver:
    return Receiver(
        municipality=counter.settings.deployment.municipality("rudersdal"),
        recipients=counter.settings.recipients["rudersdal"],
    )


def choose(counter: Counter, code: Code, **files: bytes) -> Addition:
    """Keep files for the next addition."""
    addition = additions.open_addition(counter.desk, code)
    additions.begin(counter.desk, addition)
    additions.begin(counter.desk, addition)
    for name, content in files.items():
        uploads.keep(counter.desk.engine, addition.code, name=name, content=content, now=counter.desk.clock())
    return additions.open_addition(counter.desk, code)


def send(counter: Counter, code: Code, addition: Addition) -> Receipt:
    return additions.send_addition(
        counter.desk,
        code,
        addition.number,
        reviewed=addition.reviewed,
        receiver=receiver(counter),
        language=Language.DA,
    )


def take_back(counter: Counter, code: Code) -> Receipt:
    return withdrawal.take_back(counter.desk, code, receiver=receiver(counter), language=Language.DA)


def test_an_addition_is_sealed_to_the_municipality_and_to_the_code(
    counter: Counter, code: Code, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    receipt = send(counter, code, choose(counter, code, **{"vedtak.pdf": LETTER, "bilde.jpg": PHOTO}))
    with reading(database) as connection:
        first = submissions.by_draft(connection, code.draft_id)
        assert first
        (later,) = later_rows.of(connection, first.id)
        sealed = attachments.sealed(connection, later.submission.id)
        owed = deliveries.of(connection, later.submission.id)
        case = cases.of(connection, first.id)
        trail = [entry.action for entry in audit.entries(connection, str(first.id))]
    row = later.submission
    assert row.answers
    assert sealed
    opened, files = open_everything(row.answers, sealed, identities, expected=row.binding)
    assert opened.answers == {"addition": {"number": 1}}
    assert {file.facts.name: file.content for file in files} == {"vedtak.pdf": LETTER, "bilde.jpg": PHOTO}
    assert (row.reference, row.municipality, row.language) == (f"{first.reference}-1", "rudersdal", "da")
    assert receipt.binding == row.binding
    assert receipt.signed.signer([counter.desk.signer.public_key])
    assert [one.key for one in owed] == [f"folder:{row.id}"]
    assert (case.news_at, case.taken_back_at) == (SUNDAY_NOON, None)
    assert trail == ["submitted", "added documents"]
    assert row.own_copy
    for stranger in (Code.new().age_identity, identities[0]):
        with pytest.raises(CannotOpen):
            open_envelope(row.own_copy, [stranger])


def test_what_is_chosen_lies_encrypted_under_a_code_of_its_own(counter: Counter, code: Code) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    assert addition.code != code
    assert drafts.read(counter.desk.engine, addition.code) == addition.draft
    assert receipts.find(counter.desk.engine, addition.code) is None


def test_sending_again_returns_the_same_receipt(counter: Counter, code: Code, database: sa.Engine) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    first = send(counter, code, addition)
    before = rows(database)
    assert send(counter, code, addition) == first
    assert take_back(counter, code) == take_back(counter, code)
    assert rows(database)["submissions"] == before["submissions"] + 1


def test_what_is_sent_later_is_numbered_in_order(counter: Counter, code: Code) -> None:
    references = [
        send(counter, code, choose(counter, code, **{"a.txt": b"a"})).binding.reference,
        send(counter, code, choose(counter, code, **{"b.txt": b"b"})).binding.reference,
        take_back(counter, code).binding.reference,
    ]
    assert [reference.rpartition("-")[2] for reference in references] == ["1", "2", "3"]
    standing = status.find(counter.desk.engine, code)
    assert standing
    assert list(standing.sendings) == [0, 1, 2, 3]
    assert [one.sent.receipt and one.sent.receipt.binding.reference for one in standing.later] == references


@pytest.mark.parametrize("table_name", WRITES)
def test_when_any_statement_fails_nothing_is_stored_and_what_was_chosen_stays(
    counter: Counter, code: Code, on_statement: Listen, database: sa.Engine, table_name: str
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    before = rows(database)

    def fail(statement: str) -> None:
        if statement.startswith(f"INSERT INTO {table_name} "):
            raise OSError("the disk is full")

    on_statement(fail)
    with pytest.raises(OSError, match="full"):
        send(counter, code, addition)
    assert rows(database) == before
    assert additions.open_addition(counter.desk, code) == addition


@pytest.mark.parametrize("statement", ["UPDATE cases", "INSERT INTO follow_ups", "INSERT INTO audit"])
def test_when_withdrawing_fails_nothing_is_stored_and_it_can_be_done_again(
    counter: Counter, code: Code, database: sa.Engine, statement: str
) -> None:
    before = rows(database)

    def fail(unused_connection: object, unused_cursor: object, text: str, *unused_rest: object) -> None:
        if text.startswith(statement):
            raise OSError("the disk is full")

    sa.event.listen(counter.desk.engine, "before_cursor_execute", fail)
    with pytest.raises(OSError, match="full"):
        take_back(counter, code)
    sa.event.remove(counter.desk.engine, "before_cursor_execute", fail)
    assert rows(database) == before
    standing = status.find(counter.desk.engine, code)
    assert standing
    assert standing.case.taken_back_at is None
    take_back(counter, code)
    assert rows(database)["follow_ups"] == 1


def test_an_acceptance_that_took_over_a_minute_is_taken_again(
    counter: Counter, code: Code, clock: MovableClock, on_statement: Listen, database: sa.Engine
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    delays = [61.0]

    def dawdle(statement: str) -> None:
        if "INSERT INTO audit" in statement and delays:
            clock.move(seconds=delays.pop())

    on_statement(dawdle)
    assert send(counter, code, addition).binding.accepted_at == SUNDAY_NOON + timedelta(seconds=61)
    assert rows(database)["follow_ups"] == 1


def test_a_store_that_is_always_too_slow_accepts_nothing(
    counter: Counter, code: Code, clock: MovableClock, on_statement: Listen, database: sa.Engine
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    before = rows(database)
    on_statement(lambda statement: clock.move(minutes=2) if "INSERT INTO audit" in statement else None)
    for attempt in (lambda: send(counter, code, addition), lambda: take_back(counter, code)):
        with pytest.raises(NotAccepted):
            attempt()
    assert rows(database) == before


def test_what_came_in_between_takes_the_number_and_both_are_stored(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    sent: list[Receipt] = []
    seal = follow_ups.seal_parcel

    def seal_after_an_addition(*arguments: object, **named: object) -> object:
        parcel = seal(*arguments, **named)  # type: ignore[arg-type]
        if not sent:
            monkeypatch.undo()
            sent.append(send(counter, code, addition))
        return parcel

    monkeypatch.setattr(follow_ups, "seal_parcel", seal_after_an_addition)
    taken_back = take_back(counter, code)
    assert sent[0].binding.reference.endswith("-1")
    assert taken_back.binding.reference.endswith("-2")


def test_a_click_that_was_faster_is_answered_with_its_receipt(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    first: list[Receipt] = []
    contents = additions.contents

    def contents_after_another_click(*arguments: object) -> Sequence[SentFile]:
        monkeypatch.undo()
        first.append(send(counter, code, addition))
        return contents(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(additions, "contents", contents_after_another_click)
    assert [send(counter, code, addition)] == first


def test_a_click_that_was_faster_while_this_one_sealed_is_answered_with_its_receipt(
    counter: Counter, code: Code, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    first: list[Receipt] = []
    seal = follow_ups.seal_parcel

    def seal_after_another_click(*arguments: object, **named: object) -> object:
        monkeypatch.undo()
        first.append(send(counter, code, addition))
        return seal(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(follow_ups, "seal_parcel", seal_after_another_click)
    assert [send(counter, code, addition)] == first
    assert rows(database)["follow_ups"] == 1


def test_files_that_another_window_removed_are_not_silently_left_out(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER, "bilde.jpg": PHOTO})
    contents = additions.contents

    def contents_after_removing(*arguments: object) -> Sequence[SentFile]:
        uploads.remove(counter.desk.engine, addition.code, addition.draft.files[0].id)
        return contents(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(additions, "contents", contents_after_removing)
    with pytest.raises(NotWhatWasReviewed):
        send(counter, code, addition)


def test_a_file_that_came_while_it_was_sealed_is_looked_over_first(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    contents = additions.contents

    def contents_and_one_more(*arguments: object) -> Sequence[SentFile]:
        found = contents(*arguments)  # type: ignore[arg-type]
        uploads.keep(counter.desk.engine, addition.code, name="b.txt", content=b"b", now=SUNDAY_NOON)
        return found

    monkeypatch.setattr(additions, "contents", contents_and_one_more)
    with pytest.raises(NotWhatWasReviewed):
        send(counter, code, addition)


def test_an_addition_that_was_erased_before_it_was_told_is_not_accepted_again(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    monkeypatch.setattr(additions, "find", lambda *unused_arguments: None)
    with pytest.raises(NotAccepted):
        send(counter, code, addition)


def test_what_is_empty_or_was_never_shown_is_not_sent(counter: Counter, code: Code) -> None:
    with pytest.raises(NotComplete):
        send(counter, code, additions.open_addition(counter.desk, code))
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    for number, reviewed in ((2, addition.reviewed), (1, "another hash")):
        with pytest.raises(NotWhatWasReviewed):
            additions.send_addition(
                counter.desk,
                code,
                number,
                reviewed=reviewed,
                receiver=receiver(counter),
                language=Language.NB,
            )


def test_nothing_can_be_sent_about_what_was_never_sent(counter: Counter) -> None:
    for act in (lambda: additions.open_addition(counter.desk, Code.new()), lambda: take_back(counter, Code.new())):
        with pytest.raises(NothingSent):
            act()
    assert status.find(counter.desk.engine, Code.new()) is None
    assert not receipts.is_sent(counter.desk.engine, Code.new())


def test_nothing_more_is_taken_about_what_was_withdrawn_not_even_in_the_same_moment(
    counter: Counter, code: Code, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = choose(counter, code, **{"vedtak.pdf": LETTER})
    seal = follow_ups.seal_parcel

    def seal_after_withdrawing(*arguments: object, **named: object) -> object:
        monkeypatch.undo()
        take_back(counter, code)
        return seal(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(follow_ups, "seal_parcel", seal_after_withdrawing)
    with pytest.raises(TakenBack):
        send(counter, code, addition)
    with pytest.raises(TakenBack):
        additions.open_addition(counter.desk, code)
    assert rows(database)["follow_ups"] == 1


def test_own_files_are_those_that_were_sent(counter: Counter, code: Code, database: sa.Engine) -> None:
    send(counter, code, choose(counter, code, **{"vedtak.pdf": LETTER}))
    standing = status.find(counter.desk.engine, code)
    assert standing
    found = status.own_file(database, standing, 1, 1)
    assert found
    assert (found.facts.name, found.content) == ("vedtak.pdf", LETTER)
    assert status.own_file(database, standing, 2, 1) is None
    assert status.own_file(database, standing, 1, 2) is None
    status.delete_own_copy(database, counter.desk.clock, standing)
    status.delete_own_copy(database, counter.desk.clock, standing)
    assert status.own_file(database, standing, 1, 1) is None
    with reading(database) as connection:
        assert [entry.action for entry in audit.entries(connection)].count("deleted own copy") == 1
    gone = status.find(counter.desk.engine, code)
    assert gone
    assert not gone.has_copy


def test_files_that_changed_places_are_not_given_out(counter: Counter, code: Code, database: sa.Engine) -> None:
    with database.begin() as connection:
        sealed = connection.execute(sa.select(own_files.c.sealed).order_by(own_files.c.position)).scalars().all()
        is_first = own_files.c.position == 1
        connection.execute(sa.update(own_files).where(is_first).values(sealed=sealed[1]))
    standing = status.find(counter.desk.engine, code)
    assert standing
    with pytest.raises(BindingMismatch, match="own file 1"):
        status.own_file(database, standing, 0, 1)


def test_what_is_left_of_an_erased_case_is_still_told(counter: Counter, code: Code, database: sa.Engine) -> None:
    with database.begin() as connection:
        nothing = {"answers": None, "summary": None, "own_copy": None, "own_receipt": None, "erased_at": SUNDAY_NOON}
        connection.execute(sa.update(table).values(nothing))
    standing = status.find(counter.desk.engine, code)
    assert standing
    assert standing.first.receipt is None
    assert receipts.is_sent(counter.desk.engine, code)
    assert status.own_file(database, standing, 0, 1) is None
    with pytest.raises(NotAccepted):
        withdrawal_without_a_receipt(counter, code, database)


def withdrawal_without_a_receipt(counter: Counter, code: Code, database: sa.Engine) -> None:
    """Another window withdraws, and what it got is erased before this one can be told."""
    take_back(counter, code)
    with database.begin() as connection:
        connection.execute(sa.update(table).values(own_copy=None, own_receipt=None))
    take_back(counter, code)
