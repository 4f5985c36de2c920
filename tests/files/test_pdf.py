"""A PDF is opened whole; what acts by itself is gone from the copy, wherever and however it was hidden."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from sample_files import pdf

from forms_app.files.facts import FileFlag
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import Broken, Encrypted, UploadRefused

WORDS = "Et brev fra legen"
MARK = b"app.alert"
FORM = "/AcroForm << /Fields [] /XFA (app.alert) >>"
ACTIVE = {
    "a script that runs on opening": (b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", ()),
    "a script under a disguised name": (b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>", ()),
    "a script behind a page number": (b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 6 0 R >>", (
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
    )),
    "a script in the name tree": (b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", (
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
    )),
    "a script deep inside arrays": (b"/Odd [[[<< /A << /S /JavaScript /JS (app.alert(1)) >> >>]]]", ()),
    "a web page fetched on opening": (b"/OpenAction << /S /URI /URI (app.alert) >>", ()),
    "a program that is started": (b"/Outlines << /First << /A << /S /Launch /F (app.alert) >> >> >>", ()),
    "an action on closing": (b"/AA << /WC << /S /Named /N (app.alert) >> >>", ()),
    "a form that sends itself": (b"/Odd << /S /SubmitForm /F (app.alert) >>", ()),
    "a form of another kind": (FORM.encode(), ()),
    "a file inside": (b"/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 6 0 R >> /F (a.exe) >>] >> >>", (
        b"<< /Length 9 >>\nstream\napp.alert\nendstream",
    )),
    "a file that belongs to a page": (b"/AF [<< /EF << /F 6 0 R >> >>]", (
        b"<< /Length 9 >>\nstream\napp.alert\nendstream",
    )),
    "a film": (b"/Odd << /Subtype /RichMedia /RichMediaContent (app.alert) >>", ()),
    "an attachment drawn as a pin": (b"/Odd << /Subtype /FileAttachment /FS (app.alert) >>", ()),
}  # fmt: skip
HARMLESS = {
    "a page to begin at": b"/OpenAction [3 0 R /Fit]",
    "a page to go to": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>",
    "a link to the web": b"/Odd << /Subtype /Link /A << /S /URI /URI (https://example.org) >> >>",
    "a font that happens to be called AA": b"/Odd << /Font << /AA 5 0 R /EF 5 0 R /JavaScript 5 0 R >> >>",
    "the word alone": b"/Odd (The script /JavaScript is explained here)",
    "a form to fill in": b"/AcroForm << /Fields [] >>",
}


def words_of(content: bytes) -> bytes:
    """What the page draws."""
    with pikepdf.open(io.BytesIO(content)) as document:
        (page,) = document.pages
        return page.Contents.read_bytes()


def everything_in(content: bytes) -> bytes:
    """The document with nothing packed, as if someone searched it."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(target, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


@pytest.mark.parametrize("what", ACTIVE)
def test_what_acts_by_itself_is_gone_from_the_copy_and_the_page_is_the_same(what: str) -> None:
    root, objects = ACTIVE[what]
    sent = pdf(WORDS.encode(), root=root, objects=objects)
    assert MARK in everything_in(sent)
    found = inspect("brev.pdf", sent)
    assert found.flags == {FileFlag.ACTIVE}
    assert found.cleaned
    assert MARK not in everything_in(found.cleaned)
    assert words_of(found.cleaned) == words_of(sent)
    assert inspect("brev.pdf", found.cleaned).cleaned is None


@pytest.mark.parametrize("what", HARMLESS)
def test_what_a_reader_must_press_and_what_only_looks_alike_is_left_alone(what: str) -> None:
    found = inspect("brev.pdf", pdf(root=HARMLESS[what]))
    assert (found.cleaned, found.flags) == (None, frozenset())


def test_a_script_packed_into_an_object_stream_is_found() -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.Root.OpenAction = document.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in target.getvalue()
    assert inspect("brev.pdf", target.getvalue()).flags == {FileFlag.ACTIVE}


def encrypted(*, user: str, owner: str) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(WORDS.encode()))) as document:
        document.save(target, encryption=pikepdf.Encryption(user=user, owner=owner))
    return target.getvalue()


def test_a_password_to_open_is_refused_and_one_against_printing_is_not() -> None:
    with pytest.raises(Encrypted):
        inspect("brev.pdf", encrypted(user="hemmelig", owner="hemmelig"))
    assert inspect("brev.pdf", encrypted(user="", owner="hemmelig")).cleaned is None


def test_a_lock_of_another_kind_is_refused_as_a_lock() -> None:
    locked = pdf().replace(b"/Root 1 0 R", b"/Encrypt << /Filter /Adobe.PubSec /V 4 >> /ID [(a) (a)] /Root 1 0 R")
    with pytest.raises(Encrypted):
        inspect("brev.pdf", locked)


def test_bytes_behind_the_end_are_mended_in_the_copy() -> None:
    sent = pdf(WORDS.encode()).replace(b"startxref\n", b"startxref\n9")
    found = inspect("brev.pdf", sent)
    assert found.flags == frozenset()
    assert found.cleaned
    assert words_of(found.cleaned) == words_of(sent)


@pytest.mark.parametrize(
    "sent",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        pdf()[:-60],
        pdf()[: len(pdf()) // 2],
        pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0     "),
        pdf().replace(b"/Pages 2 0 R", b"/Pages 9 0 R"),
    ],
)
def test_a_pdf_that_was_cut_or_has_no_page_is_broken(sent: bytes) -> None:
    with pytest.raises(Broken):
        inspect("brev.pdf", sent)


def test_a_pdf_that_unpacks_without_end_is_refused() -> None:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 << 20)) for unused_time in range(60)) + packer.flush()
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(root=b"/Odd 7 0 R"))) as document:
        document.Root.Odd = document.make_indirect(Dictionary(Odd=1))
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    bomb = target.getvalue()
    start = bomb.index(b"/ObjStm")
    begin, end = bomb.rindex(b"obj", 0, start) + 3, bomb.index(b"endobj", start)
    with pytest.raises(UploadRefused):
        inspect("brev.pdf", bomb[:begin] + head + b"\nstream\n" + packed + b"\nendstream\n" + bomb[end:])
