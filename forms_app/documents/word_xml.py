"""What python-docx has no words for: fields to fill in, boxes to tick, the language of a document, numbers of pages.

Elements are built, never pasted together from text, so that nothing in a label can break the file.
"""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from forms_app.documents.characters import visible
from forms_app.language import gettext as _

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_LONGEST_NAME = 64
"""Word shows no longer name of a field."""


def set_language(document: Document, tag: str) -> None:
    """Say which language ("nb-NO") the whole document is in."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    for kind in ("w:val", "w:eastAsia"):
        language.set(qn(kind), tag)


def plain_heading(style: BaseStyle, points: float) -> None:
    """Black, and in the font of the text."""
    font = style.font  # type: ignore[attr-defined]  # a paragraph style has one
    font.size, font.color.rgb, font.name = Pt(points), RGBColor(0, 0, 0), "Arial"
    fonts = style.element.rPr.rFonts
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def number_pages(document: Document, title: str) -> None:
    """The title and "Page 1 of 3" at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(15), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{title}\t{_('Page')} ")
    _add_number(paragraph, "PAGE")
    paragraph.add_run(f" {_('of')} ")
    _add_number(paragraph, "NUMPAGES")


def _add_number(paragraph: Paragraph, what: str) -> None:
    field = _element("w:fldSimple", {"w:instr": what})
    field.append(_run("1"))
    paragraph._p.append(field)


def mark_header_row(table: Table) -> None:
    """The first row names the columns, and does so again on each page."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(_element("w:tblHeader"))


def add_text_field(document: Document, name: str, *, lines: int) -> None:
    """A named field with a frame, as high as `lines` to write on."""
    field, content = _control(name)
    text = _element("w:text", {"w:multiLine": "1"} if lines > 1 else {})
    field.find(qn("w:sdtPr")).append(text)
    paragraph = _element("w:p")
    paragraph.append(_framed())
    run = _run(" ")
    for unused_line in range(1, lines):
        run.append(_element("w:br"))
    paragraph.append(run)
    content.append(paragraph)
    body = document.element.body
    body.insert(len(body) - 1, field)  # What comes last is the section's own element.


def add_tick_box(paragraph: Paragraph, name: str) -> None:
    """A named box that can be ticked."""
    field, content = _control(name)
    box = field.makeelement(f"{{{_W14}}}checkbox", nsmap={"w14": _W14})
    for part, values in {
        "checked": {"val": "0"},
        "checkedState": {"val": "2612", "font": "MS Gothic"},
        "uncheckedState": {"val": "2610", "font": "MS Gothic"},
    }.items():
        state = box.makeelement(f"{{{_W14}}}{part}")
        for key, value in values.items():
            state.set(f"{{{_W14}}}{key}", value)
        box.append(state)
    field.find(qn("w:sdtPr")).append(box)
    content.append(_run("\u2610"))
    paragraph._p.append(field)


def _control(name: str) -> tuple[Any, Any]:
    """A content control with a name that screen readers say, and the element for what is in it."""
    control, properties, content = _element("w:sdt"), _element("w:sdtPr"), _element("w:sdtContent")
    properties.append(_element("w:alias", {"w:val": visible(name)[:_LONGEST_NAME]}))
    control.append(properties)
    control.append(content)
    return control, content


def _framed() -> Any:
    properties, frame = _element("w:pPr"), _element("w:pBdr")
    for side in ("w:top", "w:left", "w:bottom", "w:right"):
        frame.append(_element(side, {"w:val": "single", "w:sz": "4", "w:space": "4", "w:color": "555555"}))
    properties.append(frame)
    return properties


def _run(text: str) -> Any:
    run, content = _element("w:r"), _element("w:t", {"xml:space": "preserve"})
    content.text = text
    run.append(content)
    return run


def _element(name: str, attributes: dict[str, str] | None = None) -> Any:
    element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(qn(key), value)
    return element
