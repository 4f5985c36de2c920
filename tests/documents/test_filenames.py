"""File names from citizens become harmless and stay recognisable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.documents.filenames import MAX_BYTES, numbered_name, safe_name

names = st.text(max_size=300) | st.text(alphabet="con.aux1/\\ \t\u0301e\u202e:æ😀", max_size=200)


@pytest.mark.parametrize(
    ("original", "safe"),
    [
        ("Vedtak om avslag.pdf", "Vedtak om avslag.pdf"),
        ("Åse Ødegård – brev nº 2 (kopi).PDF", "Åse Ødegård – brev nº 2 (kopi).PDF"),
        ("A\u030ase.pdf", "Åse.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ola\\brev.docx", "brev.docx"),
        ("mappe/..", "mappe"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("///", "file"),
        ("brev\x00.pdf\n", "brev.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ('hva: "nå"?.pdf', "hva_ _nå__.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("con" + "." * 300, "_con"),
        ("console.txt", "console.txt"),
        ("brev.pdf. . .", "brev.pdf"),
        ("a\u2003\u00a0b.txt", "a b.txt"),
        ("\ud800brev.pdf", "brev.pdf"),
    ],
)
def test_a_name_is_made_safe(original: str, safe: str) -> None:
    assert safe_name(original) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("ø" * 200 + ".jpeg")
    assert name.endswith("ø.jpeg")
    assert MAX_BYTES - 3 <= len(name.encode()) <= MAX_BYTES


def test_what_is_no_extension_is_cut_like_the_rest() -> None:
    assert safe_name("x." + "y" * 300) == "x." + "y" * (MAX_BYTES - 3)


def test_two_files_of_one_name_stay_two() -> None:
    assert numbered_name(1, "a.pdf") == "01-a.pdf"
    assert numbered_name(12, "a.pdf") == "12-a.pdf"
    assert len(numbered_name(100, "b" * 500 + ".pdf").encode()) <= MAX_BYTES


@given(names)
def test_no_name_is_dangerous_too_long_or_empty(original: str) -> None:
    name = safe_name(original)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not any(unicodedata.category(c).startswith("C") for c in name)
    assert unicodedata.is_normalized("NFC", name)
    assert name.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


@given(names)
def test_a_safe_name_is_left_as_it_is(original: str) -> None:
    once = safe_name(original)
    assert safe_name(once) == once


@given(names, st.integers(1, 120))
def test_a_numbered_name_is_safe_as_well(original: str, position: int) -> None:
    name = numbered_name(position, original)
    assert len(name.encode()) <= MAX_BYTES
    assert "/" not in name
