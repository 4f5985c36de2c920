"""Looks into a Word file as a program would that reads it aloud."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import docx
from docx.oxml.ns import qn


@dataclass(frozen=True, kw_only=True)
class WordReading:
    """What stands in the file."""

    text: str
    headings: list[tuple[int, str]]
    fields: list[str]
    """The names of what can be filled in, in order."""
    ticks: list[str]
    header_rows: list[list[str]]
    title: str
    language: str
    author: str
    default_language: str
    names: list[str]
    """Of the parts of the archive."""


def read_word(content: bytes) -> WordReading:
    """Everything that the tests ask about; every part must be XML that a strict parser takes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
    document = docx.Document(io.BytesIO(content))
    body = document.element.body
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    return WordReading(
        text="\n".join(_text(one) for one in body.iter(qn("w:p"))),
        headings=[(int(found[1]), one.text) for one in document.paragraphs if (found := _level(one))],
        fields=[_name(one) for one in body.iter(qn("w:sdt")) if one.find(f".//{qn('w:text')}") is not None],
        ticks=[_name(one) for one in body.iter(qn("w:sdt")) if "checkbox" in _parts(one)],
        header_rows=[[cell.text for cell in table.rows[0].cells] for table in document.tables if _has_header(table)],
        title=document.core_properties.title,
        language=document.core_properties.language,
        author=document.core_properties.author,
        default_language=language.get(qn("w:val")),
        names=names,
    )


def _level(paragraph: Any) -> re.Match[str] | None:
    return re.fullmatch(r"Heading (\d)", paragraph.style.name)


def _text(paragraph: Any) -> str:
    return "".join(one.text or "" if one.tag == qn("w:t") else "\n" for one in paragraph.iter(qn("w:t"), qn("w:br")))


def _name(field: Any) -> str:
    return str(field.find(f"{qn('w:sdtPr')}/{qn('w:alias')}").get(qn("w:val")))


def _parts(field: Any) -> list[str]:
    return [str(one.tag).rpartition("}")[2] for one in field.find(qn("w:sdtPr"))]


def _has_header(table: Any) -> bool:
    return table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
