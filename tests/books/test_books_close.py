"""What citizens have receipts for is what is stored, and where it is is known. Everything else is an alarm."""

import json
import shutil
import uuid
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from movable_clock import MovableClock
from postgres import Server

from forms_app.books.closing import GRACE, Books, Finding, Gap, bad_bytes, close
from forms_app.books.journal import IssueJournal, JournalLine
from forms_app.books.journals import Journals, JournalUnreadable
from forms_app.sealing.acknowledgement import Acknowledgement, SignedAcknowledgement
from forms_app.storage import acknowledgements, cases, envelopes, erasure
from forms_app.storage.closed_books import Page, Standing
from forms_app.storage.engine import make_engine
from forms_app.storage.sqlite import driver
from forms_app.storage.tables import (
    attachments,
    deliveries,
    submissions,
)
from forms_app.storage.tables import cases as case_rows
from tests.books.conftest import NOON, Counter
from tests.books.tampering import Change, Closed, delete, deliver, gaps

TODAY = Page(NOON.date(), "arendal")


def acknowledge(engine: sa.Engine, id: uuid.UUID) -> None:
    with engine.begin() as connection:
        row = connection.execute(sa.select(deliveries).where(deliveries.c.submission_id == id)).one()
        said = Acknowledgement(key_id="k", delivery_key=row.key, manifest_sha256="a" * 64, received_at=NOON)
        signed = SignedAcknowledgement(acknowledgement=said, signature="s", public_key="p")
        acknowledgements.insert(connection, row.id, signed, now=NOON)


def sign_off(engine: sa.Engine, id: uuid.UUID, at: datetime) -> None:
    with engine.begin() as connection:
        erasure.sign_off(connection, cases.of(connection, id).id, at=at, actor="staff:x", sha256="a" * 64)


def erase(reference: str) -> sa.Update:
    return (
        sa.update(submissions)
        .where(submissions.c.reference == reference)
        .values(summary=None, answers=None, erased_at=NOON)
    )


def test_a_portal_that_nobody_has_used_closes(closed: Closed) -> None:
    assert closed() == Books(balances=(), findings=(), unshown=())


def test_every_receipt_waits_or_was_handed_over_by_day_and_municipality(
    counter: Counter, closed: Closed, change: Change, clock: MovableClock
) -> None:
    for name in "ABC":
        counter.take(name)
    counter.take("D", municipality="rudersdal")
    clock.move(days=1)
    counter.take("E")
    change(deliver("A"), deliver("B", "given_up"))
    change(sa.update(case_rows).where(case_rows.c.municipality == "rudersdal").values(withdrawn_at=NOON))
    books = closed()
    assert gaps(books) == []
    told = {
        one.page: (one.issued, one.stored.count, one.stored.standing, one.stored.taken_back) for one in books.balances
    }
    nothing = dict.fromkeys(Standing, 0)
    assert told == {
        TODAY: (3, 3, nothing | {Standing.WAITING: 2, Standing.HANDED_OVER: 1}, 0),
        Page(NOON.date(), "rudersdal"): (1, 1, nothing | {Standing.WAITING: 1}, 1),
        Page(NOON.date() + timedelta(days=1), "arendal"): (1, 1, nothing | {Standing.WAITING: 1}, 0),
    }


