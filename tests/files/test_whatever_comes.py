"""Damaged, cut and mixed-up files: each is taken or refused by name, soon, and within the memory there is."""

import resource
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_files import HEIC, docx, odt, pdf, photo, picture, zipped

from forms_app.files.facts import Inspected
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import UploadRefused

SECONDS = 5
MEGABYTES = 300
WHOLE = [
    pdf(root=b"/OpenAction << /S /JavaScript /JS (1) >> /Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>"),
    pdf(root=b"/Odd [[[<< /AA << /O << /S /Launch >> >> >>]]] /AcroForm << /Fields [] /XFA [] >>"),
    photo(),
    photo(format="PNG"),
    photo(format="WEBP"),
    picture(format="GIF", comment=b"hei"),
    docx(relation=("hyperlink", "https://example.org", "External")),
    odt(scripts="<x/>"),
    zipped({"a": b"b"}),
    HEIC,
    b"tekst",
]
NAMES = ["a.pdf", "a.jpg", "a.png", "a.docx", "a.odt", "a.txt", "a", ""]
Change = tuple[float, bytes]


def changed(whole: bytes, changes: Sequence[Change], cut: float) -> bytes:
    """The file with some bytes written over and the end cut off, each place a share of its length."""
    content = bytearray(whole)
    for place, written in changes:
        at = int(place * len(content))
        content[at : at + len(written)] = written
    return bytes(content[: int(cut * len(content))])


def look_at(name: str, content: bytes) -> None:
    """Raises anything that is no refusal, and fails when it took long or much."""
    begun, used = time.monotonic(), _most_memory_used()
    try:
        assert isinstance(inspect(name, content), Inspected)
    except UploadRefused as refusal:
        _assert_tells_nothing_of_the_content(refusal)
    assert time.monotonic() - begun < SECONDS
    assert _most_memory_used() - used < MEGABYTES


def _assert_tells_nothing_of_the_content(refusal: UploadRefused) -> None:
    assert str(refusal) == ""
    assert refusal.__cause__ is None


def _most_memory_used() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


SHARE = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(st.tuples(SHARE, st.binary(min_size=1, max_size=6)), max_size=6)


@settings(max_examples=1500)
@given(
    name=st.sampled_from(NAMES),
    whole=st.sampled_from(WHOLE),
    changes=CHANGES,
    cut=st.one_of(st.just(1.0), SHARE),
)
def test_a_damaged_file_is_taken_or_refused_by_name(name: str, whole: bytes, changes: list[Change], cut: float) -> None:
    look_at(name, changed(whole, changes, cut))


@settings(max_examples=300)
@given(one=st.sampled_from(WHOLE), other=st.sampled_from(WHOLE), share=SHARE, name=st.sampled_from(NAMES))
def test_two_files_in_one_are_taken_or_refused_by_name(one: bytes, other: bytes, share: float, name: str) -> None:
    look_at(name, one[: int(share * len(one))] + other)
    look_at(name, one + other)


@settings(max_examples=300)
@given(name=st.text(max_size=20), content=st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused_by_name(name: str, content: bytes) -> None:
    look_at(name, content)


MEANT_TO_HURT = {
    "arrays in arrays.pdf": b"%PDF-" + b"[" * 100_000,
    "dictionaries in dictionaries.pdf": b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 100_000 + b"\n%%EOF",
    "a table of contents without end.docx": b"PK\x03\x04" + b"PK\x01\x02" * 5_000_000,
    "words.txt": b"a" * 25_000_000,
    "beginnings.jpg": b"\xff\xd8\xff" * 200_000,
    "an enormous screen.gif": b"GIF89a\xff\xff\xff\xff\x00\x00\x00" + b"," * 1_000_000,
}


@pytest.mark.parametrize("name", MEANT_TO_HURT)
def test_what_is_made_to_hurt_is_taken_or_refused_by_name(name: str) -> None:
    look_at(name, MEANT_TO_HURT[name])
