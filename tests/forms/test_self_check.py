"""What the self-check makes of answers under each country's law: honest, with its reasons, and never a no."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from sample_answers import context, page

from forms_app.countries import Country, rules_for
from forms_app.forms.definition import StepForm
from forms_app.forms.known_rights import ADVICE, RIGHTS
from forms_app.forms.questions import OneOf
from forms_app.forms.rights import ALWAYS, NEVER, UNSURE, Outcome, all_of, either, said
from forms_app.forms.self_check import (
    SPEAKS,
    Assessment,
    advise,
    assess,
    cite,
    explain,
    given_in,
    headline,
    questions_for,
)
from forms_app.forms.self_check_questions import QUESTIONS, Whom
from forms_app.language import Language, use
from forms_app.masthead import PAGE_SLUGS

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK
LIKELY, MAYBE, UNLIKELY = Outcome
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))
EVERYONE = [(country, concerns) for country in Country for concerns in ("myself", "child", "other")]

YES = {"health_care": "yes", "lasting": "yes", "together": "together", "complex": "yes"}
ADULT = {"concerns": "myself", **YES}
CHILD = {"concerns": "child", **YES, "serious": "yes", "welfare": "yes"}
DANE = {"concerns": "myself", "together": "together", "complex": "yes", "reduced": "yes", "working_age": "yes"}
DANISH_CHILD = {
    "concerns": "child", "together": "together", "complex": "yes", "permanent": "yes", "support": "placed",
    "youth": "no",
}  # fmt: skip

IN_NORWAY: list[tuple[Mapping[str, str], Mapping[str, str], Mapping[str, Outcome]]] = [
    (ADULT, {}, {"coordinator": LIKELY, "individual_plan": LIKELY}),
    (ADULT, {"concerns": "other"}, {"coordinator": LIKELY, "individual_plan": LIKELY}),
    # The duty is to those with lasting and coordinated services; complex needs alone are for the municipality to weigh.
    (ADULT, {"complex": "no"}, {"coordinator": LIKELY, "individual_plan": LIKELY}),
    (ADULT, {"lasting": "no"}, {"coordinator": MAYBE, "individual_plan": UNLIKELY}),
    (ADULT, {"together": "one"}, {"coordinator": MAYBE, "individual_plan": UNLIKELY}),
    (ADULT, {"complex": "no", "lasting": "no"}, {"coordinator": UNLIKELY, "individual_plan": UNLIKELY}),
    (ADULT, {"complex": "no", "together": "one"}, {"coordinator": UNLIKELY, "individual_plan": UNLIKELY}),
    (ADULT, {"complex": "no", "together": "apart"}, {"coordinator": UNLIKELY, "individual_plan": UNLIKELY}),
    # Without health care from the municipality there is no coordinator there, but NAV and others owe a plan.
    (ADULT, {"health_care": "no"}, {"coordinator": UNLIKELY, "individual_plan": LIKELY}),
    (ADULT, {"health_care": UNSURE}, {"coordinator": MAYBE, "individual_plan": LIKELY}),
    (ADULT, {"complex": "no", "lasting": UNSURE}, {"coordinator": MAYBE, "individual_plan": MAYBE}),
    (ADULT, {"complex": UNSURE, "together": "one"}, {"coordinator": MAYBE, "individual_plan": UNLIKELY}),
    (ADULT, dict.fromkeys(YES, UNSURE), {"coordinator": MAYBE, "individual_plan": MAYBE}),
    (CHILD, {}, {"child_coordinator": LIKELY, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"complex": "no"}, {"child_coordinator": LIKELY, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"together": "one"}, {"child_coordinator": LIKELY, "coordinator": MAYBE, "individual_plan": UNLIKELY}),
    (CHILD, {"serious": "no"}, {"child_coordinator": UNLIKELY, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"serious": UNSURE}, {"child_coordinator": MAYBE, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"welfare": "no"}, {"child_coordinator": UNLIKELY, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"welfare": UNSURE}, {"child_coordinator": MAYBE, "coordinator": LIKELY, "individual_plan": LIKELY}),
    (CHILD, {"lasting": "no"}, {"child_coordinator": UNLIKELY, "coordinator": MAYBE, "individual_plan": UNLIKELY}),
    (
        CHILD,
        {"health_care": "no"},
        {"child_coordinator": UNLIKELY, "coordinator": UNLIKELY, "individual_plan": LIKELY},
    ),
]

IN_DENMARK: list[tuple[Mapping[str, str], Mapping[str, str], Mapping[str, Outcome]]] = [
    # Offered to those with significantly reduced function, considered for the others under the pension age.
    (DANE, {}, {"action_plan": LIKELY, "joint_plan": MAYBE}),
    (DANE, {"concerns": "other"}, {"action_plan": LIKELY, "joint_plan": MAYBE}),
    (DANE, {"reduced": "no"}, {"action_plan": MAYBE, "joint_plan": MAYBE}),
    (DANE, {"working_age": "no"}, {"action_plan": UNLIKELY, "joint_plan": MAYBE}),
    (DANE, {"working_age": UNSURE}, {"action_plan": MAYBE, "joint_plan": MAYBE}),
    # A joint plan is something the municipality may offer: never a right.
    (DANE, {"complex": "no"}, {"action_plan": LIKELY, "joint_plan": UNLIKELY}),
    (DANE, {"together": "one"}, {"action_plan": LIKELY, "joint_plan": UNLIKELY}),
    (DANE, {"together": UNSURE}, {"action_plan": LIKELY, "joint_plan": MAYBE}),
    (DANISH_CHILD, {}, {"family_guide": LIKELY, "child_plan": LIKELY, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"youth": "yes"}, {"family_guide": LIKELY, "youth_plan": LIKELY, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"permanent": "no"}, {"family_guide": UNLIKELY, "child_plan": LIKELY, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"permanent": UNSURE}, {"family_guide": MAYBE, "child_plan": LIKELY, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"support": "at_home"}, {"family_guide": LIKELY, "child_plan": MAYBE, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"support": "no"}, {"family_guide": LIKELY, "child_plan": UNLIKELY, "joint_plan_family": MAYBE}),
    (DANISH_CHILD, {"support": UNSURE}, {"family_guide": LIKELY, "child_plan": MAYBE, "joint_plan_family": MAYBE}),
    (
        DANISH_CHILD,
        {"permanent": "no", "support": "no", "complex": "no"},
        {"family_guide": UNLIKELY, "child_plan": UNLIKELY, "joint_plan_family": UNLIKELY},
    ),
]


def outcomes(assessment: Assessment) -> dict[str, Outcome]:
    return {finding.right.key: finding.outcome for finding in assessment.findings}


@pytest.mark.parametrize(("usual", "changed", "expected"), IN_NORWAY)
def test_the_outcome_in_norway(
    usual: Mapping[str, str], changed: Mapping[str, str], expected: Mapping[str, Outcome]
) -> None:
    assert outcomes(assess(NORWAY, {**usual, **changed})) == expected


@pytest.mark.parametrize(("usual", "changed", "expected"), IN_DENMARK)
def test_the_outcome_in_denmark(
    usual: Mapping[str, str], changed: Mapping[str, str], expected: Mapping[str, Outcome]
) -> None:
    assert outcomes(assess(DENMARK, {**usual, **changed})) == expected


def all_answers(country: Country, concerns: str) -> list[dict[str, str]]:
    """Every way to answer the questions about this person."""
    known = context(country)
    asked: list[Any] = list(questions_for(country, concerns)(None, context=known).questions())
    ways = product(*([option.value for option in one.options] for one in asked))
    return [{"concerns": concerns, **{one.name: value for one, value in zip(asked, way, strict=True)}} for way in ways]


@pytest.mark.parametrize(("country", "concerns"), EVERYONE)
def test_every_combination_of_answers_has_an_answer_that_best_findings_come_first_in(
    country: Country, concerns: str
) -> None:
    for given in all_answers(country, concerns):
        assessment = assess(country, given)
        order = [list(Outcome).index(finding.outcome) for finding in assessment.findings]
        assert order == sorted(order)
        assert not assessment.answer.right.is_beside
        assert all(set(finding.weighed) <= set(given) for finding in assessment.findings)


@pytest.mark.parametrize(("country", "concerns"), EVERYONE)
def test_not_knowing_never_makes_an_answer_worse_than_no_and_never_makes_a_right_certain(
    country: Country, concerns: str
) -> None:
    for given in all_answers(country, concerns):
        before = outcomes(assess(country, given))
        for question in [name for name, value in given.items() if value == UNSURE]:
            for better in ("yes", "no", "together", "one", "placed"):
                after = outcomes(assess(country, {**given, question: better}))
                assert all(before[key] is not LIKELY or after[key] is LIKELY for key in before)
                assert all(before[key] is not UNLIKELY or after[key] is UNLIKELY for key in before)


@EVERY_LANGUAGE
@pytest.mark.parametrize(("country", "concerns"), EVERYONE)
def test_the_answer_is_a_whole_sentence_and_never_a_refusal(
    language: Language, country: Country, concerns: str
) -> None:
    refusals = ("ikke rett", "ikkje rett", "ikke ret ", "ikke har ret", "avslag", "afslag")
    said_so = set()
    with use(language):
        for given in all_answers(country, concerns):
            said_so.add(headline(assess(country, given), context(country)))
    assert len(said_so) >= 3
    for sentence in said_so:
        assert sentence.endswith(".")
        assert "%(" not in sentence
        assert not any(word in sentence for word in refusals)


def filled(country: Country, given: Mapping[str, str]) -> tuple[StepForm, ...]:
    known = context(country)
    return (page(Whom, given, known), page(questions_for(country, given["concerns"]), given, known))


@EVERY_LANGUAGE
def test_the_reasons_are_the_questions_that_count_with_the_given_answers(language: Language) -> None:
    given = {**ADULT, "country": "norway", "complex": UNSURE}
    with use(language):
        explained = list(explain(assess(NORWAY, given), filled(NORWAY, given), context(NORWAY)))
        complexity = filled(NORWAY, given)[1]["complex"].label.text
    coordinator = explained[0]
    assert coordinator.outcome is LIKELY
    # What is lasting and needs coordination is enough, so what is not known about complexity is not mentioned.
    assert complexity not in [reason.question for reason in coordinator.reasons]
    assert len(coordinator.reasons) == 3
    assert {reason.answer for reason in coordinator.reasons} >= {"Ja"}
    assert [citation.section for citation in coordinator.law] == ["§ 2-5 b", "§ 7-2", "§ 16"]
    assert all(citation.address.startswith("https://lovdata.no/") for citation in coordinator.law)


def test_what_speaks_against_it_is_said_too() -> None:
    given = {**CHILD, "country": "norway", "welfare": "no", "serious": UNSURE}
    with use(Language.NB):
        explained = list(explain(assess(NORWAY, given), filled(NORWAY, given), context(NORWAY)))
        words = {str(text) for text in SPEAKS.values()}
    # Best first: what has something against it comes last.
    assert {reason.speaks for reason in explained[-1].reasons} == words
    assert len(words) == 3


@EVERY_COUNTRY
@EVERY_LANGUAGE
def test_the_ages_in_questions_and_answers_are_those_of_the_facts(country: Country, language: Language) -> None:
    rules = rules_for(country)
    fact = {NORWAY: "age_child_coordinator_until", DENMARK: "family_guide_age_until"}[country]
    with use(language):
        labels = dict(page(Whom, None, context(country)).concerns.choices)
        told = " ".join(one.text for one in advise(assess(NORWAY, CHILD), context(NORWAY)))
    assert rules.fact(fact).phrase(language) in labels["child"]
    assert rules_for(NORWAY).fact("age_health").phrase(language) in told


def test_advice_is_for_those_it_concerns() -> None:
    def sections(country: Country, given: Mapping[str, str]) -> list[str]:
        return [one.law[0].section for one in advise(assess(country, given), context(country))]

    assert sections(NORWAY, ADULT) == []
    assert sections(NORWAY, {**ADULT, "health_care": "no"}) == ["§ 17"]
    assert sections(NORWAY, {**ADULT, "health_care": UNSURE}) == ["§ 17"]
    assert sections(NORWAY, {**ADULT, "concerns": "other"}) == ["§ 12"]
    assert sections(NORWAY, CHILD) == ["§ 4-3"]
    assert sections(DENMARK, DANE) == ["§§ 4–6"]
    assert sections(DENMARK, {**DANE, "concerns": "other"}) == ["§§ 4–6", "§ 8"]


@EVERY_COUNTRY
def test_every_right_names_statutes_pages_and_questions_that_exist(country: Country) -> None:
    asked = {
        one.name
        for (land, unused_child), form in QUESTIONS.items()
        if land is country
        for one in form(None, context=context(country)).questions()
    }
    rules = rules_for(country)
    for right in RIGHTS[country]:
        assert right.page in PAGE_SLUGS
        assert all(citation.section.startswith("§") for citation in cite(right.source, rules))
        weighed = right.duty.weighed({}) | right.possible.weighed({}) | right.concerns.weighed({})
        assert set(weighed) <= asked | {"concerns"}
        assert weighed
    assert all(cite(advice.source, rules) for advice in ADVICE[country])


@pytest.mark.parametrize(("country", "concerns"), EVERYONE)
def test_every_question_wants_an_answer_but_nearly_all_take_i_do_not_know(country: Country, concerns: str) -> None:
    for question in questions_for(country, concerns)(None, context=context(country)).questions():
        assert isinstance(question, OneOf)
        assert question.is_required
        values = [one.value for one in question.options]
        assert UNSURE in values or question.name == "youth"


def test_who_lives_where_is_asked_only_where_both_countries_are_served() -> None:
    both = context(NORWAY)
    only_norway = [one for one in both.municipalities if one.country is NORWAY]
    alone = page(Whom, None, type(both)(rules=both.rules, municipalities=tuple(only_norway), today=both.today))
    assert [one.name for one in alone.questions()] == ["concerns"]
    assert [one.name for one in page(Whom, None, both).questions()] == ["country", "concerns"]


def test_what_was_given_are_the_filled_in_answers() -> None:
    assert given_in(page(Whom, {"country": "norway"}, context(NORWAY))) == {"country": "norway"}


def test_a_condition_is_open_only_while_what_is_unknown_can_change_it() -> None:
    lasting, together = said("lasting", "yes"), said("together", "together")
    open_one = {"together": "together"}
    assert all_of(lasting, together).holds(open_one) is None
    assert all_of(lasting, together).holds({"lasting": "no"}) is False
    assert either(lasting, together).holds(open_one) is True
    assert either(lasting, together).holds({"lasting": "no"}) is None
    assert either(lasting, together).weighed(open_one) == {"together": True}
    assert either(lasting, together).weighed({"lasting": "no"}) == {"lasting": False, "together": None}
    assert (ALWAYS.holds({}), NEVER.holds({})) == (True, False)
