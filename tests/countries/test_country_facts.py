"""Legal facts: every one is there, whole, and said right in each language."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import holidays
import phonenumbers
import pytest

from forms_app.countries import (
    BadEntry,
    Confidence,
    Country,
    NotANumber,
    Unit,
    UnknownFact,
    read_rules,
    rules_for,
)
from forms_app.language import Language

NORWAY = """
    appeal_health=4 weeks, appeal_social=3 weeks, appeal_benefits=6 weeks, appeal_latest=1 years,
    resend_within=1 weeks, preliminary_answer=1 months, full_decision_after=2 weeks, ombud_latest=1
    years, costs_claim=3 weeks, age_heard=7 age, age_weight=12 age, age_party=12 age,
    age_own_notices=15 age, age_child_welfare=15 age, age_health=16 age, age_adult=18 age,
    age_agent=18 age, age_child_coordinator_until=18 age, age_helsenorge_giver=16 age,
    age_helsenorge_receiver=18 age, lasting_witnesses=2 count, age_own_papers=15 age, lasting_age=18 age,
    appeal_goal=3 months, notice_again=1 weeks
"""
DENMARK = """
    appeal=4 weeks, reassessment=4 weeks, reassessment_short=14 days, partial_reply=4 weeks,
    forward_after_reply=14 days, ombudsman_latest=1 years, access_decision=7 working_days,
    access_left=14 days, written_reasons=14 days, child_plan=3 months, youth_plan=3 months,
    family_guide=3 months, accompaniment=15 hours, age_accompaniment=12 age, age_youth_plan=16 age,
    age_youth_support_until=23 age, age_party=10 age, age_consent=15 age, age_digital_post=15 age,
    age_adult=18 age, age_companion=15 age, family_guide_age_until=18 age, appeal_committee=4 weeks,
    age_digital_power=15 age, age_joint_plan=16 age, age_joint_plan_until=24 age
