"""A draft's row is readable only with its code and only in its own place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.sealing.codes import Code
from forms_app.sealing.drafts import DraftUnreadable, decrypt, encrypt

CODE = Code.new()
ROW = encrypt(CODE.draft_key, b"answers", draft_id=CODE.draft_id, step="about-you")


def read(row: bytes, *, code: Code = CODE, draft_id: bytes = CODE.draft_id, step: str = "about-you") -> bytes:
    return decrypt(code.draft_key, row, draft_id=draft_id, step=step)


@given(plaintext=st.binary(max_size=500), step=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_encrypted_is_read_back(plaintext: bytes, step: str) -> None:
    row = encrypt(CODE.draft_key, plaintext, draft_id=CODE.draft_id, step=step)
    assert read(row, step=step) == plaintext
    assert len(row) == 12 + len(plaintext) + 16


def test_the_same_answers_never_look_the_same() -> None:
    rows = {encrypt(CODE.draft_key, b"answers", draft_id=CODE.draft_id, step="x") for unused_time in range(50)}
    assert len({row[:12] for row in rows}) == 50


def test_a_row_moved_to_another_step_is_refused() -> None:
    with pytest.raises(DraftUnreadable, match="about-child"):
        read(ROW, step="about-child")


def test_a_row_moved_to_another_draft_is_refused() -> None:
    with pytest.raises(DraftUnreadable):
        read(ROW, draft_id=Code.new().draft_id)


def test_another_code_cannot_read() -> None:
    with pytest.raises(DraftUnreadable):
        read(ROW, code=Code.new())


@given(place=st.integers(0, len(ROW) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(place: int, bit: int) -> None:
    changed = bytearray(ROW)
    changed[place] ^= 1 << bit
    with pytest.raises(DraftUnreadable):
        read(bytes(changed))


@given(kept=st.integers(0, len(ROW) - 1))
def test_a_cut_row_is_refused(kept: int) -> None:
    with pytest.raises(DraftUnreadable):
        read(ROW[:kept])


def test_id_and_step_cannot_be_read_as_another_pair() -> None:
    row = encrypt(CODE.draft_key, b"answers", draft_id=b"ab", step="cd")
    for draft_id, step in [(b"abc", "d"), (b"a", "bcd"), (b"", "abcd"), (b"abcd", "")]:
        with pytest.raises(DraftUnreadable):
            read(row, draft_id=draft_id, step=step)
