"""Tells the kind of a file by how it begins, never by its name alone.

Kinds that case workers use are opened by their parser afterwards. Photos of telephones and scans that we do not open
(HEIC, TIFF, BMP and the like) are taken as they are and marked: their decoders have the longest record of faults, and
the rule is never to send a citizen away for the telephone they have. Spreadsheets, presentations and old Word files
are not taken; as PDF they are.
"""

import re
from enum import StrEnum

from forms_app.files.refusals import EmptyFile, Encrypted, HasMacros, IsArchive, UnknownKind


class Kind(StrEnum):
    """The media type of a kind that is taken; ZIP only until it is known which document it is."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"
    HEIC = "image/heic"
    AVIF = "image/avif"
    TIFF = "image/tiff"
    BMP = "image/bmp"
    JPEG_2000 = "image/jp2"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODT = "application/vnd.oasis.opendocument.text"
    TEXT = "text/plain"
    ZIP = "application/zip"


UNOPENED = frozenset({Kind.HEIC, Kind.AVIF, Kind.TIFF, Kind.BMP, Kind.JPEG_2000})
"""Taken without being opened."""

_ENDINGS = {
    Kind.PDF: (".pdf",),
    Kind.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    Kind.PNG: (".png",),
    Kind.GIF: (".gif",),
    Kind.WEBP: (".webp",),
    Kind.HEIC: (".heic", ".heif", ".hif"),
    Kind.AVIF: (".avif",),
    Kind.TIFF: (".tif", ".tiff"),
    Kind.BMP: (".bmp", ".dib"),
    Kind.JPEG_2000: (".jp2",),
    Kind.DOCX: (".docx",),
    Kind.ODT: (".odt",),
    Kind.TEXT: (".txt",),
}
_BEGINNINGS = {
    Kind.PDF: re.compile(rb"%PDF-"),
    Kind.JPEG: re.compile(rb"\xff\xd8\xff"),
    Kind.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    Kind.GIF: re.compile(rb"GIF8[79]a"),
    Kind.WEBP: re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    Kind.HEIC: re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL),
    Kind.AVIF: re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
    Kind.TIFF: re.compile(rb"II[*+]\x00|MM\x00[*+]"),
    Kind.BMP: re.compile(rb"BM.{4}\x00{4}", re.DOTALL),
    Kind.JPEG_2000: re.compile(rb"\x00\x00\x00\x0cjP  \r\n\x87\n"),
    Kind.ZIP: re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"),
}
_ARCHIVE = re.compile(
    rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh[1-9]|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|MSCF\x00|.{257}ustar", re.DOTALL
)
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office, and also the wrapping of a new Office file with a password."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_WHERE_A_PDF_MAY_BEGIN = 1024
# The whole of C0 but tab, line feed, form feed and carriage return: no text holds these in UTF-8 or Latin-1.
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def recognise(name: str, content: bytes) -> Kind:
    """The kind of this content. Raises EmptyFile, IsArchive, Encrypted, HasMacros and UnknownKind."""
    if not content:
        raise EmptyFile
    for kind, beginning in _BEGINNINGS.items():
        if beginning.match(content):
            return kind
    if _ARCHIVE.match(content):
        raise IsArchive
    if content.startswith(_COMPOUND_FILE):
        _refuse_old_office(content)
    ending = _ending(name)
    if ending == ".pdf" and b"%PDF-" in content[:_WHERE_A_PDF_MAY_BEGIN]:
        return Kind.PDF
    if ending == ".txt" and not _NOT_IN_TEXT.search(content):
        return Kind.TEXT
    raise UnknownKind


def fitting_name(name: str, kind: Kind) -> str:
    """The name with an ending that programs open as this kind: a page of HTML that is also a PDF opens as PDF only."""
    endings = _ENDINGS[kind]
    return name if _ending(name) in endings else name + endings[0]


def _refuse_old_office(content: bytes) -> None:
    if _ENCRYPTED_PACKAGE in content:
        raise Encrypted
    if _OLD_MACROS in content:
        raise HasMacros


def _ending(name: str) -> str:
    unused_stem, dot, ending = name.rpartition(".")
    return dot + ending.lower() if dot else ""