"""
NAMES = {
    Country.NORWAY: {
        "appeal_body", "appeal_body_benefits", "emergency", "out_of_hours", "child_alarm", "ombud", "patient_ombud",
        "equality_ombud", "data_authority", "accessibility_authority",
    },
    Country.DENMARK: {
        "appeal_body", "emergency", "ombudsman", "advice", "family_court", "data_authority", "accessibility_authority",
    },
}  # fmt: skip


def numbers(table: str) -> list[tuple[str, int, str]]:
    return [(name, int(value), unit) for name, value, unit in re.findall(r"(\w+)=(\d+)\s+(\w+)", table)]


@pytest.mark.parametrize(("country", "table"), [(Country.NORWAY, NORWAY), (Country.DENMARK, DENMARK)])
def test_every_number_of_the_law_is_there_with_its_unit(country: Country, table: str) -> None:
    rules = rules_for(country)
    assert [
        (name, rules.fact(name).number, rules.fact(name).unit) for name, unused_value, unused_unit in numbers(table)
    ] == numbers(table)
    assert rules.facts.keys() == {name for name, *unused_rest in numbers(table)} | NAMES[country]


@pytest.mark.parametrize("country", list(Country))
def test_every_fact_says_where_it_comes_from_and_when_to_look_again(country: Country) -> None:
    rules = rules_for(country)
    for fact in rules.facts.values():
        assert fact.address.startswith("https://"), fact.name
        assert fact.checked_on == date(2026, 11, 21), fact.name
        assert fact.checked_on < fact.review_by <= date(2027, 5, 21), fact.name
        if (key := fact.source.split()[0]) in rules.statutes:
            assert fact.address == rules.statutes[key].address, fact.name
            assert fact.confidence is Confidence.STATUTE, fact.name
        else:
            assert fact.confidence is not Confidence.STATUTE, fact.name


def test_what_changes_at_new_year_is_looked_at_by_new_year() -> None:
    assert rules_for(Country.NORWAY).fact("appeal_benefits").review_by == date(2027, 1, 1)
    assert "2027-01-01" in rules_for(Country.NORWAY).fact("appeal_benefits").note


def test_facts_of_the_law_that_is_about_to_be_replaced_are_looked_at_sooner() -> None:
    for fact in rules_for(Country.NORWAY).facts.values():
        if "FVL67" in fact.source or "BL81" in fact.source:
            assert fact.review_by <= date(2027, 2, 21), fact.name


@pytest.mark.parametrize(
    ("country", "name", "nb", "nn", "da"),
    [
        (Country.NORWAY, "appeal_health", "4 uker", "4 veker", "4 uger"),
        (Country.NORWAY, "resend_within", "1 uke", "1 veke", "1 uge"),
        (Country.NORWAY, "preliminary_answer", "1 måned", "1 månad", "1 måned"),
        (Country.NORWAY, "appeal_latest", "1 år", "1 år", "1 år"),
        (Country.NORWAY, "age_health", "16 år", "16 år", "16 år"),
        (Country.NORWAY, "lasting_witnesses", "2", "2", "2"),
        (Country.NORWAY, "appeal_body", "Statsforvalteren", "Statsforvaltaren", "Statsforvalteren"),
        (Country.NORWAY, "out_of_hours", "116 117", "116 117", "116 117"),
        (Country.DENMARK, "child_plan", "3 måneder", "3 månader", "3 måneder"),
        (Country.DENMARK, "written_reasons", "14 dager", "14 dagar", "14 dage"),
        (Country.DENMARK, "access_decision", "7 virkedager", "7 yrkedagar", "7 arbejdsdage"),
        (Country.DENMARK, "accompaniment", "15 timer", "15 timar", "15 timer"),
        (Country.DENMARK, "appeal_body", "Ankestyrelsen", "Ankestyrelsen", "Ankestyrelsen"),
    ],
)
def test_a_fact_is_said_in_the_words_of_each_language(country: Country, name: str, nb: str, nn: str, da: str) -> None:
    fact = rules_for(country).fact(name)
    assert [fact.phrase(language) for language in Language] == [nb, nn, da]


def test_one_day_is_said_in_the_singular() -> None:
    rules = read_rules(Country.DENMARK, changed("unit", '"working_days"', value="1"))
    assert rules.fact("appeal").phrase(Language.DA) == "1 arbejdsdag"


@pytest.mark.parametrize("country", list(Country))
def test_a_country_knows_its_clock_and_its_word_for_an_identity_number(country: Country) -> None:
    rules = rules_for(country)
    assert ZoneInfo(rules.time_zone).key in ("Europe/Oslo", "Europe/Copenhagen")
    assert set(rules.national_id_name) == set(Language)
    assert rules is rules_for(country)


def test_an_unknown_fact_is_named() -> None:
    with pytest.raises(UnknownFact, match="denmark: appeal_health"):
        rules_for(Country.DENMARK).fact("appeal_health")


def test_a_name_has_no_number() -> None:
    with pytest.raises(NotANumber, match="appeal_body"):
        unused_number = rules_for(Country.NORWAY).fact("appeal_body").number


WHOLE = {
    "value": "4",
    "unit": '"weeks"',
    "source": '"RSL § 67"',
    "address": '"https://www.retsinformation.dk/eli/lta/2025/354"',
    "checked_on": "2026-11-21",
    "review_by": "2027-05-21",
    "confidence": '"A"',
}
REST = """
[statutes.RSL]
title = "Lov"
address = "https://www.retsinformation.dk/eli/lta/2025/354"
version = "LBK 354/2025"
checked_on = 2026-11-21
"""
TOP = """
time_zone = "Europe/Copenhagen"
region_code = "DK"
national_id_name = { nb = "a", nn = "b", da = "c" }
"""


def changed(field: str | None = None, text: str | None = None, **others: str) -> str:
    """The text of a small country file with one field replaced, or left out when `text` is None."""
    entry = {**WHOLE, **others}
    if field and text is None:
        del entry[field]
    elif field and text is not None:
        entry[field] = text
    return TOP + "[facts.appeal]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items()) + REST


@pytest.mark.parametrize("country", list(Country))
def test_a_country_has_a_code_that_names_its_telephones_and_its_holidays(country: Country) -> None:
    code = rules_for(country).region_code
    assert code in phonenumbers.SUPPORTED_REGIONS
    assert code in holidays.list_supported_countries()


def test_a_whole_entry_is_read() -> None:
    fact = read_rules(Country.DENMARK, changed()).fact("appeal")
    assert (fact.number, fact.unit, fact.note) == (4, Unit.WEEKS, "")


@pytest.mark.parametrize("field", WHOLE)
def test_a_fact_that_lacks_a_field_is_refused_by_name(field: str) -> None:
    with pytest.raises(BadEntry, match=f"appeal: {field}"):
        read_rules(Country.DENMARK, changed(field))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value", "true"),
        ("value", "4.5"),
        ("value", '""'),
        ("value", '"four"'),
        ("unit", '"none"'),
        ("unit", '"fortnights"'),
        ("source", '""'),
        ("source", '"ABC § 1"'),
        ("source", '"RSL § 67; ABC § 1"'),
        ("address", '"retsinformation.dk"'),
        ("checked_on", '"2026-11-21"'),
        ("review_by", "5"),
        ("confidence", '"D"'),
        ("surprise", "1"),
    ],
)
def test_a_fact_with_a_wrong_field_is_refused(field: str, text: str) -> None:
    with pytest.raises(BadEntry, match="appeal"):
        read_rules(Country.DENMARK, changed(field, text))


@pytest.mark.parametrize("names", ['{ nb = "a", nn = "b" }', '{ nb = "a", nn = "b", da = 3 }'])
def test_a_name_that_is_missing_in_a_language_is_refused(names: str) -> None:
    with pytest.raises(BadEntry, match="needs exactly nb, nn, da"):
        read_rules(Country.DENMARK, changed("value", names, unit='"none"'))


def test_a_statute_without_version_and_a_file_without_facts_are_refused() -> None:
    with pytest.raises(BadEntry, match="RSL: version"):
        read_rules(Country.DENMARK, changed().replace('version = "LBK 354/2025"\n', ""))
    with pytest.raises(BadEntry, match="denmark: facts, statutes"):
        read_rules(Country.DENMARK, TOP)
    with pytest.raises(BadEntry, match="appeal: is not a table"):
        read_rules(Country.DENMARK, TOP + "[facts]\nappeal = 4\n" + REST)


ROW = """
[[deadlines]]
fact = "appeal"
about = { nb = "Svar", nn = "Svar", da = "Afgørelse" }
send_to = { nb = "Kommunen", nn = "Kommunen", da = "Kommunen" }

