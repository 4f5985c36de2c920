"""References are told apart on the telephone, and a slip is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.references.reference import WrongReference, new_reference, parse_reference
from forms_app.references.symbols import ALPHABET


def test_a_reference_is_two_groups_of_four_and_is_read_back() -> None:
    for unused_time in range(200):
        reference = new_reference()
        assert [len(group) for group in reference.split("-")] == [4, 4]
        assert parse_reference(reference) == reference
        assert parse_reference(f" {reference.lower().replace('-', ' ')} ") == reference


def test_references_hardly_repeat() -> None:
    assert len({new_reference() for unused_time in range(1000)}) == 1000


def test_lookalikes_are_read_as_digits() -> None:
    reference = next(found for found in iter(new_reference, "") if "0" in found and "1" in found)
    assert parse_reference(reference.replace("0", "O").replace("1", "l")) == reference


def test_every_single_wrong_character_is_noticed() -> None:
    for unused_time in range(20):
        right = new_reference().replace("-", "")
        for position, letter in enumerate(right):
            for other in ALPHABET.replace(letter, ""):
                with pytest.raises(WrongReference):
                    parse_reference(right[:position] + other + right[position + 1 :])


def test_every_swap_of_two_characters_is_noticed() -> None:
    for unused_time in range(50):
        right = new_reference().replace("-", "")
        for first in range(8):
            for second in range(first + 1, 8):
                wrong = list(right)
                wrong[first], wrong[second] = wrong[second], wrong[first]
                if "".join(wrong) != right:
                    with pytest.raises(WrongReference):
                        parse_reference("".join(wrong))


@given(text=st.text(max_size=20))
def test_what_is_no_reference_is_refused_by_name(text: str) -> None:
    try:
        parsed = parse_reference(text)
    except WrongReference:
        return
    assert parse_reference(parsed) == parsed


@pytest.mark.parametrize("text", ["", "K7M2", "K7M2-9QXAA", "K7M2-9QXU", "ÅÅÅÅ-ÅÅÅÅ"])
def test_other_lengths_and_letters_are_refused(text: str) -> None:
    with pytest.raises(WrongReference):
        parse_reference(text)
