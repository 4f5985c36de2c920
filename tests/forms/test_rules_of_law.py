"""What the law asks of the forms: nobody is refused for their circumstances, and nothing is decided by the form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sample_answers import CITIZENS, as_little_as_possible, context, filled, page, start, step_form

from forms_app.countries import Country
from forms_app.forms.answers import fill
from forms_app.forms.application import APPLICATION
from forms_app.forms.asked_once import NationalId
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.people import target_group
from forms_app.forms.power_of_attorney import POWER_OF_ATTORNEY
from forms_app.forms.questions import Day, Question, Tick
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, use

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_FORM = pytest.mark.parametrize("definition", list(FORMS.values()), ids=list(FORMS))


def questions(definition: FormDefinition, country: Country) -> dict[str, Question]:
    return {
        question.name: question
        for step in definition.steps
        for question in step.form(None, context=context(country)).questions()
    }


def required(definition: FormDefinition, country: Country) -> set[str]:
    return {name for name, question in questions(definition, country).items() if question.is_required}


def sent(definition: FormDefinition, country: Country, changes: Mapping[str, Any], **choices: str) -> bool:
    """Whether a form can be sent that holds as little as possible and these pages."""
    typed = {**as_little_as_possible(definition.key, country, **choices), **changes}
    return fill(definition, typed, start()).first_gap is None


@EVERY_COUNTRY
def test_an_application_needs_no_name_birth_date_or_number_for_a_child_not_yet_born(country: Country) -> None:
    expected = {"child_is_born": ["expected"]}
    assert sent(APPLICATION, country, {"child": expected}, role="child")
    assert sent(APPLICATION, country, {"child": {}}, role="child")


@pytest.mark.parametrize("definition", [APPLICATION, COMPLAINT])
@EVERY_COUNTRY
def test_whom_it_is_for_is_asked_right_after_where_they_live(definition: FormDefinition, country: Country) -> None:
    assert [step.key for step in definition.steps[:2]] == ["municipality", "role"]
    role = page(definition.steps[1].form, None, context(country)).role
    assert [option.value for option in role.options] == ["myself", "child", "other", "guardian", "professional"]


def test_a_power_of_attorney_asks_first_who_fills_it_in() -> None:
    first = next(iter(page(POWER_OF_ATTORNEY.steps[1].form, None).questions()))
    assert [option.value for option in first.options] == ["grantor", "agent"]


@pytest.mark.parametrize(("country", "age"), [(NORWAY, "16 år"), (DENMARK, "18 år")])
def test_a_parent_is_told_when_the_young_person_asks_and_may_still_send(country: Country, age: str) -> None:
    with use(Language.NB):
        form = page(step_form(APPLICATION, "child"), None, context(country))
        assert age in form.birth_date.description
    seventeen = {"birth_date-day": ["1"], "birth_date-month": ["2"], "birth_date-year": ["2009"]}
    assert sent(APPLICATION, country, {"child": {"name_of_person": ["Kim"], **seventeen}}, role="child")


@EVERY_FORM
@EVERY_COUNTRY
def test_no_identity_number_is_ever_required_and_a_wrong_one_is_let_through(
    definition: FormDefinition, country: Country
) -> None:
    numbers = [one for one in questions(definition, country).values() if isinstance(one, NationalId)]
    assert numbers
    assert not any(one.is_required for one in numbers)
    assert filled(definition.key, country, role="child").first_gap is None


@EVERY_FORM
@EVERY_COUNTRY
def test_attachments_are_never_required(definition: FormDefinition, country: Country) -> None:
    assert sum(step.takes_files for step in definition.steps) == 1
    assert sent(definition, country, {"attachments": {}}, role="myself")


@pytest.mark.parametrize(
    "text", ["أحتاج إلى منسق", "Potrzebuję koordynatora", "Mun dárbbašan veahki", "我需要帮助", "🙏"]
)
def test_free_text_is_taken_in_any_language(text: str) -> None:
    form = page(step_form(APPLICATION, "situation"), {"situation": text})
    assert form.validate()
    assert form.to_json()["situation"] == text


@EVERY_COUNTRY
def test_a_complaint_needs_no_date_reference_or_grounds(country: Country) -> None:
    assert not required(COMPLAINT, country) & {
        "decision",
        "decision_reference",
        "letter_date",
        "received_date",
        "wanted_change",
        "why",
        "late_reason",
    }
    assert sent(COMPLAINT, country, {"decision": {}, "change": {}, "deadline": {}}, role="myself")


def test_only_norway_asks_whether_the_decision_should_wait() -> None:
    assert "suspend" in questions(COMPLAINT, NORWAY)
    assert "suspend" not in questions(COMPLAINT, DENMARK)


@EVERY_COUNTRY
def test_a_late_complaint_is_never_blocked(country: Country) -> None:
    long_ago = {"received_date-day": ["2"], "received_date-month": ["1"], "received_date-year": ["1999"]}
    assert sent(COMPLAINT, country, {"decision": long_ago, "deadline": {}}, role="myself")


@pytest.mark.parametrize("received", ["", "2026-11-20", "1999-01-02"])
def test_everyone_may_say_why_a_complaint_is_late(received: str) -> None:
    (deadline,) = (step for step in COMPLAINT.steps if step.key == "deadline")
    assert deadline.is_met(context(received_date=received or None))
    assert deadline.only_in is None
    assert not page(deadline.form, None).late_reason.is_required


@pytest.mark.parametrize(("country", "service"), [(NORWAY, "benefits"), (DENMARK, "committee"), (NORWAY, "unsure")])
def test_a_complaint_for_another_body_is_taken_and_sent_on(country: Country, service: str) -> None:
    assert sent(COMPLAINT, country, {}, role="myself", service=service)
    with use(Language.NB):
        told = " ".join(say(one, context(country, service=service)) for one in COMPLAINT.next_steps)
    assert "sender" in told.lower()


@EVERY_COUNTRY
def test_a_power_of_attorney_says_what_for_how_long_and_who_gets_the_letters(country: Country) -> None:
    asked = questions(POWER_OF_ATTORNEY, country)
    assert {"may", "case_scope", "health_information", "valid_from", "valid_to", "letters_to"} <= set(asked)
    assert {"may", "case_scope", "health_information"} <= required(POWER_OF_ATTORNEY, country)
    assert not {"valid_from", "valid_to"} & required(POWER_OF_ATTORNEY, country)


@pytest.mark.parametrize("language", list(Language))
def test_a_power_of_attorney_can_be_withdrawn_and_says_so(language: Language) -> None:
    word = {Language.NB: "trekke", Language.NN: "trekkjast", Language.DA: "trække"}[language]
    with use(language):
        assert word in say(POWER_OF_ATTORNEY.next_steps[-1], context())


def test_the_one_who_gets_a_norwegian_power_of_attorney_is_said_to_be_an_adult() -> None:
    with use(Language.NB):
        norway = page(step_form(POWER_OF_ATTORNEY, "agent"), None, context(NORWAY)).agent_kind
        denmark = page(step_form(POWER_OF_ATTORNEY, "agent"), None, context(DENMARK)).agent_kind
    assert "18 år" in norway.hints["person"]
    assert "18" not in denmark.hints["person"]
    assert "organisation" not in denmark.hints


def test_a_power_of_attorney_cannot_end_before_it_begins() -> None:
    form = page(
        step_form(POWER_OF_ATTORNEY, "period"),
        {
            "valid_from-day": "2", "valid_from-month": "1", "valid_from-year": "2027",
            "valid_to-day": "1", "valid_to-month": "1", "valid_to-year": "2027",
        },
    )  # fmt: skip
    assert not form.validate()
    assert list(form.errors) == ["valid_to"]


@EVERY_FORM
@EVERY_COUNTRY
def test_consents_are_never_ticked_beforehand(definition: FormDefinition, country: Country) -> None:
    ticks = {name: one for name, one in questions(definition, country).items() if isinstance(one, Tick)}
    assert not any(tick.data for tick in ticks.values())
    consents = {name: tick for name, tick in ticks.items() if name.startswith("consent")}
    assert not any(tick.is_required for tick in consents.values())
    assert len(consents) == (2 if definition is APPLICATION else 0)


def test_an_application_is_sent_without_any_consent() -> None:
    assert sent(APPLICATION, NORWAY, {"consents": {}}, role="myself")
    answers = fill(APPLICATION, as_little_as_possible(FormKey.APPLICATION, NORWAY, role="myself"), start()).answers
    assert answers["consents"] == {"consent_plan": False, "consent_obtain": False}


def test_the_expected_time_is_told_where_the_law_has_one() -> None:
    with use(Language.NB):
        assert "1 måned" in " ".join(say(one, context(NORWAY)) for one in APPLICATION.next_steps)
        assert "måned" not in " ".join(say(one, context(DENMARK)) for one in APPLICATION.next_steps)
    assert APPLICATION.obligations(context(NORWAY)) == ("preliminary_answer",)
    assert APPLICATION.obligations(context(DENMARK)) == ()
    assert POWER_OF_ATTORNEY.obligations(context(NORWAY)) == ()


@EVERY_COUNTRY
@pytest.mark.parametrize("year", ["1900", "1970", "2008", "2026"])
def test_nobody_is_told_that_they_are_not_entitled(country: Country, year: str) -> None:
    born = {"birth_date-day": ["1"], "birth_date-month": ["1"], "birth_date-year": [year]}
    everything_wanted = [one.value for one in questions(APPLICATION, country)["wanted"].options]  # type: ignore[attr-defined]
    for wanted in everything_wanted:
        changes = {"needs": {"wanted": [wanted]}, "myself": {"name_of_person": ["Kim"], **born}}
        assert sent(APPLICATION, country, changes, role="myself")


@EVERY_FORM
@EVERY_COUNTRY
@pytest.mark.parametrize(
    "way",
    [{"phone": ["32 12 34 56"]}, {"email": ["kari@example.org"]}, {"post": ["Boks 1"]}],
    ids=lambda way: next(iter(way)),
)
def test_one_way_of_contact_is_enough(definition: FormDefinition, country: Country, way: dict[str, list[str]]) -> None:
    assert sent(definition, country, {"reach": way}, role="myself")


@EVERY_FORM
def test_without_any_way_of_contact_the_phone_is_asked_for(definition: FormDefinition) -> None:
    form = page(step_form(definition, "reach"), {"careful": "Please do not call", "interpreter": "Polish"})
    assert not form.validate()
    assert list(form.errors) == ["phone"]
    assert len(form.phone.errors) == 1


@EVERY_FORM
@EVERY_COUNTRY
def test_no_address_or_date_is_ever_required(definition: FormDefinition, country: Country) -> None:
    must = {name: one for name, one in questions(definition, country).items() if one.is_required}
    assert not any("address" in name or name == "post" for name in must)
    assert not any(isinstance(one, Day) for one in must.values())


ALWAYS = {"municipality", "role", "name_of_person", "sender_name"}


@EVERY_COUNTRY
def test_no_more_is_required_than_names_choices_and_a_way_to_answer(country: Country) -> None:
    assert required(APPLICATION, country) <= ALWAYS | {"wanted"}
    assert required(COMPLAINT, country) <= ALWAYS | {"service"}
    assert required(POWER_OF_ATTORNEY, country) <= {
        "municipality",
        "filled_in_by",
        "grantor_name",
        "agent_kind",
        "agent_name",
        "may",
        "health_information",
        "case_scope",
        "confirmed",
    }


@EVERY_COUNTRY
def test_a_parent_is_asked_about_the_other_parent_but_never_for_their_name_or_address(country: Country) -> None:
    parents = [one.name for one in page(step_form(APPLICATION, "parents"), None, context(country)).questions()]
    assert parents == ["parental_responsibility", "parents_agree", "parents_note"]
    assert sent(APPLICATION, country, {"parents": {}}, role="child")


TARGETS: list[tuple[dict[str, Any], str]] = [
    ({"role": "child"}, "children"),
    ({"role": "child", "birth_date": "1990-01-01"}, "children"),
    ({"role": "myself"}, "adults"),
    ({"role": "myself", "birth_date": "2008-11-22"}, "adults"),
    ({"role": "myself", "birth_date": "2008-11-23"}, "children"),
    ({"role": "professional", "birth_date": "2020-02-29"}, "children"),
    ({"role": "guardian", "birth_date": None}, "adults"),
]


@pytest.mark.parametrize(("answers", "group"), TARGETS)
def test_a_case_goes_to_those_who_work_with_children_or_with_adults(answers: dict[str, Any], group: str) -> None:
    assert target_group(context(**answers)) == group
    assert APPLICATION.target_group(context(**answers)) == COMPLAINT.target_group(context(**answers)) == group
    assert POWER_OF_ATTORNEY.target_group(context(**answers)) is None


def test_who_is_born_on_a_leap_day_comes_of_age_the_day_after_it_would_be() -> None:
    born = {"role": "myself", "birth_date": "2008-02-29"}
    assert target_group(context(today=date(2026, 2, 28), **born)) == "children"
    assert target_group(context(today=date(2026, 3, 1), **born)) == "adults"


def test_a_power_of_attorney_always_waits_for_confirmation() -> None:
    assert POWER_OF_ATTORNEY.tell_flags(context()) == {"unconfirmed"}
    assert APPLICATION.tell_flags(context()) == frozenset()


@EVERY_COUNTRY
@pytest.mark.parametrize("citizen", list(CITIZENS.values()), ids=list(CITIZENS))
def test_obligations_are_facts_of_the_country(country: Country, citizen: Mapping[str, str]) -> None:
    for definition in FORMS.values():
        known = filled(definition.key, country, **citizen).context
        assert all(name in known.rules.facts for name in definition.obligations(known))