[[processing_times]]
key = "plan"
source = "RSL § 3"
about = { nb = "Plan", nn = "Plan", da = "Plan" }
"""


def test_the_tables_that_pages_show_stand_on_facts_or_on_a_source_of_their_own() -> None:
    rules = read_rules(Country.DENMARK, changed() + ROW)
    [deadline], [limit] = rules.deadlines, rules.processing_times
    assert deadline.fact is rules.fact("appeal")
    assert (deadline.key, deadline.source, deadline.about[Language.DA]) == ("appeal", "RSL § 67", "Afgørelse")
    assert deadline.send_to is not None
    assert deadline.send_to[Language.NN] == "Kommunen"
    assert (limit.key, limit.fact, limit.source, limit.send_to) == ("plan", None, "RSL § 3", None)
    assert rules.ages == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('fact = "appeal"', 'fact = "appeel"', "appeel: no such fact"),
        ('fact = "appeal"', "", "needs a fact, or else a key and a source"),
        ('fact = "appeal"', 'fact = "appeal"\nkey = "appeal"', "needs a fact, or else"),
        ('source = "RSL § 3"', "", "plan: needs a fact, or else"),
        ('source = "RSL § 3"', 'source = "ABC § 3"', "plan: unknown statute"),
        (', da = "Afgørelse"', "", "appeal: needs exactly nb, nn, da"),
        ('nn = "Kommunen", ', "", "appeal: needs exactly nb, nn, da"),
        ('about = { nb = "Plan", nn = "Plan", da = "Plan" }', "", "processing_times: about"),
    ],
)
def test_a_row_of_a_table_that_is_not_whole_is_refused(old: str, new: str, message: str) -> None:
    assert old in ROW
    with pytest.raises(BadEntry, match=message):
        read_rules(Country.DENMARK, changed() + ROW.replace(old, new))


@pytest.mark.parametrize("country", list(Country))
def test_ages_rise_and_every_row_has_its_number(country: Country) -> None:
    numbers_of_rows = [row.fact.number for row in rules_for(country).ages if row.fact]
    assert numbers_of_rows == sorted(numbers_of_rows)
    assert len(numbers_of_rows) == len(rules_for(country).ages) > 5


def test_an_official_page_says_how_well_its_address_is_known() -> None:
    site = """
[sites.help]
address = "https://www.dukh.dk/"
checked_on = 2026-11-21
review_by = 2027-05-21
confidence = "B"
"""
    assert read_rules(Country.DENMARK, changed() + site).sites["help"].confidence is Confidence.AUTHORITY
    for wrong in ('"Z"', '""'):
        with pytest.raises(BadEntry, match="help"):
            read_rules(Country.DENMARK, changed() + site.replace('"B"', wrong))


def test_a_statute_is_called_what_readers_call_it() -> None:
    statutes = rules_for(Country.NORWAY).statutes
    assert statutes["PBRL"].title_in(Language.NN) == "Pasient- og brukarrettslova"
    assert statutes["SPR"].title_in(Language.NB) == statutes["SPR"].title_in(Language.NN) == "Språklova"


def test_the_times_of_a_complaint_are_facts_and_only_denmark_sets_any() -> None:
    times = rules_for(Country.DENMARK).complaints
    assert times.reconsider == rules_for(Country.DENMARK).fact("reassessment")
    assert times.late_goes_on
    norway = rules_for(Country.NORWAY).complaints
    assert (norway.reconsider, norway.reply, norway.forward, norway.late_goes_on) == (None, None, None, False)
    for wrong in ('reconsider = "nowhere"', 'surprise = "appeal"', "reply = 4"):
        with pytest.raises(BadEntry, match="complaints"):
            read_rules(Country.DENMARK, changed() + f"[complaints]\n{wrong}\n")
    read = read_rules(Country.DENMARK, changed() + '[complaints]\nreconsider = "appeal"\n')
    assert read.complaints.reconsider == read.fact("appeal")
