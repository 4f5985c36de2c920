"""Of a text everything is kept that can be seen, and nothing that makes it look like another."""

import pytest
from sample_answers import page
from test_question_types import Demanding, Every

INVISIBLE = ["\u200b", "\u200d\u2060", "\u202e \ufe0f", "\u2028", "\u00ad", "\u3164", "\u2800", "\ufeff"]


@pytest.mark.parametrize("blank", [" ", "\t", "\r\n\r\n", "\x00", "\xa0", *INVISIBLE])
def test_blanks_and_what_nobody_can_see_are_no_answer(blank: str) -> None:
    form = page(Demanding, {"name_of_person": blank, "story": blank})
    form.validate()
    assert form.name_of_person.errors == ["Write your name."]
    assert form.story.errors == ["Tell the story."]


def test_text_is_kept_as_typed_but_for_the_blanks_around_it() -> None:
    form = page(Every, {"story": "  Æ  ø\r\n\r\n<b>«ikke»</b> 🎈 \x07 & åå\n"})
    assert form.validate()
    assert form.to_json()["story"] == "Æ  ø\n\n<b>«ikke»</b> 🎈  & åå"


@pytest.mark.parametrize("made_by_no_keyboard", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\uffff"])
def test_characters_that_steer_a_terminal_are_left_out(made_by_no_keyboard: str) -> None:
    form = page(Every, {"story": f"red{made_by_no_keyboard}[31m"})
    assert form.to_json()["story"] == "red[31m"


@pytest.mark.parametrize("blank", [" ", "\x00", *INVISIBLE])
def test_an_optional_answer_that_nobody_can_see_is_an_empty_one(blank: str) -> None:
    typed = dict.fromkeys(("name_of_person", "story", "phone", "email", "number"), blank)
    form = page(Every, typed)
    assert form.validate(), form.errors
    assert {form.to_json()[name] for name in typed} == {None}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kari\r\nNordmann", "Kari Nordmann"),
        ("Kari\u2028Nordmann\u2029", "Kari Nordmann"),
        ("  Kari \t\xa0 Nordmann ", "Kari Nordmann"),
        ("\u202eKari\u2066 \u200bNord\u00admann\x07\ufeff", "Kari Nordmann"),
        ("Kari \u200b Nordmann", "Kari Nordmann"),
        ("\u200dKari \u200c\u200d Nordmann\u200c", "Kari Nordmann"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Kari 👩\u200d👧", "Kari 👩\u200d👧"),
        ("O'Brien-Åse Ĳ é e\u0301", "O'Brien-Åse Ĳ é e\u0301"),
    ],
)
def test_one_line_holds_one_line_of_what_can_be_seen(typed: str, kept: str) -> None:
    assert page(Every, {"name_of_person": typed}).to_json()["name_of_person"] == kept


@pytest.mark.parametrize("turning", [chr(one) for one in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_what_turns_the_order_of_words_is_left_out_of_every_text(turning: str) -> None:
    form = page(Every, {"name_of_person": f"a{turning}b", "story": f"a{turning}b"})
    assert form.to_json()["name_of_person"] == form.to_json()["story"] == "ab"


@pytest.mark.parametrize(
    "text", ["👩\u200d👩\u200d👧", "علی\u200cرضا", "🏴\U000e0067\U000e0062\U000e007f", "שלום\u200f!"]
)
def test_paragraphs_keep_what_holds_letters_and_emoji_together(text: str) -> None:
    assert page(Every, {"story": text}).to_json()["story"] == text


def test_every_kind_of_line_end_is_the_same_in_paragraphs() -> None:
    assert page(Every, {"story": "a\r\nb\rc\u2028d\u2029e"}).to_json()["story"] == "a\nb\nc\nd\ne"
