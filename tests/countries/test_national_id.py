"""Identity numbers are judged softly. Every number here is made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.dk import cpr
from stdnum.no import fodselsnummer

from forms_app.countries import Country, Verdict, national_id

K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def norwegian(
    birth: date, individual: int, *, day_offset: int = 0, month_offset: int = 0, remainder: int = 0
) -> str | None:
    """A number with check digits worked out forwards, or None where the rule gives a 10 and leaves it out."""
    start = f"{birth.day + day_offset:02}{birth.month + month_offset:02}{birth.year % 100:02}{individual:03}"
    first = (remainder - sum(int(digit) * weight for digit, weight in zip(start, K1, strict=True))) % 11
    if first == 10:
        return None
    second = -sum(int(digit) * weight for digit, weight in zip(f"{start}{first}", K2, strict=True)) % 11
    return None if second == 10 else f"{start}{first}{second}"


BIRTHS = st.dates(date(1940, 1, 1), date(1999, 12, 31))
INDIVIDUALS = st.integers(0, 499)


def verdict(text: str, country: Country = Country.NORWAY, *, allow_test: bool = False) -> Verdict:
    return national_id.check(text, country, allow_test=allow_test)


@given(birth=BIRTHS, individual=INDIVIDUALS, day_offset=st.sampled_from([0, 40]))
def test_what_an_independent_library_accepts_we_accept(birth: date, individual: int, day_offset: int) -> None:
    number = norwegian(birth, individual, day_offset=day_offset)
    if number:
        assert fodselsnummer.is_valid(number)
        assert verdict(number) is Verdict.OK


@given(digits=st.text("0123456789", min_size=11, max_size=11))
def test_what_we_doubt_an_independent_library_refuses(digits: str) -> None:
    if verdict(digits) is Verdict.CHECK_AGAIN:
        assert not fodselsnummer.is_valid(digits)


@given(birth=BIRTHS, individual=st.integers(0, 999), remainder=st.integers(0, 10))
def test_the_first_check_digit_may_leave_0_to_3_from_2032(birth: date, individual: int, remainder: int) -> None:
    number = norwegian(birth, individual, remainder=remainder)
    if number:
        assert verdict(number) is (Verdict.OK if remainder <= 3 else Verdict.CHECK_AGAIN)


def test_the_example_of_the_2032_rule_is_accepted_where_others_refuse() -> None:
    assert verdict("01011550084") is Verdict.OK
    assert not fodselsnummer.is_valid("01011550084")


@pytest.mark.parametrize(
    ("day_offset", "month_offset", "real"),
    [
        (0, 0, True),
        (40, 0, True),
        (0, 40, True),
        (0, 80, False),
        (0, 65, False),
        (40, 80, False),
        (40, 40, False),
    ],
)
def test_synthetic_numbers_are_accepted_in_tests_only(day_offset: int, month_offset: int, real: bool) -> None:
    numbers = [
        norwegian(date(1990, 3, 5), individual, day_offset=day_offset, month_offset=month_offset)
        for individual in range(100, 120)
    ]
    assert any(numbers)
    for number in filter(None, numbers):
        assert verdict(number, allow_test=True) is Verdict.OK
        assert verdict(number) is (Verdict.OK if real else Verdict.CHECK_AGAIN)


def test_the_synthetic_example_is_for_tests_only() -> None:
    assert verdict("01811550031") is Verdict.CHECK_AGAIN
    assert verdict("01811550031", allow_test=True) is Verdict.OK


@given(birth=BIRTHS, individual=INDIVIDUALS, place=st.integers(9, 10), change=st.integers(1, 9))
def test_a_wrong_last_check_digit_is_noticed(birth: date, individual: int, place: int, change: int) -> None:
    number = norwegian(birth, individual)
    if number:
        wrong = (int(number[10]) + change) % 10
        assert verdict(f"{number[:10]}{wrong}") is Verdict.CHECK_AGAIN
        assert verdict(number[:place]) is Verdict.WRONG_FORM


@pytest.mark.parametrize("offset", [0, 40])
def test_a_day_that_does_not_exist_is_noticed_though_the_digits_fit(offset: int) -> None:
    class ThirtyFirstOfFebruary:
        day, month, year = 31, 2, 1990

    numbers = [norwegian(ThirtyFirstOfFebruary(), number, day_offset=offset) for number in range(100, 110)]  # type: ignore[arg-type]
    for number in filter(None, numbers):
        assert verdict(number, allow_test=True) is Verdict.CHECK_AGAIN


@pytest.mark.parametrize(
    "written", ["010115 50084", "010115-50084", " 010115\u00a050084 ", "01.01.15 50084", "010115\u201350084"]
)
def test_spaces_hyphens_and_points_do_not_matter(written: str) -> None:
    assert national_id.normalise(written) == "01011550084"
    assert verdict(written) is Verdict.OK


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("010115 50084", "01011550084"),
        ("010115-5008", "0101155008"),
        ("50084", None),
        ("11111111111", None),
        ("", None),
    ],
)
def test_a_number_of_either_country_is_recognised_and_no_part_of_one(text: str, number: str | None) -> None:
    assert national_id.recognised(text) == number


@pytest.mark.parametrize("text", ["", "venter barn", "0101155008", "010115500844", "٠١٠١١٥٥٠٠٨٤", "0101155008O"])
def test_what_is_not_eleven_digits_has_the_wrong_form(text: str) -> None:
    assert verdict(text) is Verdict.WRONG_FORM


@given(text=st.text(), country=st.sampled_from(list(Country)), allow_test=st.booleans())
def test_nothing_a_person_can_type_breaks_the_check(text: str, country: Country, allow_test: bool) -> None:
    assert verdict(text, country, allow_test=allow_test) in Verdict


@given(digits=st.text("0123456789", min_size=10, max_size=10))
def test_danish_numbers_are_accepted_where_an_independent_library_does(digits: str) -> None:
    if cpr.is_valid(digits):
        assert verdict(digits, Country.DENMARK) is Verdict.OK


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("010190-1234", Verdict.OK),
        ("010190 1234", Verdict.OK),
        ("610190-1234", Verdict.OK),
        ("910190-1234", Verdict.OK),
        ("290200-4000", Verdict.OK),
        ("290258-5000", Verdict.CHECK_AGAIN),
        ("290200-1000", Verdict.CHECK_AGAIN),
        ("290236-9000", Verdict.OK),
        ("280237-9000", Verdict.OK),
        ("290256-7000", Verdict.OK),
        ("320190-1234", Verdict.CHECK_AGAIN),
        ("010190-123", Verdict.WRONG_FORM),
        ("01019012345", Verdict.WRONG_FORM),
    ],
)
def test_danish_numbers_are_judged_by_their_date_alone(number: str, expected: Verdict) -> None:
    assert verdict(number, Country.DENMARK) is expected


def test_modulus_11_is_never_asked_of_a_danish_number() -> None:
    # Of ten numbers that differ in the last digit only, modulus 11 would accept at most one.
    assert {verdict(f"010107400{last}", Country.DENMARK) for last in range(10)} == {Verdict.OK}
