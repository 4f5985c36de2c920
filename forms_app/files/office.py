"""Word and OpenDocument texts: every part unpacked within limits, and nothing in them that could run or be fetched."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from forms_app.files.facts import Opened
from forms_app.files.kinds import Kind
from forms_app.files.refusals import Broken, Encrypted, HasMacros, IsArchive, TooBigUnpacked, UnknownKind

MOST_PARTS = 2000
MOST_UNPACKED = 200_000_000
_MOST_AT_ONCE = 1 << 20
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_CONTENT_TYPE = re.compile(r"macroEnabled|vbaProject|vbaData|activeX|oleObject", re.IGNORECASE)
_ACTIVE_DOCX_PART = re.compile(r"vbaProject|vbaData|activeX|oleObject|(^|/)embeddings/", re.IGNORECASE)
# What a link leads to is opened when a reader presses it; everything else that lies outside is fetched at once.
_EXTERNAL_ALLOWED = "/hyperlink"
_ACTIVE_RELATION = re.compile(r"/(aFChunk|attachedTemplate|oleObject|control|package|subDocument|frame)$")
_ACTIVE_ODT_PART = re.compile(r"(^|/)(Basic|Scripts)/", re.IGNORECASE)
_ACTIVE_ODT_TYPE = re.compile(r"oleobject|x-starbasic|sun\.star\.script", re.IGNORECASE)
_ACTIVE_ODT_ELEMENTS = frozenset({
    "event-listener", "script", "dde-source", "section-source", "applet", "plugin", "object-ole",
})  # fmt: skip
_ENTRY = b"PK\x01\x02"
"""Begins each line of an archive's table of contents, which zipfile reads whole before we can say a word."""


def open_office(content: bytes) -> Opened:
    """Raises a kind of UploadRefused, and whatever zipfile and expat raise for bytes that are broken."""
    if content.count(_ENTRY) > MOST_PARTS:
        raise TooBigUnpacked
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TooBigUnpacked
        names = {part.filename for part in parts}
        if "[Content_Types].xml" in names:
            kind, check = Kind.DOCX, _check_docx
        elif "mimetype" in names:
            kind, check = Kind.ODT, _check_odt
        else:
            # Apple's Pages is a package of its own; to say that it is an archive would help nobody.
            raise UnknownKind if any(name.endswith(".iwa") for name in names) else IsArchive
        _demand_whole(archive, parts)
        check(archive, names)
    return Opened(kind=kind)


def _demand_whole(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack every part, which checks its sum. Sizes that were declared too small end here as well."""
    if any(part.flag_bits & 1 for part in parts):
        raise Encrypted
    if len({part.filename for part in parts}) < len(parts) or any(not _is_harmless(part) for part in parts):
        raise Broken
    for part in parts:
        with archive.open(part) as unpacked:
            while unpacked.read(_MOST_AT_ONCE):
                pass


def _is_harmless(part: zipfile.ZipInfo) -> bool:
    """Whether the part stays where the document is unpacked, and is packed as every program packs it."""
    name = part.orig_filename
    leads_out = name.startswith("/") or ".." in name.split("/") or any(one in name for one in "\\:\0")
    return not leads_out and part.compress_type in _COMPRESSIONS


def _check_docx(archive: zipfile.ZipFile, names: set[str]) -> None:
    types = [attributes.get("ContentType", "") for unused, attributes in _elements(archive, "[Content_Types].xml")]
    if any(map(_ACTIVE_CONTENT_TYPE.search, types)) or any(map(_ACTIVE_DOCX_PART.search, names)):
        raise HasMacros
    if _DOCX_MAIN not in types:
        raise UnknownKind
    for name in sorted(one for one in names if one.endswith(".rels")):
        for unused_element, relation in _elements(archive, name):
            kind = relation.get("Type", "")
            leads_out = relation.get("TargetMode", "").lower() == "external"
            if _ACTIVE_RELATION.search(kind) or (leads_out and not kind.endswith(_EXTERNAL_ALLOWED)):
                raise HasMacros


def _check_odt(archive: zipfile.ZipFile, names: set[str]) -> None:
    if archive.read("mimetype").strip() != Kind.ODT.encode():
        raise UnknownKind
    for element, attributes in _elements(archive, "META-INF/manifest.xml"):
        if element == "encryption-data":
            raise Encrypted
        if _ACTIVE_ODT_TYPE.search(attributes.get("media-type", "")):
            raise HasMacros
    if any(map(_ACTIVE_ODT_PART.search, names)):
        raise HasMacros
    for name in sorted(one for one in names if one.endswith(("content.xml", "styles.xml"))):
        if any(element in _ACTIVE_ODT_ELEMENTS for element, unused_attributes in _elements(archive, name)):
            raise HasMacros


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of a part and its attributes, without their namespaces. Raises Broken for one with a DTD."""
    found: list[tuple[str, dict[str, str]]] = []

    def begins(element: str, attributes: dict[str, str]) -> None:
        found.append((_local(element), {_local(key): value for key, value in attributes.items()}))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begins
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as part:
        while chunk := part.read(_MOST_AT_ONCE):
            parser.Parse(chunk)
            yield from found
            found.clear()
    parser.Parse(b"", True)


def _refuse_doctype(*unused_declaration: object) -> None:
    # Entities could make a small part enormous, and no program writes any.
    raise Broken


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
