"""Words, dates, times and sizes in Bokmål, Nynorsk and Danish."""

import contextvars
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from forms_app.language import (
    Language,
    catalogue,
    catalogue_folder,
    current,
    format_date,
    format_moment,
    format_size,
    format_weekday,
    gettext,
    lazy_gettext,
    ngettext,
    pgettext,
    set_current,
    use,
)

NB, NN, DA = Language.NB, Language.NN, Language.DA
A_MONDAY = date(2026, 11, 30)
A_SUMMER_NIGHT = datetime(2026, 7, 1, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [(NB, "mandag 30. november 2026"), (NN, "måndag 30. november 2026"), (DA, "mandag den 30. november 2026")],
)
def test_a_day_of_the_week_is_named_as_people_name_it(language: Language, words: str) -> None:
    with use(language):
        assert format_weekday(A_MONDAY) == words
        assert format_date(A_MONDAY) == "30. november 2026"


@pytest.mark.parametrize(("language", "month"), [(NB, "1. mai 2027"), (NN, "1. mai 2027"), (DA, "1. maj 2027")])
def test_months_are_those_of_the_language(language: Language, month: str) -> None:
    with use(language):
        assert format_date(date(2027, 5, 1)) == month


@pytest.mark.parametrize(("language", "time"), [(NB, "00:05"), (NN, "00:05"), (DA, "00.05")])
def test_a_moment_is_told_in_the_citizens_own_zone(language: Language, time: str) -> None:
    with use(language):
        words = format_moment(A_SUMMER_NIGHT, "Europe/Oslo")
    assert words.startswith("2. juli 2026")
    assert words.endswith(time)


def test_winter_is_one_hour_from_utc() -> None:
    with use(NB):
        assert format_moment(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Copenhagen").endswith("00:30")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 kB"),
        (1, "1 kB"),
        (1499, "1 kB"),
        (25_400, "25 kB"),
        (999_400, "999 kB"),
        (999_500, "1 MB"),
        (1_250_000, "1,2 MB"),
        (25_000_000, "25 MB"),
    ],
)
def test_sizes_are_told_as_phones_tell_them(language: Language, size: int, words: str) -> None:
    with use(language):
        assert format_size(size) == words


def test_a_block_speaks_its_language_and_then_the_one_before() -> None:
    before = current()
    with use(DA):
        assert current() is DA
        with use(NN):
            assert current() is NN
        assert current() is DA
    assert current() is before


def speak_and_fail() -> None:
    with use(DA):
        raise ZeroDivisionError


def test_the_language_comes_back_after_an_error_too() -> None:
    before = current()
    with pytest.raises(ZeroDivisionError):
        speak_and_fail()
    assert current() is before


def test_a_request_keeps_its_language_to_itself() -> None:
    before = current()

    def request() -> Language:
        set_current(DA)
        return current()

    assert contextvars.copy_context().run(request) is DA
    assert current() is before


def test_the_same_message_in_three_languages() -> None:
    said = []
    for language in Language:
        with use(language):
            said.append(gettext("Not answered"))
    assert len(set(said)) >= 2
    assert "Not answered" not in said


def test_a_lazy_message_is_looked_up_each_time_it_is_shown() -> None:
    lazy = lazy_gettext("You can send the complaint after the deadline too.")
    with use(NB):
        bokmål = str(lazy)
    with use(DA):
        dansk = str(lazy)
    assert bokmål != dansk


@pytest.mark.parametrize("speak", [gettext, lambda message: pgettext("nowhere", message), lazy_gettext])
def test_a_message_without_translation_stays_as_it_is(speak: Callable[[str], str]) -> None:
    assert str(speak("100 % unheard of")) == "100 % unheard of"


def test_values_are_filled_in() -> None:
    with use(NN):
        assert gettext("%(count)s unheard of", count=3) == "3 unheard of"
        assert ngettext("%(num)d thing unheard of", "%(num)d things unheard of", 1) == "1 thing unheard of"
        assert ngettext("%(num)d thing unheard of", "%(num)d things unheard of", 2) == "2 things unheard of"


@pytest.mark.parametrize("language", list(Language))
def test_catalogues_come_from_this_checkout(language: Language) -> None:
    for domain in ("messages", "wtforms"):
        assert (catalogue_folder() / language / "LC_MESSAGES" / f"{domain}.po").is_file()
        assert catalogue(language, domain).ugettext("unheard of") == "unheard of"


def test_languages_are_named_in_their_own_words() -> None:
    assert [one.own_name for one in Language] == ["Bokmål", "Nynorsk", "Dansk"]
