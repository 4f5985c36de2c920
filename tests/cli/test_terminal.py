"""What a citizen wrote neither steers the terminal nor passes for a line of ours."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.cli.terminal import harmless, harmless_blocks, one_line
from forms_app.documents.blocks import Answered, Block, Heading, Paragraph

DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
anything = st.text(st.characters(exclude_categories=[])) | st.text("\x1b\n\r\t\x85\u202e\u2028\u2066\ud800 a\u200d")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Åse Ødegård «&» 🙂 👩\u200d👧", "Åse Ødegård «&» 🙂 👩\u200d👧"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202egpj.exe", "a\\u202egpj.exe"),
        ("a\u2028b\u2029", "a\\u2028b\\u2029"),
        ("a\nb\tc\x9b", "a\\nb\\tc\\x9b"),
        ("\u061c\u200f\u2069\udcff", "\\u061c\\u200f\\u2069\\udcff"),
    ],
)
def test_what_steers_is_written_out_and_the_rest_is_left(typed: str, shown: str) -> None:
    assert harmless(typed) == shown


def test_a_cell_of_a_list_has_no_columns_or_lines_of_its_own() -> None:
    assert one_line(" Åse\n\nABCD-2345  \u2028\xa0\u3000x\x1b ") == "Åse ABCD-2345 x\\x1b"


@given(anything)
def test_nothing_that_steers_is_left(typed: str) -> None:
    for shown in (harmless(typed), one_line(typed)):
        assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Zl", "Zp"}
        assert not {unicodedata.bidirectional(c) for c in shown} & DIRECTIONS
        assert len(shown.splitlines()) <= 1
    assert "  " not in one_line(typed)


def test_the_lines_of_an_answer_stay_lines() -> None:
    blocks: list[Block] = [Heading("H\n", "step"), Paragraph("P\x1b"), Answered("Q\r", ("one", "two\nforged", ""))]
    assert list(harmless_blocks(blocks)) == [
        Heading("H\\n", "step"),
        Paragraph("P\\x1b"),
        Answered("Q\\r", ("one", "two\\nforged", "")),
    ]
