"""Two cases with everything in them that is sealed or encrypted, and hands that change it between them in the database.

Each is told from the other by one word, which stands in all that its people wrote and in every file of theirs.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from movable_clock import MovableClock

from forms_app.casework import notes
from forms_app.forms.definition import FormKey
from forms_app.intake import additions, drafts
from forms_app.intake.parcels import Desk, Receiver
from forms_app.language import Language
from forms_app.sealing.codes import Code
from forms_app.sealing.signature import load_signing_key
from forms_app.sealing.submission import FileFacts, SentFile
from forms_app.settings import Settings
from forms_app.storage import cases, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import metadata
from tests.demo_cases import Answers, Sender, sample_answers
from tests.documents.pdf_reading import read_pdf, squeezed

NAMES = {
    *("drafts.id", "draft_steps.draft_id", "draft_files.draft_id", "submissions.draft_id", "invitations.id"),
    "limits.key",
}
"""Bytes that name a row and hold nobody's words."""
SEALED = frozenset(
    name
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, sa.LargeBinary) and (name := f"{table.name}.{column.name}") not in NAMES
)
"""Every column that holds an envelope or something encrypted."""
OF_CITIZENS = frozenset(
    {
        *("submissions.own_copy", "submissions.own_receipt", "own_files.sealed", "invitations.sealed"),
        *("draft_steps.ciphertext", "draft_files.details", "draft_files.ciphertext", "draft_files.cleaned"),
    }
)
"""Those that open with a citizen's code only."""


@dataclass(frozen=True, kw_only=True)
class WholeCase:
    """A case by the word that nothing but itself may ever show; `code` is its sender's. A draft has no reference."""

    word: str
    code: Code
    reference: str = ""

    @property
    def later(self) -> str:
        """The reference of what was sent later."""
        return f"{self.reference}-1"


@dataclass(frozen=True, kw_only=True)
class Town:
    """Where cases are sent to."""

    settings: Settings
    engine: sa.Engine
    clock: MovableClock

    def send(self, form: FormKey, word: str, *, place: str = "arendal", invites: bool = True) -> WholeCase:
        """A form with a file, an addition with a file, a note, and an invitation to confirm it."""
        self.clock.move(minutes=1)
        code = Code.new()
        sender = Sender(self.settings, self.engine, place)
        answers = {**sample_answers(form), **words(form, word), **({"authority": ["invite"]} if invites else {})}
        reference = sender.send(form, answers, [letter(word, "skjema")], at=self.clock(), code=code)
        receiver = Receiver(municipality=sender.municipality, recipients=self.settings.recipients[place])
        self._add(code, word, receiver)
        with reading(self.engine) as connection:
            row = submissions.by_reference(connection, reference)
            assert row
            case = cases.of(connection, row.id)
        notes.add(self.engine, self.clock, receiver.recipients, case, f"Et notat om {word}.", actor="staff:x")
        return WholeCase(word=word, code=code, reference=reference)

    def _add(self, code: Code, word: str, receiver: Receiver) -> None:
        desk = Desk(engine=self.engine, clock=self.clock, signer=load_signing_key(self.settings.signing_key))
        additions.begin(desk, additions.open_addition(desk, code))
        addition = additions.open_addition(desk, code)
        with self.engine.begin() as connection:
            drafts.add_file(connection, addition.code, letter(word, "ettersendt"), self.clock())
        addition = additions.open_addition(desk, code)
        additions.send_addition(
            desk, code, 1, reviewed=addition.reviewed, receiver=receiver, language=Language.NB
        )  # fmt: skip


def words(form: FormKey, word: str) -> Answers:
    """The word, wherever somebody may write one."""
    person: Answers = {"role": ["other"], "name_of_person": [f"Åse {word}"], "sender_name": [f"Kåre {word}"]}
    own: Mapping[FormKey, Answers] = {
        FormKey.APPLICATION: {"situation": [f"Om {word}."], "bodies-0-body_name": [f"{word} skole"]},
        FormKey.COMPLAINT: {"decision": [f"Nei til {word}."], "why": [f"Fordi {word}."]},
    }
    return {**person, **own[form]}


def letter(word: str, kind: str) -> SentFile:
    """A file with a cleaned copy."""
    content, cleaned = (f"%PDF-1.7 {what} {kind} {word}".encode() for what in ("as sent", "cleaned"))
    facts = FileFacts.of(content, name=f"{kind} {word}.pdf", kind="application/pdf", cleaned=cleaned)
    return SentFile(facts=facts, content=content, cleaned=cleaned)


def swap(
    engine: sa.Engine, column: str, one: WholeCase, other: WholeCase, *, later: bool = False, meanwhile: Any = None
) -> None:
    """Let the two cases change what stands in a column; `later` in the rows of what was sent later.

    `meanwhile` is a value that may stand there for a moment, where no two rows may have the same.
    """
    table_name, name = column.split(".")
    table = metadata.tables[table_name]
    with engine.begin() as connection:
        rows = [_row(connection, table, case, later=later) for case in (one, other)]
        keys = [tuple(getattr(row, key.name) for key in table.primary_key) for row in rows]
        values = [getattr(row, name) for row in rows]
        assert None not in values
        assert values[0] != values[1]
        if meanwhile is not None:
            _put(connection, table, keys[1], {name: meanwhile})
        for key, value in zip(keys, reversed(values), strict=True):
            _put(connection, table, key, {name: value})


def _row(connection: sa.Connection, table: sa.Table, case: WholeCase, *, later: bool) -> sa.Row[Any]:
    return connection.execute(sa.select(table).where(_is_row(connection, table, case, later=later))).one()


def _is_row(connection: sa.Connection, table: sa.Table, case: WholeCase, *, later: bool) -> sa.ColumnElement[bool]:
    if table.name == "draft_steps":
        return sa.and_(table.c.draft_id == case.code.draft_id, table.c.step == "situation")
    if table.name == "draft_files":
        return table.c.draft_id == case.code.draft_id
    row = submissions.by_reference(connection, case.later if later else case.reference)
    assert row
    if table.name == "case_notes":
        return table.c.case_id == cases.of(connection, row.id).id
    return (table.c.id if table.name == "submissions" else table.c.submission_id) == row.id


def _put(connection: sa.Connection, table: sa.Table, key: tuple[Any, ...], values: Mapping[str, Any]) -> None:
    is_row = sa.and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))
    assert connection.execute(sa.update(table).where(is_row).values(**values)).rowcount == 1


def unzipped(content: bytes) -> str:
    """All that can be read in an archive, PDF files as their reader sees them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return "\n".join(f"{name}\n{readable(part)}" for name, part in parts.items())


def readable(content: bytes) -> str:
    """The words of a file: of a page that the portal has made, or as the bytes stand there."""
    if not content.startswith(b"%PDF") or b"%%EOF" not in content:
        return content.decode(errors="replace")
    found = read_pdf(content)
    return "\n".join([squeezed(found.text), found.title, *(one.decode() for one in found.attachments.values())])
