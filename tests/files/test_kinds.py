"""A file is what its content says, whatever it is called."""

import pytest
from sample_files import HEIC, docx, odt, pdf, photo, picture, zipped

from forms_app.files.facts import FileFlag
from forms_app.files.inspecting import inspect
from forms_app.files.kinds import Kind
from forms_app.files.refusals import EmptyFile, Encrypted, HasMacros, IsArchive, UnknownKind, UploadRefused

TAKEN = {
    "brev.pdf": (pdf(), Kind.PDF),
    "bilde.JPG": (picture(format="JPEG"), Kind.JPEG),
    "bilde.jpeg": (photo(), Kind.JPEG),
    "skjerm.png": (picture(), Kind.PNG),
    "tegning.gif": (picture(format="GIF"), Kind.GIF),
    "bilde.webp": (picture(format="WEBP"), Kind.WEBP),
    "brev.docx": (docx(), Kind.DOCX),
    "brev.odt": (odt(), Kind.ODT),
    "notat.txt": ("Blåbær\r\n\tog «rødløk»\n".encode(), Kind.TEXT),
    "gammelt notat.TXT": ("Blåbær".encode("latin-1"), Kind.TEXT),
}
UNOPENED = {
    "IMG_0001.HEIC": (HEIC, Kind.HEIC),
    "IMG_0002.heif": (HEIC.replace(b"heic", b"mif1"), Kind.HEIC),
    "bilde.avif": (picture(format="AVIF"), Kind.AVIF),
    "skann.tif": (picture(format="TIFF"), Kind.TIFF),
    "faks.tiff": (b"MM\x00*" + bytes(20), Kind.TIFF),
    "skann.bmp": (picture(format="BMP"), Kind.BMP),
    "skann.jp2": (picture(format="JPEG2000"), Kind.JPEG_2000),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_case_workers_use_is_opened_and_taken(name: str) -> None:
    content, kind = TAKEN[name]
    found = inspect(name, content)
    assert (found.name, found.media_type, found.flags) == (name, kind, frozenset())


@pytest.mark.parametrize("name", UNOPENED)
def test_photos_of_telephones_and_unknown_scans_are_taken_unopened_and_marked(name: str) -> None:
    content, kind = UNOPENED[name]
    found = inspect(name, content)
    assert (found.name, found.media_type, found.cleaned) == (name, kind, None)
    assert found.flags == {FileFlag.UNCHECKED}


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("bilde.png", pdf(), "bilde.png.pdf"),
        ("uten endelse", pdf(), "uten endelse.pdf"),
        ("pdf", pdf(), "pdf.pdf"),
        ("side.html", pdf(), "side.html.pdf"),
        ("brev.pdf", picture(), "brev.pdf.png"),
        ("IMG_0001.jpg", HEIC, "IMG_0001.jpg.heic"),
        ("brev.zip", docx(), "brev.zip.docx"),
        ("notat.txt", pdf(), "notat.txt.pdf"),
        ("fra skanneren.pdf", b"\r\n\r\n" + pdf(), "fra skanneren.pdf"),
    ],
)
def test_a_name_with_another_ending_gets_the_right_one_behind_it(name: str, content: bytes, kept: str) -> None:
    assert inspect(name, content).name == kept


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("tom.pdf", b"", EmptyFile),
        ("program.exe", b"MZ\x90\x00", UnknownKind),
        ("regning.pdf", b"MZ\x90\x00", UnknownKind),
        ("program", b"\x7fELF\x02", UnknownKind),
        ("side.html", b"<!doctype html><script>", UnknownKind),
        ("tegning.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnknownKind),
        ("brev.rtf", b"{\\rtf1 }", UnknownKind),
        ("film.mp4", b"\x00\x00\x00\x18ftypisom", UnknownKind),
        ("notat.txt", b"\x00\x01", UnknownKind),
        ("notat.txt", "Blåbær".encode("utf-16"), UnknownKind),
        ("regneark.xlsx", zipped({"[Content_Types].xml": b"<Types/>"}), UnknownKind),
        ("tegning.odg", odt(mimetype="application/vnd.oasis.opendocument.graphics"), UnknownKind),
        ("brev.pages", zipped({"Index/Document.iwa": b"-"}), UnknownKind),
        ("mappe.zip", zipped({"brev.pdf": pdf()}), IsArchive),
        ("tom.zip", zipped({}), IsArchive),
        ("mappe.7z", b"7z\xbc\xaf\x27\x1c", IsArchive),
        ("mappe.rar", b"Rar!\x1a\x07\x00", IsArchive),
        ("mappe.tar.gz", b"\x1f\x8b\x08", IsArchive),
        ("mappe.tar", b"brev.pdf" + bytes(249) + b"ustar", IsArchive),
        ("gammelt.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnknownKind),
        ("makro.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), HasMacros),
        ("laast.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Encrypted),
    ],
)
def test_anything_else_is_refused_by_name(name: str, content: bytes, reason: type[UploadRefused]) -> None:
    with pytest.raises(reason):
        inspect(name, content)
