"""What each type of question makes of what was typed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sample_answers import context, page

from forms_app.countries import Country
from forms_app.forms.asked_once import NationalId
from forms_app.forms.definition import RowForm, ShadowedName, StepForm
from forms_app.forms.questions import (
    AnyOf,
    Day,
    Email,
    Line,
    Menu,
    OneOf,
    Option,
    Paragraphs,
    Phone,
    Tick,
    Upload,
)
from forms_app.forms.rows import Rows
from forms_app.language import Language, use

OPTIONS = [Option("red", "Red"), Option("blue", "Blue"), Option("green", "Green", only_in=Country.DENMARK)]


class Place(RowForm):
    place = Line("Place")
    phone = Phone("Phone")


class Every(StepForm):
    name_of_person = Line("Name")
    story = Paragraphs("Story")
    phone = Phone("Phone")
    email = Email("E-mail")
    number = NationalId("Number")
    day = Day("Day")
    colour = OneOf("Colour", options=OPTIONS)
    other_colour = Menu("Other colour", options=OPTIONS)
    colours = AnyOf("Colours", options=OPTIONS)
    agreed = Tick("I agree")
    places = Rows("Places", row_form=Place, row_title="Place", add_label="Add a place")
    files = Upload("Files")


class Demanding(StepForm):
    name_of_person = Line("Name", missing="Write your name.")
    story = Paragraphs("Story", missing="Tell the story.")
    day = Day("Day", missing="Write the day.")
    colour = OneOf("Colour", options=OPTIONS, missing="Choose a colour.")
    colours = AnyOf("Colours", options=OPTIONS, missing="Choose some colours.")
    agreed = Tick("I agree", missing="Tick the box.")
    places = Rows("Places", row_form=Place, row_title="Place", add_label="Add", missing="Name a place.")


def test_an_empty_page_is_complete_when_nothing_is_required() -> None:
    form = page(Every, {})
    assert form.validate()
    assert form.to_json() == {
        "name_of_person": None,
        "story": None,
        "phone": None,
        "email": None,
        "number": None,
        "day": None,
        "colour": None,
        "other_colour": None,
        "colours": [],
        "agreed": False,
        "places": [],
        "files": None,
    }


def test_what_is_required_is_asked_for_in_its_own_words() -> None:
    form = page(Demanding, {})
    assert not form.validate()
    assert form.errors == {
        "name_of_person": ["Write your name."],
        "story": ["Tell the story."],
        "day": ["Write the day."],
        "colour": ["Choose a colour."],
        "colours": ["Choose some colours."],
        "agreed": ["Tick the box."],
        "places": ["Name a place."],
    }


def test_text_without_end_is_refused_and_the_surplus_is_told() -> None:
    form = page(Every, {"name_of_person": "x" * 307})
    with use(Language.NB):
        assert not form.validate()
        assert "7" in form.name_of_person.errors[0]


@pytest.mark.parametrize(
    "typed", ["22 22 22 22", "+45 32 12 34 56", "(+46) 8-123 456 78", "0047 22222222", "22.22.22.22"]
)
def test_a_phone_number_of_any_country_is_kept_as_typed(typed: str) -> None:
    form = page(Every, {"phone": typed})
    assert form.validate(), form.errors
    assert form.to_json()["phone"] == typed


@pytest.mark.parametrize("typed", ["2", "ring me", "+47 1", "1" * 40])
def test_a_phone_number_that_cannot_exist_is_asked_about(typed: str) -> None:
    form = page(Every, {"phone": typed})
    assert not form.validate()
    assert list(form.errors) == ["phone"]


@pytest.mark.parametrize("typed", ["kari@example", "kari.example.org", "kari @example.org", "@"])
def test_an_address_that_cannot_exist_is_asked_about(typed: str) -> None:
    form = page(Every, {"email": typed})
    assert not form.validate()
    assert list(form.errors) == ["email"]


def test_a_number_that_looks_mistyped_is_asked_about_once_and_then_let_through() -> None:
    first = page(Every, {"number": "010190 12345"})
    assert not first.validate()
    assert list(first.errors) == ["number"]
    again = page(Every, {"number": "010190 12345", "number-asked": "010190 12345"})
    assert again.validate()
    assert again.to_json()["number"] == "010190 12345"


def test_another_wrong_number_is_asked_about_again() -> None:
    assert not page(Every, {"number": "010190 12346", "number-asked": "010190 12345"}).validate()


def test_a_demonstration_takes_made_up_numbers_without_asking() -> None:
    synthetic = {"number": "01811550031"}
    assert not page(Every, synthetic).validate()
    assert page(Every, synthetic, replace(context(), takes_test_numbers=True)).validate()


def test_a_danish_number_is_judged_by_danish_rules() -> None:
    assert page(Every, {"number": "010190-1234"}, context(Country.DENMARK)).validate()
    assert not page(Every, {"number": "010190-1234"}, context(Country.NORWAY)).validate()


def test_a_single_tick_is_true_and_none_is_false() -> None:
    assert page(Every, {"agreed": "y"}).to_json()["agreed"] is True
    assert page(Every, {}).to_json()["agreed"] is False
    assert page(Every, None).to_json()["agreed"] is False


def test_several_choices_come_in_the_order_of_the_form() -> None:
    form = Every({"colours": ["blue", "red"]}, context=context())
    assert form.validate()
    assert form.to_json()["colours"] == ["red", "blue"]
    assert form.colours.display(["red", "blue"]) == ("Red", "Blue")


def test_the_empty_line_of_a_menu_is_no_answer() -> None:
    form = page(Every, {"other_colour": ""})
    assert form.validate()
    assert form.to_json()["other_colour"] is None
    assert form.other_colour.summary_target == "other_colour"


@pytest.mark.parametrize("name", ["colour", "other_colour", "colours"])
def test_a_choice_that_was_never_offered_is_refused(name: str) -> None:
    for value in ("purple", "green"):
        form = page(Every, {name: value})
        assert not form.validate()
        assert list(form.errors) == [name]


def test_a_choice_of_one_country_is_offered_there_only() -> None:
    there = page(Every, {"colour": "green"}, context(Country.DENMARK))
    assert there.validate()
    assert there.colour.display("green") == ("Green",)
    assert "green" not in [value for value, unused_label in page(Every, None).colour.choices]


def test_a_question_of_one_country_is_asked_there_only() -> None:
    class Local(StepForm):
        here = Line("Here", only_in=Country.NORWAY, missing="Answer.")
        there = Line("There", only_in=Country.DENMARK)

    assert [question.name for question in page(Local, {}).questions()] == ["here"]
    assert page(Local, {}).knows("here")
    assert not page(Local, {}).knows("there")
    there = page(Local, {}, context(Country.DENMARK))
    assert there.validate()
    assert there.to_json() == {"there": None}


@pytest.mark.parametrize("name", ["data", "errors", "validate", "meta", "hidden_tag", "questions", "to_json"])
def test_a_question_cannot_be_named_like_a_part_of_the_form(name: str) -> None:
    with pytest.raises(ShadowedName, match=name):
        type("Shadowing", (StepForm,), {name: Line("Question")})


@pytest.mark.parametrize("name", ["data", "errors", "validate"])
def test_a_question_in_a_row_cannot_be_named_like_a_part_of_the_form(name: str) -> None:
    with pytest.raises(ShadowedName, match=name):
        type("Shadowing", (RowForm,), {name: Line("Question")})


FIRST_OF: list[tuple[str, str]] = [
    ("name_of_person", "name_of_person"),
    ("day", "day-day"),
    ("colour", "colour-0"),
    ("colours", "colours-0"),
    ("agreed", "agreed"),
]


@pytest.mark.parametrize(("name", "target"), FIRST_OF)
def test_the_error_summary_leads_to_what_can_take_focus(name: str, target: str) -> None:
    form = page(Demanding, {})
    form.validate()
    assert form[name].is_faulty
    assert form[name].summary_target == target


def test_an_answer_that_was_not_given_shows_nothing() -> None:
    form = page(Every, {})
    shown: dict[str, Callable[[Any], tuple[str, ...]]] = {one.name: one.display for one in form.questions()}
    empty = {name: display(form.to_json()[name]) for name, display in shown.items() if name != "agreed"}
    assert set(empty.values()) == {()}