def test_days_are_those_of_the_journal(counter: Counter, closed: Closed) -> None:
    """23:30 UTC is half past midnight in Oslo, and the line in the journal says 23:30."""
    counter.take("A", accepted_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    (balance,) = closed().balances
    assert (balance.page.day, balance.issued, balance.stored.count) == (date(2026, 11, 23), 1, 1)


def test_a_row_that_is_gone_is_an_alarm(counter: Counter, closed: Closed, change: Change) -> None:
    for name in "ABC":
        counter.take(name)
    change(*delete("B"))
    books = closed()
    assert books.findings == (Finding(gap=Gap.MISSING, reference="B", page=TODAY),)
    (balance,) = books.balances
    assert (balance.issued, balance.stored.count) == (3, 2)


def test_an_older_backup_is_an_alarm(
    counter: Counter,
    closed: Closed,
    engine: sa.Engine,
    tmp_path: Path,
    database_kind: str,
    request: pytest.FixtureRequest,
) -> None:
    counter.take("A")
    back = _backup(engine, tmp_path, database_kind, request)
    counter.take("B")
    counter.take("C")
    assert gaps(closed()) == []
    restored = make_engine(back)
    counter.engine = restored
    counter.take("D")
    books = close(restored, Journals([tmp_path]), now=NOON)
    restored.dispose()
    assert gaps(books) == [(Gap.MISSING, "B"), (Gap.MISSING, "C")]


def _backup(engine: sa.Engine, folder: Path, kind: str, request: pytest.FixtureRequest) -> str:
    """A copy of the whole database as it is now, and where it is."""
    if kind == "sqlite":
        connection = driver.connect(str(engine.url.database))
        connection.execute(f"VACUUM INTO '{folder / 'backup.sqlite'}'")
        connection.close()
        return f"sqlite:///{folder / 'backup.sqlite'}"
    server: Server = request.getfixturevalue("postgres")
    engine.dispose()
    return server.url(server.create(str(engine.url.database)))


def test_two_references_that_were_swapped_are_an_alarm(counter: Counter, closed: Closed, change: Change) -> None:
    counter.take("A")
    counter.take("B")
    for old, new in (("A", "x"), ("B", "A"), ("x", "B")):
        change(sa.update(submissions).where(submissions.c.reference == old).values(reference=new))
    assert gaps(closed()) == [(Gap.CHANGED, "A"), (Gap.CHANGED, "B")]


def test_another_hash_is_an_alarm(counter: Counter, closed: Closed, change: Change) -> None:
    counter.take("A")
    change(sa.update(submissions).values(sealed_hash="0" * 64))
    assert gaps(closed()) == [(Gap.CHANGED, "A")]


@pytest.mark.parametrize(
    "values", [{"municipality": "rudersdal"}, {"accepted_at": NOON - timedelta(days=3)}], ids=["place", "day"]
)
def test_what_stands_elsewhere_than_its_receipt_says_is_an_alarm(
    counter: Counter, closed: Closed, change: Change, values: dict[str, object]
) -> None:
    counter.take("A")
    counter.take("B")
    change(sa.update(submissions).where(submissions.c.reference == "A").values(**values))
    assert gaps(closed()) == [(Gap.MOVED, "A")]


def test_what_is_owed_to_nobody_and_what_nobody_got_are_alarms(
    counter: Counter, closed: Closed, change: Change
) -> None:
    counter.take("A", channels=())
    counter.take("B")
    counter.take("C", channels=("confirmation_mail",))
    change(deliver("B", "cancelled"), deliver("C"))
    assert gaps(closed()) == [(Gap.NOWHERE, "A"), (Gap.NOWHERE, "B"), (Gap.NOWHERE, "C")]


def test_what_a_case_worker_signed_for_counts_as_handed_over(
    counter: Counter, closed: Closed, change: Change, engine: sa.Engine
) -> None:
    id = counter.take("A")
    change(deliver("A", "cancelled"))
    sign_off(engine, id, NOON)
    assert gaps(closed()) == []


@pytest.mark.parametrize("proof", ["acknowledged", "signed off"])
def test_what_was_erased_after_its_hand_over_was_proven_is_in_order(
    counter: Counter, closed: Closed, change: Change, engine: sa.Engine, proof: str
) -> None:
    id = counter.take("A")
    change(deliver("A"), erase("A"))
    assert gaps(closed()) == [(Gap.UNPROVEN, "A")]
    if proof == "acknowledged":
        acknowledge(engine, id)
    else:
        sign_off(engine, id, NOON)
    books = closed()
    assert gaps(books) == []
    assert books.balances[0].stored.standing[Standing.ERASED] == 1


def test_what_was_erased_while_it_was_owed_is_an_alarm(
    counter: Counter, closed: Closed, change: Change, engine: sa.Engine
) -> None:
    id = counter.take("A")
    sign_off(engine, id, NOON)
    change(erase("A"), deliver("A", "doing"))
    assert gaps(closed()) == [(Gap.UNPROVEN, "A")]


def test_a_signature_counts_for_what_had_been_sent_by_then(
    counter: Counter, closed: Closed, change: Change, engine: sa.Engine, clock: MovableClock
) -> None:
    id = counter.take("A")
    clock.move(hours=1)
    counter.take("A-1", follows="A")
    change(deliver("A"), deliver("A-1"), erase("A"), erase("A-1"))
    sign_off(engine, id, NOON + timedelta(minutes=1))
    assert gaps(closed()) == [(Gap.UNPROVEN, "A-1")]
    sign_off(engine, id, NOON + timedelta(hours=2))
    assert gaps(closed()) == []


def test_the_same_line_twice_or_on_two_hosts_is_one(
    counter: Counter, closed: Closed, journal: IssueJournal, tmp_path: Path
) -> None:
    counter.take("A")
    line = journal.path.read_bytes()
    journal.path.write_bytes(line * 3)
    (tmp_path / "issued-web2.jsonl").write_bytes(line)
    assert closed().balances[0].issued == 1
    assert gaps(closed()) == []


def test_each_host_has_its_own_journal(counter: Counter, closed: Closed, tmp_path: Path) -> None:
    counter.take("A")
    counter.journal = IssueJournal(tmp_path / "issued-web2.jsonl")
    counter.take("B")
    assert gaps(closed()) == []
    (tmp_path / "issued-web2.jsonl").unlink()
    assert [row.reference for row in closed().unshown] == ["B"]


def test_a_line_that_came_by_syslog_counts(counter: Counter, closed: Closed, journal: IssueJournal) -> None:
    counter.take("A")
    journal.path.write_bytes(b"2026-11-23T12:00:00.1+00:00 web1 portal-issued: " + journal.path.read_bytes())
    assert gaps(closed()) == []
    assert closed().balances[0].issued == 1


def test_other_files_in_the_folder_are_none_of_the_journals(counter: Counter, closed: Closed, tmp_path: Path) -> None:
    counter.take("A")
    (tmp_path / "audit-heads.jsonl").write_text('{"number": 1}\n')
    assert gaps(closed()) == []


def test_a_stored_submission_whose_receipt_is_just_being_made_is_no_gap(
    counter: Counter, closed: Closed, clock: MovableClock
) -> None:
    counter.take("A", is_issued=False)
    clock.now = NOON + GRACE - timedelta(seconds=1)
    books = closed()
    assert (gaps(books), [row.reference for row in books.unshown]) == ([], ["A"])
    clock.now = NOON + GRACE
    assert gaps(closed()) == [(Gap.NO_LINE, "A")]


def test_a_journal_that_holds_two_hashes_for_one_reference_is_an_alarm(
    counter: Counter, closed: Closed, journal: IssueJournal
) -> None:
    counter.take("A")
    journal.append(NOON, "A", "arendal", "b" * 64)
    assert gaps(closed()) == [(Gap.CHANGED, "A")]


@pytest.mark.parametrize(
    "damage",
    [
        b"{\n",
        b"no json\n",
        b"[]\n",
        b'{"accepted_at": "2026-11-23T12:00:00", "reference": "A"}\n',
        b'{"reference": 1}\n',
    ],
)
def test_a_damaged_line_is_an_alarm_and_hides_no_other(
    counter: Counter, closed: Closed, journal: IssueJournal, damage: bytes
) -> None:
    counter.take("A")
    with journal.path.open("ab") as file:
        file.write(damage)
    counter.take("B")
    (found,) = closed().findings
    assert (found.gap, found.detail) == (Gap.DAMAGED, f"{journal.path}, line 2")


def test_a_journal_that_was_named_and_is_not_there_is_told(engine: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(JournalUnreadable, match="elsewhere"):
        Journals([tmp_path / "elsewhere"]).count()


def test_only_one_municipality_or_what_came_in_since(
    counter: Counter, closed: Closed, change: Change, clock: MovableClock
) -> None:
    counter.take("A")
    counter.take("B", municipality="rudersdal")
    clock.move(days=2)
    counter.take("C")
    change(*delete("A"), *delete("B"), *delete("C"))
    assert gaps(closed(municipality="rudersdal")) == [(Gap.MISSING, "B")]
    assert gaps(closed(since=date(2026, 11, 24))) == [(Gap.MISSING, "C")]
    assert [one.page.municipality for one in closed(municipality="rudersdal").balances] == ["rudersdal"]


def test_what_is_sealed_is_compared_byte_for_byte_when_asked(
    counter: Counter, closed: Closed, change: Change, engine: sa.Engine
) -> None:
    for name in "ABC":
        counter.take(name)
    file = {"position": 1, "size": 1, "sealed": b"file", "sealed_hash": "0" * 64}
    good = {"position": 2, "size": 1, "sealed": b"file", "sealed_hash": hash_of(b"file")}
    change(sa.update(submissions).where(submissions.c.reference == "A").values(answers=b"something else"))
    change(sa.insert(attachments).values(id=uuid.uuid4(), submission_id=id_of(engine, "B"), **file))
    cleaned = {"cleaned": b"copy", "cleaned_hash": hash_of(b"copy")}
    change(sa.insert(attachments).values(id=uuid.uuid4(), submission_id=id_of(engine, "C"), **good, **cleaned))
    assert gaps(closed()) == []
    assert {one.reference for one in bad_bytes(engine)} == {"A", "B"}
    assert [one.reference for one in bad_bytes(engine, municipality="rudersdal")] == []
    assert [one.reference for one in bad_bytes(engine, since=date(2026, 11, 24))] == []


def test_what_is_erased_while_it_is_looked_for_is_passed_over(
    counter: Counter, change: Change, engine: sa.Engine
) -> None:
    id = counter.take("A")
    gone = {"position": 1, "size": 1, "sealed": None, "sealed_hash": "0" * 64}
    change(sa.insert(attachments).values(id=uuid.uuid4(), submission_id=id, **gone), erase("A"))
    with engine.connect() as connection:
        assert list(envelopes.of(connection, id)) == []


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def id_of(engine: sa.Engine, reference: str) -> uuid.UUID:
    with engine.connect() as connection:
        found: uuid.UUID = connection.execute(
            sa.select(submissions.c.id).where(submissions.c.reference == reference)
        ).scalar_one()
    return found


def test_whoever_counts_each_minute_reads_what_is_new(counter: Counter, journal: IssueJournal, tmp_path: Path) -> None:
    journals = Journals([tmp_path])
    counter.take("A")
    assert journals.count()[TODAY].count == 1
    journal.path.write_bytes(journal.path.read_bytes().replace(b'"A"', b'"Z"'))
    counter.take("B")
    assert journals.count()[TODAY].count == 2
    # What it has read it does not read again, so somebody else must find that.
    assert {line.reference for line in journals.lines({TODAY})} == {"Z", "B"}


@pytest.mark.parametrize("how", ["shorter", "exchanged", "gone"])
def test_a_journal_that_became_another_is_read_anew(
    counter: Counter, journal: IssueJournal, tmp_path: Path, how: str
) -> None:
    journals = Journals([tmp_path])
    for name in "ABC":
        counter.take(name)
    assert journals.count()[TODAY].count == 3
    first = journal.path.read_bytes().splitlines(keepends=True)[0]
    if how == "shorter":
        journal.path.write_bytes(first)
    else:
        shutil.copy(journal.path, tmp_path / "kept")
        journal.path.unlink()
    if how == "exchanged":
        (tmp_path / "kept").rename(journal.path)
    expected = {"shorter": 1, "exchanged": 3}
    found = journals.count()
    assert (found[TODAY].count if found else 0) == expected.get(how, 0)


def test_a_torn_line_is_passed_over_and_the_rest_counts(
    counter: Counter, closed: Closed, journal: IssueJournal
) -> None:
    counter.take("A")
    with journal.path.open("ab") as file:
        file.write(b'{"accepted_at": "20')
    journals = Journals([journal.path])
    assert journals.count()[TODAY].count == 1
    counter.take("B")
    assert journals.count()[TODAY].count == 2
    assert journals.damaged == []
    assert gaps(closed()) == []


def test_a_line_says_whether_it_was_noted_later(journal: IssueJournal) -> None:
    line = JournalLine(accepted_at=NOON, reference="A", municipality="m", sealed_hash="h", noted_at=NOON)
    journal.add([line])
    journal.add([])
    assert list(journal.lines()) == [line]
    assert "noted_at" not in json.loads(
        JournalLine(accepted_at=NOON, reference="A", municipality="m", sealed_hash="h").as_json()
    )


def test_thousands_are_counted_in_moments(counter: Counter, closed: Closed, journal: IssueJournal) -> None:
    """The counts agree, so no single row is fetched."""
    for number in range(30):
        counter.take(f"R{number}")
    statements: list[str] = []
    sa.event.listen(counter.engine, "before_cursor_execute", lambda *arguments: statements.append(str(arguments[2])))
    assert gaps(closed()) == []
    assert sum("FROM submissions" in one for one in statements) == 1
