"""Every form, in every language and under each country's rules, leads each citizen from the first page to the last."""

import re
from collections import Counter
from collections.abc import Mapping

import pytest
from sample_answers import (
    CITIZENS,
    PLACES,
    as_little_as_possible,
    context,
    everything,
    filled,
    start,
)

from forms_app.countries import Country
from forms_app.forms.answers import fill, flat
from forms_app.forms.definition import GOES_ON, PERSON, FormDefinition, FormKey
from forms_app.forms.registry import FORMS, form_at
from forms_app.forms.text import say
from forms_app.language import Language, use
from forms_app.masthead import FORM_SLUGS, PAGE_SLUGS
from forms_app.web.addresses import (
    ADDITION,
    ADDITION_REVIEW,
    CODE,
    DELETE_COPY,
    OWN_FILES,
    RECEIPT,
    REVIEW,
    STATUS,
    TAKE_BACK,
)

EVERY_FORM = pytest.mark.parametrize("definition", list(FORMS.values()), ids=list(FORMS))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))
EVERY_CITIZEN = pytest.mark.parametrize("citizen", list(CITIZENS.values()), ids=list(CITIZENS))
WITH_A_ROLE = [FormKey.APPLICATION, FormKey.COMPLAINT]

ONLY_FOR: Mapping[str, set[str]] = {
    "myself": {"myself"},
    "child": {"sender", "child", "parents"},
    "other": {"sender", "another", "authority"},
    "guardian": {"sender", "another", "authority"},
    "professional": {"sender", "another", "authority"},
}
SOMETIMES = set.union(*ONLY_FOR.values())


@EVERY_LANGUAGE
@EVERY_COUNTRY
@EVERY_FORM
@EVERY_CITIZEN
def test_every_citizen_comes_to_the_end(
    definition: FormDefinition, country: Country, language: Language, citizen: Mapping[str, str]
) -> None:
    with use(language):
        for answer in (everything, as_little_as_possible):
            walked = fill(definition, answer(definition.key, country, **citizen), start())
            assert walked.first_gap is None, walked.first_gap and walked.first_gap.form.errors
            assert walked.context.country is country


@EVERY_FORM
def test_nothing_is_complete_before_it_is_sent(definition: FormDefinition) -> None:
    typed = everything(definition.key, Country.NORWAY, role="myself")
    sent: dict[str, Mapping[str, list[str]]] = {}
    while gap := fill(definition, sent, start()).first_gap:
        assert gap.step.key not in sent
        sent[gap.step.key] = typed[gap.step.key]
    assert set(sent) == {one.step.key for one in fill(definition, typed, start()).steps}


@EVERY_FORM
def test_forward_and_back_are_the_same_way(definition: FormDefinition) -> None:
    walked = filled(definition.key, Country.NORWAY, role="child")
    assert walked.before(walked.steps[0].step) is None
    assert walked.after(walked.steps[-1].step) is None
    for earlier, later in zip(walked.steps, walked.steps[1:], strict=False):
        assert walked.after(earlier.step) is later.step
        assert walked.before(later.step) is earlier.step
        assert walked.at(later.step) is later


@pytest.mark.parametrize("form", WITH_A_ROLE)
@EVERY_COUNTRY
@EVERY_CITIZEN
def test_a_citizen_meets_the_pages_that_concern_them(
    form: FormKey, country: Country, citizen: Mapping[str, str]
) -> None:
    walked = filled(form, country, **citizen)
    assert {one.step.key for one in walked.steps} & SOMETIMES == ONLY_FOR[citizen["role"]]


@pytest.mark.parametrize("form", WITH_A_ROLE)
def test_the_way_changes_with_the_role(form: FormKey) -> None:
    typed = everything(form, Country.NORWAY, role="child")
    before = fill(FORMS[form], typed, start())
    after = fill(FORMS[form], {**typed, "role": {"role": ["myself"]}}, start())
    assert before.at(next(step for step in FORMS[form].steps if step.key == "child"))
    assert "child" not in [one.step.key for one in after.steps]
    assert after.first_gap is None


@EVERY_FORM
def test_answers_on_pages_that_are_no_longer_met_are_not_sent(definition: FormDefinition) -> None:
    walked = filled(definition.key, Country.NORWAY, role="myself")
    assert set(walked.answers) == {one.step.key for one in walked.steps} - {"attachments"}
    assert not set(walked.answers) & (SOMETIMES - {"myself"})
    assert "child_is_born" not in walked.context.answers
    assert walked.context.answers == {**flat(walked.answers), "files": None}


