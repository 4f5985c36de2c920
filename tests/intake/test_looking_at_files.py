"""What is kept of a file: the bytes that were sent, a cleaned copy where it needs one, and what was found out."""

import pytest
import sqlalchemy as sa
from counter import Counter
from sample_files import EICAR, HEIC, pdf, photo

from forms_app.files.refusals import HasVirus
from forms_app.files.virus import Scan, Verdict, VirusScanner
from forms_app.intake import drafts, uploads
from forms_app.intake.uploads import TooManyFiles, TooMuchInAll
from forms_app.sealing.attached import SentFile
from forms_app.sealing.codes import Code
from forms_app.storage import cases, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files

ACTIVE = pdf(root=b"/OpenAction << /S /JavaScript /JS (1) >>")


class Scanner(VirusScanner):
    """Knows the test string, and nothing else."""

    def __init__(self) -> None:
        super().__init__(path="/nowhere")

    def scan(self, content: bytes) -> Scan:
        return Scan(Verdict.FOUND, "Eicar") if EICAR in content else Scan(Verdict.CLEAN)


@pytest.fixture
def code(counter: Counter) -> Code:
    """A draft that is ready to be sent, without files."""
    code = counter.begin()
    draft, unused_filled = counter.look(code)
    for file in draft.files:
        uploads.remove(counter.desk.engine, code, file.id)
    return code


def keep(counter: Counter, code: Code, name: str, content: bytes, scanner: VirusScanner | None = None) -> SentFile:
    """The file as it is kept in the draft."""
    engine = counter.desk.engine
    uploads.keep(engine, code, name=name, content=content, now=counter.desk.clock(), scanner=scanner)
    draft, unused_filled = counter.look(code)
    return drafts.contents(engine, draft)[-1]


def is_marked(counter: Counter, code: Code, database: sa.Engine) -> bool:
    """Send it; whether the case says that a file must still be looked at."""
    receipt = counter.send(code)
    with reading(database) as connection:
        row = submissions.by_reference(connection, receipt.binding.reference)
        assert row
        return cases.of(connection, row.id).is_unscanned


@pytest.mark.parametrize(
    ("name", "content", "flags", "has_copy"),
    [
        ("brev.pdf", pdf(), (), False),
        ("aktiv.pdf", ACTIVE, ("active",), True),
        ("bilde.jpg", photo(), (), True),
        ("bilde.heic", HEIC, ("unchecked",), False),
    ],
)
def test_the_original_is_kept_byte_by_byte_with_what_was_found_out(
    counter: Counter, code: Code, name: str, content: bytes, flags: tuple[str, ...], has_copy: bool
) -> None:
    kept = keep(counter, code, name, content, Scanner())
    assert kept.content == content
    assert kept.facts.fits(content)
    assert kept.facts.flags == flags
    assert (kept.cleaned is not None) == has_copy
    assert keep(counter, code, name, content).facts.flags == tuple(sorted({*flags, "unscanned"}))


def test_copies_lie_encrypted_in_the_draft(counter: Counter, code: Code, database: sa.Engine) -> None:
    kept = keep(counter, code, "aktiv.pdf", ACTIVE)
    assert kept.cleaned
    with reading(database) as connection:
        (row,) = connection.execute(sa.select(draft_files)).all()
    for stored in (row.ciphertext, row.cleaned, row.details):
        assert b"%PDF" not in stored
        assert b"aktiv" not in stored
    assert row.size == len(ACTIVE)


@pytest.mark.parametrize(
    ("name", "content", "scanner", "marked"),
    [
        ("brev.pdf", pdf(), Scanner(), False),
        ("bilde.jpg", photo(), Scanner(), False),
        ("aktiv.pdf", ACTIVE, Scanner(), False),
        ("bilde.heic", HEIC, Scanner(), True),
        ("brev.pdf", pdf(), None, True),
        ("brev.pdf", pdf(), VirusScanner(path="/nowhere"), True),
    ],
)
def test_a_case_with_a_file_that_nothing_has_looked_at_is_marked(
    counter: Counter, code: Code, database: sa.Engine, name: str, content: bytes, scanner: VirusScanner, marked: bool
) -> None:
    keep(counter, code, name, content, scanner)
    assert is_marked(counter, code, database) is marked


def test_a_case_without_files_is_not_marked(counter: Counter, code: Code, database: sa.Engine) -> None:
    assert not is_marked(counter, code, database)


def test_a_virus_is_refused_and_nothing_else_changes(counter: Counter, code: Code) -> None:
    keep(counter, code, "brev.txt", b"hei", Scanner())
    with pytest.raises(HasVirus):
        keep(counter, code, "virus.txt", EICAR, Scanner())
    draft, unused_filled = counter.look(code)
    assert [file.name for file in draft.files] == ["brev.txt"]


@pytest.mark.parametrize(("limit", "refusal"), [("MOST_FILES", TooManyFiles), ("MOST_BYTES_IN_ALL", TooMuchInAll)])
def test_room_that_another_window_takes_in_the_meantime_is_noticed(
    counter: Counter, code: Code, monkeypatch: pytest.MonkeyPatch, limit: str, refusal: type[Exception]
) -> None:
    class Meanwhile(Scanner):
        def scan(self, content: bytes) -> Scan:
            keep(counter, code, "fra et annet vindu.txt", b"hei")
            return super().scan(content)

    monkeypatch.setattr(uploads, limit, {"MOST_FILES": 1, "MOST_BYTES_IN_ALL": 4}[limit])
    with pytest.raises(refusal):
        keep(counter, code, "brev.txt", b"hei", Meanwhile())
    draft, unused_filled = counter.look(code)
    assert [file.name for file in draft.files] == ["fra et annet vindu.txt"]
