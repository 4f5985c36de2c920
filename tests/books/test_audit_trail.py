"""The audit trail is chained and signed, and whoever changes it afterwards is found out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from movable_clock import MovableClock

from forms_app.books.chaining import Chainer
from forms_app.books.heads import HeadsDamaged, HeadsFile, HeadsUnwritable
from forms_app.books.verifying import Fault, Finding, Verdict, verify_trail
from forms_app.sealing.signature import ReceiptSigner
from forms_app.sealing.trail import SignedHead, link
from forms_app.storage import audit, audit_links
from forms_app.storage.engine import make_engine, migrating, reading
from forms_app.storage.migrate import migrate
from forms_app.storage.sqlite import driver

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNER = ReceiptSigner(Ed25519PrivateKey.generate())

Tamper = Callable[[str], None]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'portal.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def file(tmp_path: Path) -> HeadsFile:
    return HeadsFile(tmp_path / "heads.jsonl")


@pytest.fixture
def chainer(engine: sa.Engine, clock: MovableClock, file: HeadsFile) -> Chainer:
    return Chainer(engine=engine, clock=clock, signer=SIGNER, file=file)


@pytest.fixture
def tamper(engine: sa.Engine) -> Tamper:
    """Runs SQL as somebody does who has the database to themselves."""

    def run(sql: str) -> None:
        connection = driver.connect(str(engine.url.database), isolation_level=None)
        connection.executescript(sql)
        connection.close()

    return run


def write(engine: sa.Engine, clock: MovableClock, count: int = 1, action: str = "opened") -> None:
    with engine.begin() as connection:
        for number in range(count):
            audit.record(connection, at=clock(), actor=f"staff:{number % 3}", action=action, subject=f"s{number % 7}")


def verified(engine: sa.Engine, file: HeadsFile, *keys: str) -> Verdict:
    return verify_trail(engine, file.heads(), keys or [SIGNER.public_key])


def faults(engine: sa.Engine, file: HeadsFile) -> list[tuple[int, Fault]]:
    return [(one.entry_id, one.fault) for one in verified(engine, file).findings]


@pytest.fixture
def ten(engine: sa.Engine, clock: MovableClock, chainer: Chainer) -> None:
    """Ten entries, chained five and five, an hour apart."""
    for unused_time in range(2):
        write(engine, clock, 5)
        chainer.run_once()
        clock.move(hours=1)


def test_a_clean_trail_of_thousands_is_whole(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile
) -> None:
    for unused_minute in range(3):
        write(engine, clock, 1500)
        clock.move(minutes=1)
        chainer.run_once()
    write(engine, clock, 2)
    assert verified(engine, file) == Verdict(
        entries=4502, heads=3, covered=4500, covered_at=NOON + timedelta(minutes=3), findings=()
    )


def test_more_entries_than_one_transaction_takes_are_chained(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile
) -> None:
    write(engine, clock, 4100)
    chainer.run_once()
    assert verified(engine, file).covered == 4100


def test_nothing_new_makes_no_new_head(engine: sa.Engine, chainer: Chainer, file: HeadsFile, ten: None) -> None:
    before = file.path.read_bytes()
    chainer.run_once()
    assert file.path.read_bytes() == before
    assert before.count(b"\n") == 2


def test_a_trail_without_anything_is_whole(engine: sa.Engine, chainer: Chainer, file: HeadsFile) -> None:
    chainer.run_once()
    assert verified(engine, file) == Verdict(entries=0, heads=0, covered=0, covered_at=None, findings=())


def test_an_entry_that_was_committed_late_is_chained_after_the_others(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile, tamper: Tamper
) -> None:
    write(engine, clock, 3)
    tamper("UPDATE audit SET id = 9 WHERE id = 3")
    chainer.run_once()
    tamper("INSERT INTO audit SELECT 8, at, actor, action, subject FROM audit WHERE id = 1")
    chainer.run_once()
    with reading(engine) as connection:
        assert [one.entry_id for one, unused_entry in audit_links.chained(connection)] == [1, 2, 9, 8]
    assert faults(engine, file) == []


def test_two_workers_chain_as_one(engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile) -> None:
    other = replace(chainer, file=HeadsFile(file.path))
    for turn in range(6):
        write(engine, clock, 2)
        (chainer, other)[turn % 2].run_once()
    assert [one.head.number for one in file.heads()] == [2, 4, 6, 8, 10, 12]
    assert faults(engine, file) == []


def test_a_link_has_one_place_only(engine: sa.Engine, ten: None) -> None:
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        audit_links.add(connection, [audit_links.Link(number=10, entry_id=10, sha256="0" * 64)])


CHANGED = [
    ("UPDATE audit SET action = 'listed' WHERE id = 4", 4, Fault.CHANGED),
    ("UPDATE audit SET actor = 'staff:9' WHERE id = 1", 1, Fault.CHANGED),
    ("UPDATE audit SET subject = 'other' WHERE id = 10", 10, Fault.CHANGED),
    ("UPDATE audit SET at = '2026-11-22 12:00:00.000001' WHERE id = 2", 2, Fault.CHANGED),
    ("DELETE FROM audit WHERE id = 7", 7, Fault.REMOVED),
    ("DELETE FROM audit WHERE id = 7; DELETE FROM audit_links WHERE entry_id = 7", 6, Fault.GAP),
    ("DELETE FROM audit WHERE id = 1; DELETE FROM audit_links WHERE entry_id = 1", 0, Fault.GAP),
    (
        "DELETE FROM audit WHERE id = 7; DELETE FROM audit_links WHERE entry_id = 7;"
        "UPDATE audit_links SET number = number - 1 WHERE number > 7",
        8,
        Fault.CHANGED,
    ),
    (
        "UPDATE audit SET id = -1 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4;"
        "UPDATE audit SET id = 4 WHERE id = -1",
        3,
        Fault.REORDERED,
    ),
    (
        "UPDATE audit_links SET number = -1 WHERE number = 8; UPDATE audit_links SET number = 8 WHERE number = 9;"
        "UPDATE audit_links SET number = 9 WHERE number = -1",
        9,
        Fault.REORDERED,
    ),
    (
        "INSERT INTO audit (id, at, actor, action, subject) VALUES (99, '2026-11-22 12:01:00.000000', 'a', 'b', 'c')",
        99,
        Fault.INSERTED,
    ),
]


@pytest.mark.parametrize(("sql", "entry", "fault"), CHANGED)
def test_the_first_faulty_entry_is_named(
    engine: sa.Engine, file: HeadsFile, tamper: Tamper, ten: None, sql: str, entry: int, fault: Fault
) -> None:
    tamper(sql)
    assert faults(engine, file)[0] == (entry, fault)


def test_an_old_entry_that_the_worker_chained_unsuspecting_is_found(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile, tamper: Tamper, ten: None
) -> None:
    tamper(CHANGED[-1][0])
    chainer.run_once()
    assert faults(engine, file) == [(99, Fault.INSERTED)]


def test_what_was_removed_at_the_end_is_missed_by_the_exported_head(
    engine: sa.Engine, file: HeadsFile, tamper: Tamper, ten: None
) -> None:
    tamper(
        "DELETE FROM audit_heads WHERE number = 10; DELETE FROM audit_links WHERE number > 8;"
        "DELETE FROM audit WHERE id > 8;"
    )
    (found,) = verified(engine, file).findings
    assert found == Finding(entry_id=8, fault=Fault.TRUNCATED, detail="10 entries were signed, 8 are left")


def test_a_chain_that_was_computed_anew_is_not_the_signed_one(
    engine: sa.Engine, file: HeadsFile, tamper: Tamper, ten: None
) -> None:
    tamper("UPDATE audit SET action = 'nothing' WHERE id = 7")
    with reading(engine) as connection:
        chain = [(one, entry) for one, entry in audit_links.chained(connection) if entry]
    before = ""
    for one, entry in chain:
        before = link(before, one.number, **vars(entry))
        tamper(f"UPDATE audit_links SET sha256 = '{before}' WHERE number = {one.number}")
    verdict = verified(engine, file)
    assert [(one.entry_id, one.fault) for one in verdict.findings] == [(10, Fault.REWRITTEN)]
    assert verdict.covered == 5


def test_a_forged_head_is_told(engine: sa.Engine, clock: MovableClock, file: HeadsFile, ten: None) -> None:
    theirs = ReceiptSigner(Ed25519PrivateKey.generate())
    *unused_heads, last = file.heads()
    head = replace(last.head, key_id=theirs.key_id)
    file.export([SignedHead(head=head, signature=theirs.sign(head))])
    (found,) = verified(engine, file).findings
    assert (found.fault, found.detail) == (Fault.FORGED_HEAD, f"key {theirs.key_id}")
    assert verified(engine, file, SIGNER.public_key, theirs.public_key, "no key").findings == ()
    file.export([replace(last, head=replace(last.head, number=9))])
    assert verified(engine, file, SIGNER.public_key, theirs.public_key).findings[0].fault is Fault.FORGED_HEAD


def test_a_head_that_was_not_exported_is_exported_later(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, tmp_path: Path
) -> None:
    write(engine, clock)
    elsewhere = HeadsFile(tmp_path / "missing" / "heads.jsonl")
    with pytest.raises(HeadsUnwritable):
        replace(chainer, file=elsewhere).run_once()
    elsewhere.path.parent.mkdir()
    write(engine, clock)
    replace(chainer, file=elsewhere).run_once()
    assert [one.head.number for one in elsewhere.heads()] == [1, 2]
    assert faults(engine, elsewhere) == []


@pytest.mark.parametrize("line", [b"{}\n", b"[]\n", b"{\n", b'{"number": "x"}\n'])
def test_a_damaged_line_of_heads_is_named(file: HeadsFile, ten: None, line: bytes) -> None:
    with file.path.open("ab") as opened:
        opened.write(line)
    with pytest.raises(HeadsDamaged, match="line 3"):
        list(file.heads())


def test_a_torn_head_is_written_again(
    engine: sa.Engine, clock: MovableClock, chainer: Chainer, file: HeadsFile, ten: None
) -> None:
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[:-20])
    replace(chainer, file=HeadsFile(file.path)).run_once()
    assert [one.head.number for one in file.heads()] == [5, 10]


def test_what_is_signed_of_a_head_is_the_json_that_is_documented(file: HeadsFile, ten: None) -> None:
    first, *unused_rest = file.heads()
    assert json.loads(first.head.canonical) == {
        "what": "audit head",
        "version": 1,
        "key_id": SIGNER.key_id,
        "number": 5,
        "entry_id": 5,
        "sha256": first.head.sha256,
        "signed_at": "2026-11-22T12:00:00.000000Z",
    }


ENTRIES = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5)), min_size=2, max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES, cut=st.integers(1, 11), data=st.data())
def test_whatever_is_done_to_a_signed_trail_is_found(
    engine: sa.Engine, clock: MovableClock, tamper: Tamper, tmp_path: Path, entries: list[tuple[str, str, str]],
    cut: int, data: st.DataObject,
) -> None:  # fmt: skip
    with migrating(engine) as connection:
        for table in ("audit_heads", "audit_links", "audit"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    file = HeadsFile(tmp_path / "property.jsonl")
    file.path.unlink(missing_ok=True)
    chainer = Chainer(engine=engine, clock=clock, signer=SIGNER, file=file)
    for batch in (entries[:cut], entries[cut:]):
        with engine.begin() as connection:
            for actor, action, subject in batch:
                audit.record(connection, at=clock(), actor=actor, action=action, subject=subject)
        chainer.run_once()
    assert verified(engine, file).findings == ()
    victim = data.draw(st.integers(1, len(entries)))
    deed = data.draw(
        st.sampled_from(
            [
                f"UPDATE audit SET actor = actor || 'x' WHERE id = {victim}",
                f"UPDATE audit SET subject = 'a' || subject WHERE id = {victim}",
                f"DELETE FROM audit WHERE id = {victim}",
                f"DELETE FROM audit WHERE id = {victim}; DELETE FROM audit_links WHERE entry_id = {victim}",
                f"DELETE FROM audit WHERE id >= {victim}; DELETE FROM audit_links WHERE entry_id >= {victim}",
                f"UPDATE audit_links SET sha256 = replace(sha256, substr(sha256, 1, 1), '_') WHERE number = {victim}",
            ]
        )
    )
    tamper(deed)
    assert verified(engine, file).findings
