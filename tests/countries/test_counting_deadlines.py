"""Deadlines end where the law says, also over Easter, Christmas and 17 May."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.countries import (
    Confidence,
    Country,
    DayOff,
    Fact,
    Moved,
    NotAPeriod,
    OutsideCalendar,
    Unit,
    day_off,
    is_working_day,
    last_day,
    moved_because,
    rules_for,
    working_days_between,
)

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
COUNTRIES = st.sampled_from(list(Country))


def period(number: int, unit: Unit) -> Fact:
    return Fact(
        name="made up",
        value=number,
        unit=unit,
        source="no statute",
        address="https://example.org/",
        checked_on=date(2026, 11, 21),
        review_by=date(2027, 5, 21),
        confidence=Confidence.TO_CHECK,
    )


def easter(year: int) -> date:
    """The anonymous Gregorian computation (Meeus), independent of the package that the portal uses."""
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def holidays_by_hand(year: int, country: Country) -> set[date]:
    sunday = easter(year)
    moving = [-3, -2, 0, 1, 39, 49, 50]
    fixed = [(1, 1), (12, 25), (12, 26)]
    if country is Country.NORWAY:
        fixed += [(5, 1), (5, 17)]
    elif year < 2024:
        moving.append(26)
    return {sunday + timedelta(days=number) for number in moving} | {date(year, *day) for day in fixed}


@pytest.mark.parametrize("country", list(Country))
def test_working_days_of_every_year_agree_with_an_independent_easter(country: Country) -> None:
    for year in range(1990, 2101):
        free = holidays_by_hand(year, country)
        for number in range(366):
            day = date(year, 1, 1) + timedelta(days=number)
            if day.year == year:
                assert is_working_day(day, country) == (day.weekday() < 5 and day not in free), day


@pytest.mark.parametrize(
    ("start", "three", "four", "six"),
    [
        ("2026-11-02", "2026-11-23", "2026-11-30", "2026-12-14"),
        ("2026-11-07", "2026-11-30", "2026-12-07", "2026-12-21"),
        ("2026-11-27", "2026-12-18", "2026-12-28", "2027-01-08"),
        ("2026-12-04", "2026-12-28", "2027-01-04", "2027-01-15"),
        ("2027-04-08", "2027-04-29", "2027-05-07", "2027-05-20"),
        ("2027-04-19", "2027-05-10", "2027-05-18", "2027-05-31"),
    ],
)
def test_norwegian_appeals_end_on_the_days_worked_out_by_hand(start: str, three: str, four: str, six: str) -> None:
    rules = rules_for(Country.NORWAY)
    ends = [
        last_day(date.fromisoformat(start), rules.fact(name), Country.NORWAY).isoformat()
        for name in ("appeal_social", "appeal_health", "appeal_benefits")
    ]
    assert ends == [three, four, six]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-02", "2026-11-30"),
        ("2026-11-27", "2026-12-28"),
        ("2026-12-04", "2027-01-04"),
        ("2027-02-25", "2027-03-30"),
    ],
)
def test_danish_appeals_end_on_the_days_worked_out_by_hand(start: str, end: str) -> None:
    appeal = rules_for(Country.DENMARK).fact("appeal")
    assert last_day(date.fromisoformat(start), appeal, Country.DENMARK).isoformat() == end


@given(start=DAYS, weeks=st.integers(0, 60), country=COUNTRIES)
def test_weeks_end_on_the_same_weekday_or_on_the_first_working_day_after(
    start: date, weeks: int, country: Country
) -> None:
    fact = period(weeks, Unit.WEEKS)
    if (start + timedelta(weeks=weeks)).year > 2099:
        return
    end, moved = last_day(start, fact, country), moved_because(start, fact, country)
    counted = start + timedelta(weeks=weeks)
    assert is_working_day(end, country)
    between = [counted + timedelta(days=number) for number in range((end - counted).days)]
    assert not any(is_working_day(day, country) for day in between)
    assert (moved is None) == (end == counted)
    if moved:
        assert moved == Moved(counted=counted, reason=day_off(counted, country) or DayOff.OTHER_HOLIDAY)


@given(start=DAYS, more=st.integers(0, 400), fact=st.sampled_from(["appeal_health", "preliminary_answer"]))
def test_a_later_answer_never_gives_an_earlier_deadline(start: date, more: int, fact: str) -> None:
    rules = rules_for(Country.NORWAY)
    later = min(start + timedelta(days=more), date(2099, 12, 31))
    assert last_day(start, rules.fact(fact), Country.NORWAY) <= last_day(later, rules.fact(fact), Country.NORWAY)


@pytest.mark.parametrize(
    ("start", "number", "unit", "end"),
    [
        ("2027-01-31", 1, Unit.MONTHS, "2027-03-01"),
        ("2028-01-31", 1, Unit.MONTHS, "2028-02-29"),
        ("2026-11-30", 3, Unit.MONTHS, "2027-03-01"),
        ("2026-12-15", 1, Unit.MONTHS, "2027-01-15"),
        ("2028-02-29", 1, Unit.YEARS, "2029-02-28"),
        ("2026-11-20", 1, Unit.YEARS, "2027-11-22"),
        ("2026-11-02", 14, Unit.DAYS, "2026-11-16"),
        ("2026-11-07", 14, Unit.DAYS, "2026-11-23"),
        ("2026-11-20", 7, Unit.WORKING_DAYS, "2026-12-01"),
        ("2027-03-22", 7, Unit.WORKING_DAYS, "2027-04-05"),
    ],
)
def test_months_years_and_days_are_counted_as_people_count_them(start: str, number: int, unit: Unit, end: str) -> None:
    # 28 February 2027 is a Sunday, so the first and third end a day later than the clamped date.
    assert last_day(date.fromisoformat(start), period(number, unit), Country.DENMARK).isoformat() == end


@given(start=DAYS, number=st.integers(1, 30), country=COUNTRIES)
def test_working_days_are_counted_one_by_one(start: date, number: int, country: Country) -> None:
    end = last_day(start, period(number, Unit.WORKING_DAYS), country) if start.year < 2099 else None
    if end:
        passed = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
        assert sum(is_working_day(day, country) for day in passed) == number
        assert moved_because(start, period(number, Unit.WORKING_DAYS), country) is None


@pytest.mark.parametrize(
    ("day", "country", "reason"),
    [
        ("2026-01-01", Country.NORWAY, DayOff.NEW_YEARS_DAY),
        ("2026-04-02", Country.NORWAY, DayOff.MAUNDY_THURSDAY),
        ("2026-04-03", Country.DENMARK, DayOff.GOOD_FRIDAY),
        ("2026-04-05", Country.DENMARK, DayOff.EASTER_SUNDAY),
        ("2026-04-06", Country.NORWAY, DayOff.EASTER_MONDAY),
        ("2026-05-01", Country.NORWAY, DayOff.LABOUR_DAY),
        ("2026-05-01", Country.DENMARK, None),
        ("2027-05-17", Country.NORWAY, DayOff.CONSTITUTION_DAY),
        ("2027-05-17", Country.DENMARK, DayOff.WHIT_MONDAY),
        ("2023-05-05", Country.DENMARK, DayOff.PRAYER_DAY),
        ("2024-04-26", Country.DENMARK, None),
        ("2026-05-14", Country.NORWAY, DayOff.ASCENSION_DAY),
        ("2026-05-15", Country.DENMARK, None),
        ("2026-05-24", Country.NORWAY, DayOff.WHIT_SUNDAY),
        ("2026-06-05", Country.DENMARK, None),
        ("2026-12-24", Country.NORWAY, None),
        ("2026-12-24", Country.DENMARK, None),
        ("2026-12-25", Country.DENMARK, DayOff.CHRISTMAS_DAY),
        ("2026-12-26", Country.NORWAY, DayOff.SECOND_CHRISTMAS_DAY),
        ("2026-12-31", Country.DENMARK, None),
        ("2026-11-21", Country.NORWAY, DayOff.WEEKEND),
        ("2026-11-22", Country.DENMARK, DayOff.WEEKEND),
    ],
)
def test_a_day_off_has_a_name(day: str, country: Country, reason: DayOff | None) -> None:
    assert day_off(date.fromisoformat(day), country) is reason


def test_every_holiday_of_the_package_has_a_name_of_ours() -> None:
    for country in Country:
        for year in range(1990, 2101):
            days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
            assert DayOff.OTHER_HOLIDAY not in {day_off(day, country) for day in days}


def test_the_form_can_explain_a_moved_deadline() -> None:
    appeal = rules_for(Country.NORWAY).fact("appeal_health")
    assert moved_because(date(2027, 4, 8), appeal, Country.NORWAY) == Moved(
        counted=date(2027, 5, 6), reason=DayOff.ASCENSION_DAY
    )
    assert moved_because(date(2026, 11, 2), appeal, Country.NORWAY) is None


@pytest.mark.parametrize("name", ["age_adult", "appeal_body", "accompaniment"])
def test_what_is_no_period_has_no_last_day(name: str) -> None:
    with pytest.raises(NotAPeriod, match=name):
        last_day(date(2026, 11, 2), rules_for(Country.DENMARK).fact(name), Country.DENMARK)


@pytest.mark.parametrize("start", [date.min, date(1949, 12, 31), date(2100, 12, 24), date(5026, 11, 2), date.max])
def test_a_mistyped_year_is_a_named_error(start: date) -> None:
    for unit in (Unit.WEEKS, Unit.MONTHS, Unit.WORKING_DAYS):
        with pytest.raises(OutsideCalendar):
            last_day(start, period(12, unit), Country.NORWAY)


@pytest.mark.parametrize(
    ("start", "end", "country", "number"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), Country.NORWAY, 0),
        (date(2026, 11, 20), date(2026, 11, 22), Country.NORWAY, 0),
        (date(2026, 11, 20), date(2026, 11, 23), Country.NORWAY, 1),
        (date(2026, 12, 23), date(2027, 1, 4), Country.NORWAY, 6),
        (date(2026, 5, 15), date(2026, 5, 18), Country.NORWAY, 1),
        (date(2026, 5, 13), date(2026, 5, 18), Country.DENMARK, 2),
        (date(2026, 11, 23), date(2026, 11, 20), Country.DENMARK, 0),
    ],
)
def test_working_days_between_two_days_leave_out_weekends_and_holidays(
    start: date, end: date, country: Country, number: int
) -> None:
    assert working_days_between(start, end, country) == number
