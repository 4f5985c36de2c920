"""A date is typed as day, month and year, and what cannot be a day is said beside the fields."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import TODAY, page

from forms_app.forms.checks import not_in_the_future
from forms_app.forms.definition import StepForm
from forms_app.forms.questions import Day
from forms_app.language import Language, use


class Dated(StepForm):
    any_day = Day("Any day")
    past_day = Day("A day that has been", checked=[not_in_the_future])


def day(typed: str, name: str = "any_day") -> dict[str, str]:
    """The three fields from "3 11 2026"; "." stands for a field left empty."""
    parts = ["" if part == "." else part for part in typed.split(" ")]
    return dict(zip([f"{name}-day", f"{name}-month", f"{name}-year"], parts, strict=True))


@pytest.mark.parametrize(
    "typed",
    [
        "31 2 2026",
        "29 2 2025",
        "0 1 2026",
        "1 13 2026",
        "3 november 2026",
        "x y z",
        "3 11 .",
        ". . 2026",
        "3 . 2026",
        "-3 11 2026",
        "3 11 20266",
    ],
)
def test_what_is_no_day_is_refused_with_help(typed: str) -> None:
    form = page(Dated, day(typed))
    assert not form.validate()
    assert list(form.errors) == ["any_day"]
    assert len(form.any_day.errors) == 1


def test_a_year_of_two_digits_is_asked_for_in_full() -> None:
    with use(Language.NB):
        form = page(Dated, day("3 11 26"))
        assert not form.validate()
        assert "2026" in form.any_day.errors[0]
        assert form.any_day.errors != page_errors("31 2 2026")


def page_errors(typed: str) -> list[str]:
    form = page(Dated, day(typed))
    form.validate()
    return list(form.any_day.errors)


def test_what_was_typed_stays_in_the_fields_when_it_is_wrong() -> None:
    form = page(Dated, day("31 2 26x"))
    form.validate()
    assert form.any_day.typed == {"day": "31", "month": "2", "year": "26x"}


def test_blanks_and_leading_zeros_do_not_matter() -> None:
    form = page(Dated, {"any_day-day": " 03", "any_day-month": "01 ", "any_day-year": " 2026 "})
    assert form.validate()
    assert form.to_json()["any_day"] == "2026-01-03"


def test_three_empty_fields_are_no_answer() -> None:
    form = page(Dated, day(". . ."))
    assert form.validate()
    assert form.to_json()["any_day"] is None


def test_today_has_been_and_tomorrow_has_not() -> None:
    assert page(Dated, day(f"{TODAY.day} {TODAY.month} {TODAY.year}", "past_day")).validate()
    form = page(Dated, day(f"{TODAY.day + 1} {TODAY.month} {TODAY.year}", "past_day"))
    assert not form.validate()
    assert list(form.errors) == ["past_day"]


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.NB, "3. november 2026"), (Language.NN, "3. november 2026"), (Language.DA, "3. november 2026")],
)
def test_a_day_is_shown_in_words(language: Language, words: str) -> None:
    with use(language):
        assert page(Dated, None).any_day.display("2026-11-03") == (words,)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dates(date(1850, 1, 1)))
def test_every_day_since_1850_is_sent_as_it_was_typed(chosen: date) -> None:
    form = page(Dated, day(f"{chosen.day} {chosen.month} {chosen.year}"))
    assert form.validate()
    assert form.to_json()["any_day"] == chosen.isoformat()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_nothing_that_is_typed_breaks_the_page(first: str, second: str, third: str) -> None:
    form = page(Dated, {"any_day-day": first, "any_day-month": second, "any_day-year": third})
    assert form.validate() is not form.any_day.is_faulty
