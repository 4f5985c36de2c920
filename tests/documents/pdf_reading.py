"""Looks into a PDF as a program would that reads it aloud or keeps it for a hundred years."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_CHARACTERS = re.compile(rb"beginbfchar\n(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange\n(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What stands in the file."""

    text: str
    """A line a line of the page."""
    tags: list[str]
    """In the order in which they are read."""
    language: str
    title: str
    shows_title: bool
    is_marked: bool
    metadata: str
    attachments: dict[str, bytes]
    relationships: list[str]
    pages: int


def read_pdf(content: bytes) -> Reading:
    """Everything that the tests ask about."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        return Reading(
            text="\n".join(line for page in pdf.pages for line in _lines(page)),
            tags=list(_tags(root.StructTreeRoot.K)),
            language=str(root.Lang),
            title=str(pdf.open_metadata()["dc:title"]),
            shows_title=bool(root.ViewerPreferences.DisplayDocTitle),
            is_marked=bool(root.MarkInfo.Marked),
            metadata=bytes(root.Metadata.read_bytes()).decode(),
            attachments={name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments},
            relationships=[str(one.AFRelationship) for one in root.get("/AF", [])],
            pages=len(pdf.pages),
        )


def squeezed(text: str) -> str:
    """Without blanks, which a page puts where its lines end."""
    return re.sub(r"[\s\u200b]", "", text)


def _tags(node: Any) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for child in node:  # type: ignore[attr-defined]
            yield from _tags(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S).lstrip("/")
        if "/K" in node:
            yield from _tags(node.K)


def _lines(page: pikepdf.Page) -> Iterator[str]:
    letters = {name: _letters_of(font) for name, font in page.Resources.Font.items()}
    font: dict[int, str] = {}
    line = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BT":
            line = ""
        elif str(operator) == "Tf":
            font = letters[str(operands[0])]
        elif str(operator) in ("TJ", "Tj"):
            parts = operands[0] if str(operator) == "TJ" else operands
            line += "".join(_read(bytes(part), font) for part in parts if isinstance(part, pikepdf.String))
        elif str(operator) == "ET":
            yield line


def _read(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2))


def _letters_of(font: Any) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes())
    found: dict[int, str] = {}
    for block in _CHARACTERS.findall(table):
        numbers = _HEX.findall(block)
        found |= {int(code, 16): _words(text) for code, text in zip(numbers[::2], numbers[1::2], strict=True)}
    for block in _RANGES.findall(table):
        numbers = _HEX.findall(block)
        for first, last, text in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(ord(_words(text)) + step)
    return found


def _words(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")
