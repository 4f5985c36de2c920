"""Word and OpenDocument texts: taken when they are only words, refused by name when they are more."""

import io
import struct
import zipfile

import pytest
from sample_files import docx, odt, zipped

from forms_app.files import office
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import Broken, Encrypted, HasMacros, TooBigUnpacked, UnknownKind, UploadRefused

_TYPE = '<Override PartName="/word/{}" ContentType="application/vnd.ms-{}"/>'
_ENTRY = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'


def refused(name: str, content: bytes, reason: type[UploadRefused]) -> None:
    with pytest.raises(reason):
        inspect(name, content)


@pytest.mark.parametrize(
    "sent",
    [
        docx(relation=("hyperlink", "https://example.org", "External")),
        docx(relation=("image", "media/image1.png", "Internal"), word__media__image1_dot_png=b"-"),
        docx(types=_TYPE.format("charts/style1.xml", "office.chartstyle+xml")),
    ],
)
def test_word_files_with_links_pictures_and_charts_are_taken(sent: bytes) -> None:
    assert inspect("brev.docx", sent).cleaned is None


@pytest.mark.parametrize(
    "sent",
    [
        docx(word__vbaProject_dot_bin=b"-"),
        docx(word__VBAPROJECT_dot_BIN=b"-"),
        docx(word__activeX__activeX1_dot_xml=b"-"),
        docx(word__embeddings__oleObject1_dot_bin=b"-"),
        docx(word__embeddings__Regneark_dot_xlsx=b"-"),
        docx(types=_TYPE.format("innocent.bin", "office.vbaProject")),
        docx(types=_TYPE.format("document.xml", "word.document.macroEnabled.main+xml")),
        docx(relation=("attachedTemplate", "https://example.org/mal.dotm", "External")),
        docx(relation=("attachedTemplate", "mal.dotm", "Internal")),
        docx(relation=("oleObject", "https://example.org/a", "External")),
        docx(relation=("image", "https://example.org/a.png", "External")),
        docx(relation=("image", "https://example.org/a.png", "external")),
        docx(relation=("aFChunk", "side.html", "Internal")),
    ],
)
def test_word_files_that_run_or_fetch_something_are_refused(sent: bytes) -> None:
    refused("brev.docx", sent, HasMacros)


def test_a_template_beside_an_ordinary_link_is_seen() -> None:
    both = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Type="x/hyperlink" Target="https://example.org" TargetMode="External"/>'
        '<Relationship Type="x/attachedTemplate" Target="https://example.org" TargetMode="External"/></Relationships>'
    )
    refused("brev.docx", docx(word___rels__settings_dot_xml_dot_rels=both.encode()), HasMacros)
    wide = b"\xff\xfe" + both.encode("utf-16-le")
    refused("brev.docx", docx(word___rels__settings_dot_xml_dot_rels=wide), HasMacros)


@pytest.mark.parametrize(
    "sent",
    [
        odt(Basic__Standard__Module1_dot_xml=b"-"),
        odt(Scripts__python__a_dot_py=b"-"),
        odt(**{"Object 1__Basic__a_dot_xml": b"-"}),
        odt(scripts='<script:event-listener script:event-name="dom:load"/>'),
        odt(scripts="<office:script/>"),
        odt(entries=_ENTRY.format("Object 1", "application/vnd.sun.star.oleobject")),
    ],
)
def test_open_document_texts_that_run_something_are_refused(sent: bytes) -> None:
    refused("brev.odt", sent, HasMacros)


def test_open_document_texts_with_pictures_are_taken() -> None:
    sent = odt(entries=_ENTRY.format("Pictures/a.png", "image/png"), Pictures__a_dot_png=b"-")
    assert inspect("brev.odt", sent).cleaned is None


def test_an_open_document_text_with_a_password_is_refused_as_such() -> None:
    refused("brev.odt", odt(entries="<manifest:encryption-data/>"), Encrypted)


def test_a_locked_part_is_refused_as_locked() -> None:
    sent = docx().replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    refused("brev.docx", sent, Encrypted)


def test_a_document_of_another_office_program_is_of_an_unknown_kind() -> None:
    refused("brev.docx", zipped({"[Content_Types].xml": b"<Types/>"}), UnknownKind)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\mal.dotm", "C:mal.dotm", "word/../../a", "a\x00b"]
)
def test_parts_that_would_leave_their_folder_are_refused(name: str) -> None:
    sent = docx(placeholder_dot_xml=b"-").replace(b"placeholder.xml", name.encode().ljust(15, b"_"))
    refused("brev.docx", sent, Broken)


def test_two_parts_of_one_name_are_refused() -> None:
    sent = docx(word__one_dot_xml=b"-", word__two_dot_xml=b"-").replace(b"two.xml", b"one.xml")
    refused("brev.docx", sent, Broken)


def test_a_part_that_is_packed_as_no_office_program_does_is_refused() -> None:
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/extra.xml", b"-")
    refused("brev.docx", target.getvalue(), Broken)


def test_a_part_that_was_changed_or_says_it_is_smaller_than_it_is_is_refused() -> None:
    content = bytes(range(256)) * 8
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/a.png", content)
    sent = target.getvalue()
    refused("brev.docx", sent.replace(content[:4], b"\x00\x01\x02\x04", 1), Broken)
    refused("brev.docx", sent.replace(struct.pack("<L", len(content)), struct.pack("<L", 10)), Broken)


def test_a_document_that_unpacks_without_end_is_refused_before_it_is_unpacked() -> None:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for unused_time in range(office.MOST_UNPACKED // 10**7 + 1):
                part.write(bytes(10**7))
    refused("brev.docx", many.getvalue(), TooBigUnpacked)
    refused("brev.docx", docx(**{f"word__{number}": b"" for number in range(office.MOST_PARTS)}), TooBigUnpacked)


def test_a_part_that_defines_its_own_words_is_refused() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    refused("brev.docx", docx(word___rels__a_dot_rels=laughs), Broken)


@pytest.mark.parametrize(
    "sent",
    [docx()[:-30], docx()[:100], odt().replace(b"META-INF", b"META_INF")],
    ids=["its end is cut off", "its beginning only", "no manifest"],
)
def test_a_document_that_was_cut_or_lacks_a_part_is_broken(sent: bytes) -> None:
    refused("brev.docx", sent, Broken)


def test_a_part_that_is_no_xml_is_broken() -> None:
    refused("brev.docx", docx(word___rels__a_dot_rels=b"<Relationships>"), Broken)
