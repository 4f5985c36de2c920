"""Whoever acts for another is helped and never refused, and the case worker is told what does not fit."""

from typing import Any

import pytest
from sample_answers import CITIZENS, DEPLOYMENT, context, filled, page, start, step_form

from forms_app.countries import Country
from forms_app.documents.blocks import ToFill
from forms_app.documents.paper import blank_context, blank_paper
from forms_app.forms.application import APPLICATION
from forms_app.forms.authority import AUTHORITY, Authority, attach_help, is_invited
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.paper import TickOff
from forms_app.forms.people import Child, Myself
from forms_app.forms.power_of_attorney import POWER_OF_ATTORNEY
from forms_app.forms.questions import OneOf
from forms_app.forms.registry import FORMS
from forms_app.forms.remarks import remarks
from forms_app.language import Language, use

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)
AGENTS = ("other", "guardian", "professional")
REFERENCE = "K7M2-9QXK"


def born(years: int, days: int = 0) -> str:
    """The birth date of someone who turned that old on 22 November 2026, or so many days later."""
    return f"{2026 - years}-11-{22 + days:02}"


def told(country: Country, *, has_files: bool = False, **answers: Any) -> list[str]:
    return remarks(context(country, **answers), has_files=has_files)


@pytest.mark.parametrize("definition", [APPLICATION, COMPLAINT])
@EVERY_COUNTRY
@pytest.mark.parametrize(
    ("answers", "is_flagged"),
    [
        *(({"role": role}, True) for role in AGENTS),
        ({"role": "myself"}, False),
        ({"role": "myself", "birth_date": born(18)}, False),
        ({"role": "myself", "birth_date": born(15)}, True),
        ({"role": "child"}, False),
        ({"role": "child", "birth_date": born(15)}, False),
        ({"role": "child", "birth_date": born(18)}, True),
    ],
)
def test_a_case_is_flagged_where_it_is_open_who_may_send(
    definition: Any, country: Country, answers: dict[str, Any], is_flagged: bool
) -> None:
    assert ("unconfirmed" in definition.tell_flags(context(country, **answers))) is is_flagged


def test_a_late_complaint_for_another_has_both_flags() -> None:
    known = context(DENMARK, role="other", service="social_dk", received_date="2026-01-02")
    assert COMPLAINT.tell_flags(known) == {"late", "unconfirmed"}


@pytest.mark.parametrize(
    ("country", "years", "words"),
    [
        (NORWAY, 15, None),
        (NORWAY, 16, "Fra den alderen bestemmer de unge selv"),
        (NORWAY, 18, "må en forelder ha fullmakt"),
        (DENMARK, 16, None),
        (DENMARK, 18, "må en forelder ha fullmakt"),
    ],
)
def test_the_age_of_a_child_is_told_on_the_birthday_and_not_before(
    country: Country, years: int, words: str | None
) -> None:
    found = told(country, role="child", birth_date=born(years))
    assert (found == []) if words is None else (len(found) == 1 and words in found[0])
    assert f"{years} år" in "".join(found) or words is None
    before = "".join(told(country, role="child", birth_date=born(years, days=1)))
    assert words is None or f"{years} år" not in before


@pytest.mark.parametrize("role", ["myself", "other", "professional", None])
@pytest.mark.parametrize(("country", "age"), [(NORWAY, 16), (DENMARK, 18)])
def test_whoever_is_too_young_to_sign_is_told_of(country: Country, age: int, role: str | None) -> None:
    question = "birth_date" if role else "grantor_birth_date"
    answers = {"role": role, "authority": "later"} if role in AGENTS else {"role": role}
    before, after = (told(country, **answers, **{question: born(age, days)}) for days in (1, 0))
    assert len(before) == len(after) + 1
    assert f"hadde ikke fylt {age} år" in before[0]


def test_a_guardian_of_a_child_is_nothing_odd() -> None:
    assert len(told(NORWAY, role="guardian", authority="later", birth_date=born(10))) == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"authority": "later"}, "skal komme senere"),
        ({"authority": None}, "har ikke sagt hvordan"),
        ({"authority": "invite"}, "kode som personen kan bekrefte med"),
        ({"authority": "given_here"}, "så søk etter navnet"),
        ({"authority": "given_here", "authority_reference": "k7m2 9qxk"}, f"{REFERENCE}. Den er ikke kontrollert"),
        ({"authority": "given_here", "authority_reference": "1234"}, "1234. Den er feil skrevet"),
        ({"authority": "attached"}, "men det kom ingen fil"),
    ],
)
def test_the_case_worker_is_told_how_the_right_to_act_is_to_be_shown(answers: dict[str, Any], words: str) -> None:
    (found,) = told(NORWAY, role="other", **answers)
    assert words in found


def test_a_paper_among_the_files_is_not_taken_for_read() -> None:
    (found,) = told(NORWAY, role="other", authority="attached", has_files=True)
    assert "Ingen har sett på det" in found


def test_a_reference_is_told_whatever_else_is_said() -> None:
    first, second = told(NORWAY, role="other", authority="later", authority_reference=REFERENCE)
    assert "senere" in first
    assert REFERENCE in second


