"""The issue journal holds every receipt that was shown, whatever crashed in between."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forms_app.books.journal import IssueJournal, JournalDamaged, JournalLine, JournalUnwritable

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> IssueJournal:
    return IssueJournal(tmp_path / "issued.jsonl")


def append(journal: IssueJournal, reference: str) -> None:
    journal.append(NOON, reference, "arendal", "a" * 64)


def references(journal: IssueJournal) -> list[str]:
    return [line.reference for line in journal.lines()]


def test_a_line_comes_back_as_it_was_written(journal: IssueJournal) -> None:
    append(journal, "ABCD2345")
    assert list(journal.lines()) == [
        JournalLine(accepted_at=NOON, reference="ABCD2345", municipality="arendal", sealed_hash="a" * 64)
    ]


def test_a_receipt_that_is_shown_again_adds_no_line(journal: IssueJournal) -> None:
    for unused_time in range(2):
        journal.issue(NOON, "ABCD2345", "arendal", "a" * 64)
    assert references(journal) == ["ABCD2345"]


def test_a_receipt_that_could_not_be_noted_is_noted_next_time(tmp_path: Path) -> None:
    journal = IssueJournal(tmp_path / "missing" / "issued.jsonl")
    with pytest.raises(JournalUnwritable):
        journal.issue(NOON, "ABCD2345", "arendal", "a" * 64)
    journal.path.parent.mkdir()
    journal.issue(NOON, "ABCD2345", "arendal", "a" * 64)
    assert references(journal) == ["ABCD2345"]


def test_a_journal_that_was_never_written_is_empty(journal: IssueJournal) -> None:
    assert references(journal) == []
    assert not journal.contains("ABCD2345")


def test_it_tells_which_receipts_were_issued(journal: IssueJournal) -> None:
    append(journal, "A")
    append(journal, "B")
    assert journal.contains("B")
    assert not journal.contains("C")


def test_a_torn_last_line_is_passed_over(journal: IssueJournal) -> None:
    append(journal, "A")
    append(journal, "B")
    whole = journal.path.read_bytes()
    for length in range(whole.index(b"\n") + 1, len(whole)):
        journal.path.write_bytes(whole[:length])
        assert references(journal) == ["A"]


@pytest.mark.parametrize("torn", [b'{"accepted_at": "20', b'{"a": 1}', b"\0\0\0"])
def test_a_torn_line_harms_no_later_one(journal: IssueJournal, torn: bytes) -> None:
    append(journal, "A")
    with journal.path.open("ab") as file:
        file.write(torn)
    append(journal, "B")
    append(journal, "C")
    assert references(journal) == ["A", "B", "C"]
    assert journal.path.read_bytes().count(b"(torn)") == 1


@pytest.mark.parametrize("damage", [b"{\n", b"[]\n", b"{}\n", b'{"accepted_at": "yesterday"}\n'])
def test_a_damaged_line_is_reported_by_its_number(journal: IssueJournal, damage: bytes) -> None:
    append(journal, "A")
    with journal.path.open("ab") as file:
        file.write(damage)
    with pytest.raises(JournalDamaged, match="2"):
        list(journal.lines())


def test_threads_do_not_mix_their_lines(journal: IssueJournal) -> None:
    def write(name: str) -> None:
        for number in range(25):
            append(journal, f"{name}{number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(references(journal)) == sorted(f"{name}{number}" for name in "abcd" for number in range(25))


def test_processes_that_are_killed_lose_no_line_they_were_told_is_safe(journal: IssueJournal) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from forms_app.books.journal import IssueJournal\n"
        "journal, turn = IssueJournal(Path(sys.argv[1])), 0\n"
        "while True:\n"
        "    journal.append(datetime.now(UTC), f'{sys.argv[2]}-{turn}', 'arendal', 'a' * 64)\n"
        "    print(f'{sys.argv[2]}-{turn}', flush=True); turn += 1\n"
    )
    promised: list[str] = []
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(journal.path), str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(3)
    ]
    for writer in writers:
        with writer:
            assert writer.stdout is not None
            promised += [writer.stdout.readline().strip() for __line in range(5)]
            writer.kill()
            promised += [line.strip() for line in writer.stdout if line.endswith("\n")]
    append(journal, "after")
    written = references(journal)
    assert set(promised) <= set(written)
    assert written[-1] == "after"


def test_a_journal_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JournalUnwritable, match="ABCD2345"):
        append(IssueJournal(tmp_path / "missing" / "issued.jsonl"), "ABCD2345")


def test_a_line_that_only_fits_in_part_is_an_error(journal: IssueJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_write = os.write
    append(journal, "A")
    with monkeypatch.context() as disk_full:
        disk_full.setattr(os, "write", lambda file, line: whole_write(file, line[:20]))
        with pytest.raises(JournalUnwritable):
            append(journal, "B")
    append(journal, "C")
    assert references(journal) == ["A", "C"]
