"""The complaint form reckons the last day as the law does, shows it as help, and turns nobody away."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sample_answers import TODAY, context

from forms_app.countries import Country, DayOff, Unit, last_day, rules_for
from forms_app.forms.appeal import ALL_APPEAL_FACTS, APPEAL_FACTS, appeal_deadlines, is_late
from forms_app.forms.application import APPLICATION
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.context import Context
from forms_app.forms.days_off import DAYS_OFF
from forms_app.forms.definition import GOES_ON
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.forms.text import say
from forms_app.language import Language, format_weekday, use
from forms_app.municipality import ProcessingTime

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK

NORWEGIAN_CALENDAR = [
    ("2026-11-02", "2026-11-23", "2026-11-30", "2026-12-14"),
    ("2026-11-07", "2026-11-30", "2026-12-07", "2026-12-21"),
    ("2026-11-27", "2026-12-18", "2026-12-28", "2027-01-08"),
    ("2026-12-04", "2026-12-28", "2027-01-04", "2027-01-15"),
    ("2027-04-08", "2027-04-29", "2027-05-07", "2027-05-20"),
    ("2027-04-19", "2027-05-10", "2027-05-18", "2027-05-31"),
]
"""The day the answer came, and the last day of three, four and six weeks."""
DANISH_CALENDAR = [
    ("2026-11-02", "2026-11-30"),
    ("2026-11-27", "2026-12-28"),
    ("2026-12-04", "2027-01-04"),
    ("2027-02-25", "2027-03-30"),
]


def help_for(known: Context) -> list[str]:
    (step,) = (step for step in COMPLAINT.steps if step.key == "deadline")
    assert step.help
    return step.help(known)


@pytest.mark.parametrize(("came", "social", "health", "benefits"), NORWEGIAN_CALENDAR)
def test_whoever_is_unsure_in_norway_sees_all_three_deadlines(
    came: str, social: str, health: str, benefits: str
) -> None:
    known = context(NORWAY, service="unsure", received_date=came)
    assert list(appeal_deadlines(known).values()) == [date.fromisoformat(day) for day in (social, health, benefits)]
    with use(Language.NB):
        lines = help_for(known)
        for line, day, weeks in zip(lines, (social, health, benefits), (3, 4, 6), strict=False):
            assert format_weekday(date.fromisoformat(day)) in line
            assert f"{weeks} uker" in line


@pytest.mark.parametrize(("came", "social", "health", "benefits"), NORWEGIAN_CALENDAR)
def test_each_norwegian_service_has_its_own_deadline(came: str, social: str, health: str, benefits: str) -> None:
    for service, day in {"social": social, "health": health, "benefits": benefits}.items():
        known = context(NORWAY, service=service, received_date=came)
        assert list(appeal_deadlines(known).values()) == [date.fromisoformat(day)]


@pytest.mark.parametrize("service", ["social_dk", "committee", "unsure"])
@pytest.mark.parametrize(("came", "last"), DANISH_CALENDAR)
def test_denmark_has_one_deadline(service: str, came: str, last: str) -> None:
    known = context(DENMARK, service=service, received_date=came)
    assert list(appeal_deadlines(known).values()) == [date.fromisoformat(last)]
    with use(Language.DA):
        assert format_weekday(date.fromisoformat(last)) in help_for(known)[0]
        assert "4 uger" in help_for(known)[0]


def test_the_day_the_answer_came_counts_before_the_date_of_the_letter() -> None:
    both = context(service="health", letter_date="2026-11-02", received_date="2026-11-07")
    assert appeal_deadlines(both) == {"appeal_health": date(2026, 12, 7)}


@pytest.mark.parametrize(
    ("language", "later"),
    [(Language.NB, "eller senere"), (Language.NN, "eller seinare"), (Language.DA, "eller senere")],
)
def test_from_the_date_of_the_letter_alone_the_last_day_may_be_later(language: Language, later: str) -> None:
    with use(language):
        from_letter = help_for(context(service="health", letter_date="2026-11-02"))
        from_arrival = help_for(context(service="health", received_date="2026-11-02"))
        assert format_weekday(date(2026, 11, 30)) in from_letter[0]
        assert later in from_letter[0]
        assert later not in from_arrival[0]


@pytest.mark.parametrize("language", list(Language))
def test_without_a_date_the_times_are_told(language: Language) -> None:
    with use(language):
        times = [rules_for(NORWAY).fact(name).phrase(language) for name in ALL_APPEAL_FACTS[NORWAY]]
        (all_of_them, late) = help_for(context(service="unsure"))
        assert all(time in all_of_them for time in times)
        assert f"{times[1]} eller {times[2]}" in all_of_them
        (only_one, also_late) = help_for(context(service="social"))
        assert times[0] in only_one
        assert times[1] not in only_one
        assert late == also_late


@pytest.mark.parametrize("started", ["1850-01-01", "1949-12-31", "2101-01-01"])
def test_a_date_outside_every_calendar_is_treated_as_none(started: str) -> None:
    known = context(service="health", received_date=started)
    assert appeal_deadlines(known) == {}
    assert not is_late(known)
    assert help_for(known) == help_for(context(service="health"))


def on(today: str, **answers: Any) -> Context:
    return context(today=date.fromisoformat(today), **answers)


def test_a_complaint_is_in_time_on_its_last_day_and_late_the_day_after() -> None:
    answers = {"service": "health", "received_date": "2026-11-02"}
    assert not is_late(on("2026-11-30", **answers))
    assert is_late(on("2026-12-01", **answers))
    assert COMPLAINT.tell_flags(on("2026-11-30", **answers)) == frozenset()
    assert COMPLAINT.tell_flags(on("2026-12-01", **answers)) == {"late"}


def test_who_is_unsure_is_late_only_when_the_longest_deadline_has_passed() -> None:
    answers = {"service": "unsure", "received_date": "2026-11-02"}
    assert not is_late(on("2026-12-14", **answers))
    assert is_late(on("2026-12-15", **answers))


def test_without_a_date_nothing_is_late() -> None:
    assert not is_late(context(service="health"))


@pytest.mark.parametrize("country", list(Country))
def test_the_date_of_the_letter_alone_never_makes_a_complaint_late(country: Country) -> None:
    known = context(country, service="unsure", letter_date="2025-01-02")
    in_time = context(country, service="unsure", received_date=TODAY.isoformat())
    assert not is_late(known)
    assert COMPLAINT.tell_flags(known) == frozenset()
    assert COMPLAINT.obligations(known) == COMPLAINT.obligations(in_time)
    with use(Language.NB):
        assert [say(one, known) for one in COMPLAINT.next_steps] == [say(one, in_time) for one in COMPLAINT.next_steps]


def test_denmark_reassesses_when_the_day_the_letter_came_is_not_known() -> None:
    letter = {"service": "social_dk", "letter_date": "2026-10-20"}
    assert COMPLAINT.obligations(context(DENMARK, **letter)) == ("reassessment",)
    assert COMPLAINT.obligations(context(DENMARK, received_date="2026-10-20", **letter)) == ()


@pytest.mark.parametrize(
    ("language", "maybe", "anyway"),
    [
        (Language.NB, "kan være ute", "likevel"),
        (Language.NN, "kan vere ute", "likevel"),
        (Language.DA, "kan være overskredet", "alligevel"),
    ],
)
def test_from_the_date_of_the_letter_alone_the_deadline_may_have_passed(
    language: Language, maybe: str, anyway: str
) -> None:
    with use(language):
        last = help_for(context(DENMARK, service="social_dk", letter_date="2026-10-20"))[-1]
        assert maybe in last
        assert anyway in last
        assert maybe not in help_for(context(DENMARK, service="social_dk", letter_date="2026-11-02"))[-1]


@pytest.mark.parametrize("country", list(Country))
def test_whoever_is_late_is_told_to_send_it_anyway(country: Country) -> None:
    with use(Language.NB):
        (*unused_lines, last) = help_for(context(country, service="unsure", received_date="2025-01-02"))
        assert "likevel" in last
        expected = {NORWAY: "1 år", DENMARK: "Ankestyrelsen"}[country]
        assert expected in last


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("country", list(Country))
def test_the_letter_is_always_said_to_count_before_the_reckoned_day(country: Country, language: Language) -> None:
    with use(language):
        lines = help_for(context(country, service="unsure", received_date=TODAY.isoformat()))
        assert len(lines) == len(ALL_APPEAL_FACTS[country]) + 2
        assert "brev" in lines[-2].lower()


@pytest.mark.parametrize("country", list(Country))
def test_every_service_has_a_deadline_that_is_in_the_law(country: Country) -> None:
    (service,) = (step.form(None, context=context(country)) for step in COMPLAINT.steps if step.key == "service")
    offered = {option.value for option in service.service.options}
    for value in offered - {"unsure"}:
        assert all(name in rules_for(country).facts for name in APPEAL_FACTS[value])
    assert "unsure" in offered
    # Whoever is unsure is told every time there is; two facts that say the same are told once.
    facts = rules_for(country).facts
    told = {facts[name].phrase(Language.NB) for name in ALL_APPEAL_FACTS[country]}
    assert {facts[name].phrase(Language.NB) for value in offered - {"unsure"} for name in APPEAL_FACTS[value]} == told


@pytest.mark.parametrize(
    ("country", "answers", "expected"),
    [
        (NORWAY, {"service": "health"}, ()),
        (DENMARK, {"service": "social_dk"}, ("reassessment",)),
        (DENMARK, {"service": "unsure"}, ("reassessment",)),
        (DENMARK, {"service": "committee"}, ()),
        (DENMARK, {"service": "social_dk", "received_date": "2025-01-02"}, ()),
    ],
)
def test_the_danish_municipality_must_reassess_what_it_decides_itself(
    country: Country, answers: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert COMPLAINT.obligations(context(country, **answers)) == expected
    assert all(name in rules_for(country).facts for name in expected)


@pytest.mark.parametrize(
    ("country", "answers", "body"),
    [
        (NORWAY, {"service": "health"}, "Statsforvalteren"),
        (NORWAY, {"service": "benefits"}, "NAV"),
        (DENMARK, {"service": "committee"}, "Ankestyrelsen"),
        (DENMARK, {"service": "social_dk"}, "Ankestyrelsen"),
        (DENMARK, {"service": "social_dk", "received_date": "2025-01-02"}, "Ankestyrelsen"),
    ],
)
def test_the_citizen_is_told_who_decides(country: Country, answers: dict[str, str], body: str) -> None:
    with use(Language.NB):
        assert body in " ".join(say(one, context(country, **answers)) for one in COMPLAINT.next_steps)


@pytest.mark.parametrize(
    ("country", "service", "came", "language", "reason"),
    [
        (NORWAY, "health", "2026-11-27", Language.NB, "fredag 25. desember 2026 (første juledag)"),
        (NORWAY, "health", "2027-04-08", Language.NN, "torsdag 6. mai 2027 (Kristi himmelfartsdag)"),
        (NORWAY, "health", "2026-11-07", Language.NB, "lørdag 5. desember 2026 (helg)"),
        (DENMARK, "social_dk", "2027-02-25", Language.DA, "torsdag den 25. marts 2027 (skærtorsdag)"),
        (DENMARK, "committee", "2026-12-04", Language.DA, "fredag den 1. januar 2027 (nytårsdag)"),
    ],
)
def test_a_deadline_that_moves_says_why(
    country: Country, service: str, came: str, language: Language, reason: str
) -> None:
    with use(language):
        assert reason in help_for(context(country, service=service, received_date=came))[0]


def test_a_deadline_that_does_not_move_says_nothing_of_it() -> None:
    with use(Language.NB):
        assert "(" not in help_for(context(NORWAY, service="health", received_date="2026-11-02"))[0]


@pytest.mark.parametrize("language", list(Language))
def test_every_day_off_has_a_name_in_every_language(language: Language) -> None:
    with use(language):
        assert all(str(DAYS_OFF[day]) for day in DayOff)
    assert set(DAYS_OFF) == set(DayOff)


@pytest.mark.parametrize("service", ["health", "benefits"])
def test_the_municipality_s_own_target_is_the_same_for_every_complaint(service: str) -> None:
    """What a complaint is about must not be read off the date that stands unsealed."""
    target = ProcessingTime(number=6, unit=Unit.WEEKS)
    known = context(service=service, municipality="bjornafjorden")
    places = tuple(replace(one, complaint_target=target) for one in known.municipalities)
    assert COMPLAINT.own_targets(known) == ()
    (found,) = COMPLAINT.own_targets(replace(known, municipalities=places))
    assert (found.name, found.number, found.unit) == (COMPLAINT_TARGET, 6, Unit.WEEKS)
    assert last_day(date(2026, 11, 22), found, Country.NORWAY) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("country", "service", "goes_on"),
    [
        (Country.NORWAY, "health", False),
        (Country.NORWAY, "benefits", True),
        (Country.DENMARK, "social_dk", False),
        (Country.DENMARK, "committee", True),
    ],
)
def test_the_sealed_summary_says_whether_a_complaint_is_for_others_from_the_start(
    country: Country, service: str, goes_on: bool
) -> None:
    assert COMPLAINT.summary(context(country, service=service))[GOES_ON] is goes_on
    assert APPLICATION.summary(context(country))[GOES_ON] is False