@pytest.mark.parametrize(
    ("role", "words"), [("other", "Se merknaden"), ("guardian", "være verge"), ("professional", "fagperson")]
)
def test_a_role_is_told_as_what_the_sender_says(role: str, words: str) -> None:
    (found,) = told(NORWAY, role=role, authority="by_role")
    assert words in found


@pytest.mark.parametrize(
    ("share", "agree", "words"),
    [
        ("shared", "yes", None),
        ("shared", "no", "ikke enige"),
        ("shared", "not_asked", "ikke snakket"),
        ("shared", None, "ikke kjent om foreldrene"),
        ("unsure", None, "vet ikke om noen andre"),
        ("alone", None, None),
        (None, "no", "ikke enige"),
        (None, None, None),
    ],
)
def test_two_parents_are_information_only(share: str | None, agree: str | None, words: str | None) -> None:
    found = told(NORWAY, role="child", parental_responsibility=share, parents_agree=agree)
    if words is None:
        assert found == []
        return
    first, second = found
    assert words in first
    assert "ikke sagt fra til noen annen forelder" in second


@EVERY_COUNTRY
@EVERY_LANGUAGE
@pytest.mark.parametrize("citizen", list(CITIZENS.values()), ids=list(CITIZENS))
def test_remarks_can_be_told_of_whatever_is_sent(citizen: dict[str, str], language: Language, country: Country) -> None:
    with use(language):
        for form in FormKey:
            known = filled(form, country, **citizen).context
            for has_files in (True, False):
                assert all(remarks(known, has_files=has_files))


def test_a_mistyped_reference_is_asked_about_once() -> None:
    typed = {"authority": "given_here", "authority_reference": "K7M2-9QXX"}
    asked = page(Authority, typed)
    assert not asked.validate()
    assert "ser feil ut" in asked.authority_reference.errors[0]
    assert page(Authority, typed | {"authority_reference-asked": "K7M2-9QXX"}).validate()
    assert not page(Authority, typed | {"authority_reference-asked": "K7M2-9QXY"}).validate()


@pytest.mark.parametrize("written", [REFERENCE, "k7m29qxk", " K7M2 9QXK ", ""])
def test_a_reference_passes_however_it_is_written_and_is_kept_as_typed(written: str) -> None:
    form = page(Authority, {"authority_reference": written})
    assert form.validate()
    assert form.authority_reference.to_json() == (written.strip() or None)


def labels(known: Context) -> dict[str, str]:
    question = page(Authority, None, known).authority
    assert isinstance(question, OneOf)
    return {value: f"{label} {question.hints[value]}" for value, label in question.choices}


def test_the_ways_are_named_for_whoever_acts() -> None:
    said = {role: labels(context(role=role)) for role in AGENTS}
    assert len({one["by_role"] for one in said.values()}) == 3
    assert "underskrevet fullmakt" in said["other"]["attached"]
    assert "fremtidsfullmakten" in said["guardian"]["attached"]
    assert "skriftlig samtykke" in said["professional"]["attached"]
    assert list(said["other"]) == list(labels(context()))


@pytest.mark.parametrize(
    ("country", "role", "count"),
    [(NORWAY, "other", 1), (DENMARK, "other", 0), (NORWAY, "guardian", 0), (DENMARK, "professional", 1)],
)
def test_who_may_act_is_said_as_a_hint(country: Country, role: str, count: int) -> None:
    assert AUTHORITY.help
    found = AUTHORITY.help(context(country, role=role))
    assert len(found) == count
    assert ("18 år" in "".join(found)) is (country is NORWAY and role == "other")
    assert AUTHORITY.help(context(country)) == []


def test_the_page_for_attachments_reminds_of_the_paper() -> None:
    assert len(attach_help(context(authority="attached"))) == 1
    assert attach_help(context(authority="later")) == []
    assert attach_help(start()) == []


@pytest.mark.parametrize(("country", "age"), [(NORWAY, 16), (DENMARK, 18)])
def test_ages_are_hints_and_refuse_nobody(country: Country, age: int) -> None:
    known = context(country)
    too_young = {"birth_date-day": "3", "birth_date-month": "11", "birth_date-year": "2020"}
    grantor = step_form(POWER_OF_ATTORNEY, "grantor")
    for form, field in ((Myself, "birth_date"), (Child, "birth_date"), (grantor, "grantor_birth_date")):
        assert f"{age} år" in page(form, None, known)[field].description
    assert page(Myself, too_young | {"name_of_person": "Ida"}, known).validate()


def test_only_who_chose_it_has_invited_somebody() -> None:
    assert is_invited({"authority": {"authority": "invite"}})
    assert not is_invited({"authority": {"authority": "later"}})
    assert not is_invited({"role": {"role": "myself"}})


@EVERY_COUNTRY
@pytest.mark.parametrize("form", [FormKey.APPLICATION, FormKey.COMPLAINT])
def test_paper_invites_nobody(form: FormKey, country: Country) -> None:
    blocks = blank_paper(FORMS[form], blank_context(DEPLOYMENT, country))
    (question,) = (
        one.question
        for one in blocks
        if isinstance(one, ToFill) and one.question.label == "Hvordan kan du vise at du handler for personen?"
    )
    assert isinstance(question.shape, TickOff)
    assert len(question.shape.boxes) == len(labels(context(country))) - 1
