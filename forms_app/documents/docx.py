"""Blocks as a Word file with real headings, its language, and names on what is to be filled in."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from forms_app.documents import word_xml
from forms_app.documents.blocks import (
    Address,
    Answered,
    Bullets,
    Card,
    Heading,
    Paragraph,
    PrintedBlock,
    Signature,
    Table,
    ToFill,
)
from forms_app.documents.characters import visible
from forms_app.forms.paper import DateBoxes, PaperQuestion, Repeated, TickOff, TickThis, WriteOn
from forms_app.language import Language, use
from forms_app.language import gettext as _

_LONGEST_PROPERTY = 255
_THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip archive can hold: the same blocks make the same bytes."""


def to_docx(blocks: Iterable[PrintedBlock], *, language: Language, title: str, made_at: datetime) -> bytes:
    """The same bytes for the same input."""
    document = docx.Document()
    _prepare(document, language, title, made_at)
    with use(language):
        word_xml.number_pages(document, visible(title))
        writer = _Writer(document)
        for block in blocks:
            writer.write(block)
    return _packed(document)


def _prepare(document: Document, language: Language, title: str, made_at: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.language = visible(title)[:_LONGEST_PROPERTY], language.locale.replace("_", "-")
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11.5)
    for level, points in enumerate((20, 15, 11.5, 11.5), start=1):
        word_xml.plain_heading(document.styles[f"Heading {level}"], points)
    word_xml.set_language(document, properties.language)


def _packed(document: Document) -> bytes:
    loose, packed = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _THE_SAME_DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Writer:
    """Writes one document from the top down."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings = 0

    def write(self, block: PrintedBlock) -> None:
        match block:
            case Heading(text):
                self._heading(text, 2 if self._headings else 1)
                self._headings += 1
            case Paragraph(text):
                self._lines(text.split("\n"))
            case Answered(question, lines):
                self._question(question)
                self._lines(lines or (_("Not answered"),))
            case Bullets(items):
                for item in items:
                    self._document.add_paragraph(visible(item), style="List Bullet")
            case Table(columns, rows):
                self._table(columns, rows)
            case Card(groups):
                self._table(tuple(f"{_('Group')} {number}" for number, unused in enumerate(groups, 1)), (groups,))
            case _:
                self._write_for_a_pen(block)

    def _write_for_a_pen(self, block: Address | Signature | ToFill) -> None:
        match block:
            case Address(name, lines):
                self._address(name, lines)
            case Signature(who):
                self._line_for(_("Date"))
                self._line_for(who)
            case ToFill(question):
                # A statement to agree to is its own label, behind its box.
                if not isinstance(question.shape, TickThis):
                    self._question(self._label(question))
                self._to_fill(question)

    def _heading(self, text: str, level: int) -> None:
        self._document.add_heading(visible(text), level)

    def _question(self, text: str) -> None:
        """A heading of the third level inside a section; above the first section that would skip a level."""
        if self._headings > 1:
            self._heading(text, 3)
        else:
            self._bold(text)

    def _lines(self, lines: Iterable[str]) -> None:
        # A new line within an answer is no new paragraph.
        self._document.add_paragraph("\n".join(map(visible, lines)))

    def _hint(self, text: str) -> None:
        if text:
            self._document.add_paragraph(visible(text)).runs[0].font.size = Pt(10.5)

    def _bold(self, text: str) -> WordParagraph:
        paragraph = self._document.add_paragraph()
        paragraph.add_run(visible(text)).bold = True
        return paragraph

    @staticmethod
    def _label(question: PaperQuestion) -> str:
        return f"{question.label} ({_('Must be answered').lower()})" if question.is_required else question.label

    def _table(self, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
        table: WordTable = self._document.add_table(rows=0, cols=len(columns), style="Table Grid")
        for row in (columns, *rows):
            cells = table.add_row().cells  # type: ignore[no-untyped-call]
            for cell, text in zip(cells, row, strict=True):
                cell.text = visible(text)
        word_xml.mark_header_row(table)

    def _address(self, name: str, lines: tuple[str, ...]) -> None:
        self._bold(name)
        if lines:
            self._lines(lines)
        else:
            about = _("Write the postal address of the municipality here.")
            self._hint(about)
            word_xml.add_text_field(self._document, about, lines=3)

    def _line_for(self, about: str) -> None:
        self._bold(about)
        word_xml.add_text_field(self._document, about, lines=1)

    def _to_fill(self, question: PaperQuestion) -> None:
        match question.shape:
            case TickThis():
                self._tick(question.label, self._label(question), question.hint)
            case TickOff(boxes, takes_several):
                self._hint(question.hint)
                self._hint(_("You can tick more than one.") if takes_several else _("Tick one."))
                for box in boxes:
                    self._tick(f"{box.label}: {question.label}", box.label, box.hint)
            case Repeated(title, times, questions):
                self._hint(question.hint)
                for number in range(1, times + 1):
                    self._heading(f"{title} {number}", 4)
                    for inner in questions:
                        self._bold(self._label(inner))
                        self._to_fill(inner)
            case DateBoxes():
                self._hint(question.hint)
                parts = f"{_('Day')}, {_('Month').lower()}, {_('Year').lower()}"
                word_xml.add_text_field(self._document, f"{question.label} ({parts})", lines=1)
            case WriteOn(lines):
                self._hint(question.hint)
                word_xml.add_text_field(self._document, question.label, lines=lines)

    def _tick(self, name: str, text: str, hint: str) -> None:
        paragraph = self._document.add_paragraph()
        word_xml.add_tick_box(paragraph, name)
        paragraph.add_run(" " + visible(text))
        self._hint(hint)
