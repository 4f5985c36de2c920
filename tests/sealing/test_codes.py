"""The citizen's code survives handwriting, finds a typing error, and derives what it should."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from forms_app.references.symbols import ALPHABET
from forms_app.sealing import bech32
from forms_app.sealing.codes import Code, WrongCode
from forms_app.sealing.envelope import CannotOpen, open_envelope, seal_to_one

CODE = "7QK2-M9XA-0000-ZZZZ-1234-ABCD-EFAB"


def plain(code: Code) -> str:
    return code.shown.replace("-", "")


def wrong_group(text: str) -> int | None:
    with pytest.raises(WrongCode) as caught:
        Code.parse(text)
    return caught.value.group


def test_a_code_is_seven_groups_of_four_from_the_alphabet() -> None:
    groups = Code.new().shown.split("-")
    assert [len(group) for group in groups] == [4] * 7
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_codes_do_not_repeat() -> None:
    assert len({Code.new() for unused_time in range(500)}) == 500


def test_what_is_shown_is_read_back() -> None:
    for unused_time in range(200):
        code = Code.new()
        assert Code.parse(code.shown) == code


@given(
    seed=st.integers(0, 2**32),
    separator=st.sampled_from(["", " ", "-", "\u00a0", "\u200b", "\u2013", "\n", " - ", ", ", "/"]),
)
def test_a_code_is_read_as_people_write_it(seed: int, separator: str) -> None:
    code, rng = Code.new(), random.Random(seed)
    looks = {"0": "0oOøØ", "1": "1iIlL"}
    written = separator.join(
        "".join(rng.choice(looks.get(letter, letter + letter.lower())) for letter in group)
        for group in code.shown.split("-")
    )
    assert Code.parse(f" {written}\n") == code


def test_every_single_wrong_character_is_found_in_its_group() -> None:
    for unused_time in range(3):
        right = plain(Code.new())
        for position, letter in enumerate(right):
            for other in ALPHABET.replace(letter, ""):
                wrong = right[:position] + other + right[position + 1 :]
                assert wrong_group(wrong) == position // 4 + 1


@given(position=st.integers(0, 27), letter=st.sampled_from("UuÅ*€½"))
def test_a_character_outside_the_alphabet_is_found_in_its_group(position: int, letter: str) -> None:
    right = plain(Code.new())
    assert wrong_group(right[:position] + letter + right[position + 1 :]) == position // 4 + 1


def test_characters_outside_the_alphabet_in_two_groups_name_no_group() -> None:
    right = plain(Code.new())
    assert wrong_group("U" + right[1:27] + "U") is None


@given(
    places=st.lists(st.integers(0, 27), min_size=2, max_size=2, unique=True),
    shifts=st.tuples(st.integers(1, 31), st.integers(1, 31)),
)
def test_two_wrong_characters_are_always_noticed(places: list[int], shifts: tuple[int, int]) -> None:
    wrong = list(plain(Code.new()))
    for place, shift in zip(places, shifts, strict=True):
        wrong[place] = ALPHABET[(ALPHABET.index(wrong[place]) + shift) % 32]
    with pytest.raises(WrongCode):
        Code.parse("".join(wrong))


@given(position=st.integers(0, 26))
def test_two_neighbours_that_changed_places_are_noticed_and_blamed_on_no_group(position: int) -> None:
    right = plain(Code.new())
    first, second = right[position], right[position + 1]
    if first != second:
        assert wrong_group(right[:position] + second + first + right[position + 2 :]) is None


@pytest.mark.parametrize("text", ["", "ABCD", CODE[5:], CODE[1:-1], CODE + "-A", "ß" * 28, "-" * 28])
def test_a_code_of_another_length_is_refused_without_a_group(text: str) -> None:
    assert wrong_group(text) is None


@pytest.mark.parametrize("group", range(1, 8))
@pytest.mark.parametrize("typed", ["7QK", "7QK22", "7"])
@pytest.mark.parametrize("between", ["-", " ", " - "])
def test_a_group_that_lost_or_gained_a_character_is_named(group: int, typed: str, between: str) -> None:
    groups = CODE.split("-")
    groups[group - 1] = typed
    assert wrong_group(between.join(groups)) == group


@given(text=st.text())
def test_nothing_a_person_can_type_breaks_the_reading(text: str) -> None:
    with pytest.raises(WrongCode):
        Code.parse(text)


def test_neither_repr_nor_str_nor_the_error_shows_the_secret() -> None:
    code = Code.new()
    for group in code.shown.split("-"):
        assert group not in repr(code)
        assert group not in str(code)
    with pytest.raises(WrongCode) as caught:
        Code.parse("U" + plain(code)[1:])
    assert str(caught.value) == "group 1"


def test_everything_derived_is_stable_and_different_from_the_rest() -> None:
    code, other = Code.new(), Code.new()
    again = Code.parse(code.shown.lower())
    assert (again.draft_id, again.draft_key, again.public_half) == (
        code.draft_id,
        code.draft_key,
        code.public_half,
    )
    derived = [code.draft_id, code.draft_key, other.draft_id, other.draft_key]
    assert len(set(derived)) == 4
    assert {len(value) for value in derived} == {32}
    assert code.public_half != other.public_half


def test_what_a_known_code_derives_never_changes() -> None:
    # A change here would lock every citizen out of what they have sent.
    code = Code.parse("0123-4567-89AB-CDEF-GHJK-MNPQ-RSWX")
    assert code.draft_id.hex() == "17e02007673e4e16ad233d4819355ac960ae17f5c4a159255cc3847d5ccd4c23"
    assert code.draft_key.hex() == "be3c45d670804bef855178296ae028e2220a00e7e8b6d0736209d7ffa3ed46a7"
    assert code.public_half == "age1g5vp3r9r3rny2cwfch4x9hcsmljpqe0sy926ux69ze6292nz5evszgv7ur"


def test_only_the_code_opens_what_is_sealed_to_its_public_half() -> None:
    code = Code.new()
    envelope = seal_to_one("Vi har motteke søknaden".encode(), code.public_half)
    assert open_envelope(envelope, [code.age_identity]).decode() == "Vi har motteke søknaden"
    with pytest.raises(CannotOpen):
        open_envelope(envelope, [Code.new().age_identity])


@given(payload=st.binary(max_size=40))
def test_bech32_is_read_back_by_an_independent_decoder(payload: bytes) -> None:
    # BIP 173: the polynomial of a valid string leaves 1. Written here as division of polynomials over GF(32).
    text = bech32.encode("age-secret-key-", payload)
    prefix, unused_one, data = text.rpartition("1")
    fives = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(letter) for letter in data]
    bits = "".join(f"{five:05b}" for five in fives[:-6])
    assert prefix == "age-secret-key-"
    assert bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)) == payload
    assert set(bits[len(payload) * 8 :]) <= {"0"}


@given(payload=st.binary(min_size=32, max_size=32))
def test_age_reads_the_identities_we_encode(payload: bytes) -> None:
    text = bech32.encode("age-secret-key-", payload).upper()
    assert str(Identity.from_str(text)) == text


def test_bech32_writes_an_example_of_its_standard() -> None:
    assert bech32.encode("a", b"") == "a12uel5l"


def test_what_is_sent_later_has_a_code_of_its_own_that_is_always_the_same() -> None:
    code = Code.new()
    parts = [code.for_part("addition 1"), code.for_part("addition 2"), Code.new().for_part("addition 1")]
    assert code.for_part("addition 1") == parts[0]
    assert len({one.draft_id for one in (code, *parts)}) == len({one.public_half for one in (code, *parts)}) == 4
    for one in parts:
        assert Code.parse(one.shown) == one


def test_what_a_known_code_gives_its_parts_never_changes() -> None:
    code = Code.parse("0123-4567-89AB-CDEF-GHJK-MNPQ-RSWX")
    assert (
        code.for_part("addition 1").draft_id.hex() == "196de6434dba36100260b62f9faf1e367fa282af2066cbbeb5d9b2ead7cfcf6f"
    )