def test_another_municipality_brings_the_rules_of_its_country() -> None:
    typed = everything(FormKey.APPLICATION, Country.NORWAY, role="myself")
    moved = {**typed, "municipality": {"municipality": [PLACES[Country.DENMARK]]}}
    walked = fill(FORMS[FormKey.APPLICATION], moved, start())
    assert walked.context.country is Country.DENMARK
    assert walked.first_gap
    assert walked.first_gap.step.key == "needs"
    assert "wanted" in walked.first_gap.form.errors
    danish = everything(FormKey.APPLICATION, Country.DENMARK, role="myself")
    assert (
        fill(
            FORMS[FormKey.APPLICATION], {**moved, "needs": danish["needs"], "bodies": danish["bodies"]}, start()
        ).first_gap
        is None
    )


def test_the_question_of_the_other_country_is_neither_asked_nor_sent() -> None:
    assert filled(FormKey.COMPLAINT, Country.NORWAY, role="myself").answers["change"]["suspend"] is True
    assert "suspend" not in filled(FormKey.COMPLAINT, Country.DENMARK, role="myself").answers["change"]


def test_a_municipality_that_is_not_served_cannot_be_chosen() -> None:
    walked = fill(FORMS[FormKey.APPLICATION], {"municipality": {"municipality": ["oslo"]}}, start())
    assert walked.first_gap is walked.steps[0]
    assert walked.context.municipality is None


@EVERY_FORM
def test_question_names_are_unique_within_a_form(definition: FormDefinition) -> None:
    shared = {"myself", "child", "another"}  # No citizen meets two of these pages.
    for role_page in shared:
        names = Counter(
            name
            for step in definition.steps
            if step.key not in shared - {role_page}
            for name in vars(step.form)
            if hasattr(vars(step.form)[name], "field_class")
        )
        assert [name for name, times in names.items() if times > 1] == []


@EVERY_LANGUAGE
@EVERY_FORM
def test_addresses_of_pages_are_plain_words_and_unique(definition: FormDefinition, language: Language) -> None:
    slugs = [step.slugs[language] for step in definition.steps]
    later = (STATUS, ADDITION, ADDITION_REVIEW, TAKE_BACK, DELETE_COPY, OWN_FILES)
    everything_there_is = [*slugs, *(page[language] for page in (REVIEW, RECEIPT, CODE, *later))]
    assert len(set(everything_there_is)) == len(everything_there_is)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in everything_there_is)
    assert [definition.step_at(language, slug) for slug in slugs] == list(definition.steps)
    assert definition.step_at(language, "finnes-ikke") is None


@EVERY_LANGUAGE
@EVERY_FORM
def test_a_form_is_found_by_its_word(definition: FormDefinition, language: Language) -> None:
    assert form_at(language, FORM_SLUGS[definition.key][language]) is definition
    assert form_at(language, "finnes-ikke") is None


@EVERY_FORM
def test_pages_of_a_form_have_names_and_pages_to_read_more(definition: FormDefinition) -> None:
    assert len({step.key for step in definition.steps}) == len(definition.steps)
    assert {step.read_more for step in definition.steps} - {""} <= set(PAGE_SLUGS)


@EVERY_LANGUAGE
@EVERY_COUNTRY
@EVERY_FORM
def test_every_sentence_can_be_said(definition: FormDefinition, country: Country, language: Language) -> None:
    with use(language):
        known = filled(definition.key, country, role="child").context
        sentences = [definition.title, definition.send_label, definition.sent_title, *definition.at_hand]
        sentences += [step.title for step in definition.steps]
        sentences += [definition.next_steps[0]]
        for sentence in sentences:
            assert say(sentence, known)
            assert "%(" not in say(sentence, known)


@EVERY_FORM
@EVERY_CITIZEN
def test_a_case_is_known_by_a_name_in_the_list(definition: FormDefinition, citizen: Mapping[str, str]) -> None:
    summary = definition.summary(filled(definition.key, Country.NORWAY, **citizen).context)
    assert tuple(summary) == (*definition.summary_questions, PERSON, GOES_ON)
    assert any(summary[name] for name in definition.summary_questions)


@pytest.mark.parametrize(
    ("form", "before"), [("application", ""), ("complaint", ""), ("power_of_attorney", "grantor_")]
)
def test_a_summary_says_what_tells_the_person_from_others(form: str, before: str) -> None:
    name = "grantor_name" if before else "name_of_person"
    answers = {name: "Åse Ødegård", f"{before}birth_date": "1961-05-17", f"{before}national_id": "170561 00000"}
    whole = FORMS[FormKey(form)].summary(context(**answers))[PERSON]
    assert whole == {"name": "Åse Ødegård", "born": "1961-05-17", "number": None}
    right = context(**{f"{before}national_id": "010115-500 84"})
    assert FORMS[FormKey(form)].summary(right)[PERSON] == {"name": None, "born": None, "number": "01011550084"}
