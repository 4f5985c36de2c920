"""The self-check over HTTP: asked in two rounds on one page, answered at once, and forgotten."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, Page
from flask import Flask
from form_journeys import controls_of, fields_of

from forms_app.countries import Country, rules_for
from forms_app.language import Language, gettext, use
from forms_app.masthead import form_url, page_url
from forms_app.municipality import Contact, Deployment
from forms_app.settings import Settings

EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))
IN_NORWAY = {"health_care": "yes", "lasting": "yes", "together": "together", "complex": "unsure"}
FOR_CHILD = {**IN_NORWAY, "serious": "yes", "welfare": "yes"}
IN_DENMARK = {"together": "together", "complex": "yes", "reduced": "no", "working_age": "yes"}
FOR_DANISH_CHILD = {"together": "one", "complex": "no", "permanent": "yes", "support": "at_home", "youth": "yes"}
UNLIKELY = "Your answers do not point to a right to a coordinator now. You can apply all the same."
EVERYONE: list[tuple[str, str, Mapping[str, str]]] = [
    ("norway", "myself", IN_NORWAY),
    ("norway", "child", FOR_CHILD),
    ("norway", "other", IN_NORWAY),
    ("denmark", "myself", IN_DENMARK),
    ("denmark", "child", FOR_DANISH_CHILD),
    ("denmark", "other", IN_DENMARK),
]


def url(language: Language = Language.NB) -> str:
    return form_url(language, "self_check")


def with_answers(page: Page, answers: Mapping[str, str]) -> dict[str, list[str]]:
    return fields_of(page) | {name: [value] for name, value in answers.items()}


def send(client: CheckedClient, page: Page, *, status: int = 200, **answers: str) -> Page:
    return client.post(page.url, with_answers(page, answers), status=status)


def asked(page: Page) -> list[str]:
    return list(dict.fromkeys(one.get("name", "") for one in controls_of(page) if one.get("type") == "radio"))


def in_words(language: Language, message: str, **values: str) -> str:
    """A message as its readers see it, so that these tests do not hold on to the words of a translation."""
    with use(language):
        return gettext(message, **{name: gettext(value) for name, value in values.items()})


def result_of(
    client: CheckedClient, language: Language, country: str, concerns: str, answers: Mapping[str, str]
) -> Page:
    second = send(client, client.get(url(language)), country=country, concerns=concerns)
    return send(client, second, **answers)


@EVERY_LANGUAGE
@pytest.mark.parametrize(("country", "concerns", "answers"), EVERYONE)
def test_everyone_gets_an_answer_with_its_law_and_the_next_step(
    client: CheckedClient, language: Language, country: str, concerns: str, answers: Mapping[str, str]
) -> None:
    page = result_of(client, language, country, concerns, answers)
    links = [link.get("href", "") for link in page.all(".//main//a")]
    addresses = {statute.address for statute in rules_for(Country(country)).statutes.values()}
    assert form_url(language, "application") in links
    assert [link for link in links if link in addresses]
    assert page.with_class("finding")
    assert page.words(".//h2")[0].endswith(".")


@EVERY_LANGUAGE
@pytest.mark.parametrize(("country", "concerns", "answers"), EVERYONE)
def test_no_answer_is_kept_anywhere(
    app: Flask, database: sa.Engine, settings: Settings, caplog: pytest.LogCaptureFixture,
    language: Language, country: str, concerns: str, answers: Mapping[str, str],
) -> None:  # fmt: skip
    client = CheckedClient(app)
    before = everything_stored(database, settings.journal)
    with caplog.at_level(logging.DEBUG):
        pages = [client.get(url(language))]
        pages.append(send(client, pages[-1], country=country, concerns=concerns))
        pages.append(send(client, pages[-1], **answers))
        pages.append(send(client, pages[-1], status=422, together="nonsense"))
    assert [one for page in pages for one in page.cookies] == []
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    assert {page.url for page in pages} == {url(language)}
    assert everything_stored(database, settings.journal) == before
    assert "together" not in caplog.text


def everything_stored(database: sa.Engine, journal: Path) -> tuple[list[tuple[str, int]], bytes]:
    with database.connect() as connection:
        tables = sorted(sa.inspect(connection).get_table_names())
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables]
    return list(zip(tables, counts, strict=True)), journal.read_bytes() if journal.exists() else b""


@EVERY_LANGUAGE
def test_the_first_page_asks_where_and_about_whom_with_the_usual_country_chosen(
    client: CheckedClient, language: Language
) -> None:
    page = client.get(url(language))
    assert asked(page) == ["country", "concerns"]
    assert fields_of(page) == {"country": ["denmark" if language is Language.DA else "norway"]}
    assert page.all(".//form")[0].get("action") is None


def test_the_answer_in_norway_says_what_speaks_for_it(client: CheckedClient) -> None:
    page = result_of(client, Language.NB, "norway", "child", FOR_CHILD)
    likely = "The child or the family probably has a right to %(right)s."
    speaks_for = in_words(Language.NB, "Speaks for it")
    decides = "Only the municipality decides. You can always apply, whatever stands here, and it is free."
    assert page.words(".//h2")[0] == in_words(Language.NB, likely, right="a child coordinator")
    assert f"{in_words(Language.NB, 'Is the help needed over time?')} Ja. {speaks_for}." in page.main
    assert "Pasient- og brukerrettighetsloven § 2-5 c" in page.main
    assert in_words(Language.NB, decides) in page.main
    assert page_url(Language.NB, "child_coordinator") in [link.get("href") for link in page.all(".//main//a")]


def test_the_answer_in_denmark_promises_no_coordinator(client: CheckedClient) -> None:
    page = result_of(client, Language.DA, "denmark", "child", FOR_DANISH_CHILD)
    opening = "Danish law gives no general right to a coordinator. But it has other help."
    offered = "Your answers suggest that the municipality must offer %(right)s."
    assert in_words(Language.DA, opening) in page.main
    assert page.words(".//h2")[0] == in_words(Language.DA, offered, right="a family guide")
    assert rules_for(Country.DENMARK).fact("family_guide").phrase(Language.DA) in page.main
    assert "Barnets lov §§ 108–109" in page.main
    assert page_url(Language.DA, "child_coordinator") in [link.get("href") for link in page.all(".//main//a")]


def test_whoever_most_likely_has_no_right_is_told_to_apply_all_the_same(client: CheckedClient) -> None:
    nothing = {"health_care": "no", "lasting": "no", "together": "one", "complex": "no"}
    page = result_of(client, Language.NN, "norway", "myself", nothing)
    assert page.words(".//h2")[0] == in_words(Language.NN, UNLIKELY)
    hospital = rules_for(Country.NORWAY).statutes["FHRK"].title_in(Language.NN)
    assert f"{hospital} § 17" in page.main
    assert form_url(Language.NN, "application") in [link.get("href") for link in page.all(".//main//a")]


@pytest.mark.parametrize(
    ("language", "country"), [(Language.NB, "denmark"), (Language.NN, "denmark"), (Language.DA, "norway")]
)
def test_those_who_live_across_the_border_are_led_to_the_page_about_it(
    client: CheckedClient, language: Language, country: str
) -> None:
    answers = IN_DENMARK if country == "denmark" else IN_NORWAY
    page = result_of(client, language, country, "myself", answers)
    assert page_url(language, "across_the_border") in [link.get("href") for link in page.all(".//main//a")]


def test_who_asks_for_another_is_told_of_the_power_of_attorney(client: CheckedClient) -> None:
    for_another = result_of(client, Language.NB, "norway", "other", IN_NORWAY)
    for_myself = result_of(client, Language.NB, "norway", "myself", IN_NORWAY)
    guidance = page_url(Language.NB, "power_of_attorney")
    assert [
        guidance in [link.get("href") for link in page.all(".//main//a")] for page in (for_another, for_myself)
    ] == [
        True,
        False,
    ]


@EVERY_LANGUAGE
def test_an_empty_first_page_is_shown_again_with_the_message_beside_the_question(
    client: CheckedClient, language: Language
) -> None:
    page = send(client, client.get(url(language)), status=422)
    assert [one.get("href") for one in page.with_class("ds-error-summary")[0].iter("a")] == ["#concerns-0"]
    assert page.all(".//*[@id='concerns-error']")
    assert fields_of(page)["country"]


@EVERY_LANGUAGE
def test_a_missing_answer_is_asked_for_and_nothing_is_lost(client: CheckedClient, language: Language) -> None:
    second = send(client, client.get(url(language)), country="norway", concerns="child")
    assert second.with_class("ds-error-summary") == []
    given = {name: value for name, value in FOR_CHILD.items() if name != "welfare"}
    page = send(client, second, status=422, **given)
    assert [one.get("href") for one in page.with_class("ds-error-summary")[0].iter("a")] == ["#welfare-0"]
    assert page.all(".//*[@id='welfare-error']")
    assert not page.with_class("finding")
    kept = fields_of(page)
    assert {name: kept[name] for name in given} == {name: [value] for name, value in given.items()}
    assert send(client, page, welfare="yes").with_class("finding")


def test_the_given_answers_stand_below_the_result_and_can_be_changed(client: CheckedClient) -> None:
    page = result_of(client, Language.NB, "norway", "myself", IN_NORWAY)
    assert {name: values[0] for name, values in fields_of(page).items() if name in IN_NORWAY} == IN_NORWAY
    changed = send(client, page, lasting="no", complex="no")
    assert changed.words(".//h2")[0] == in_words(Language.NB, UNLIKELY)
    assert send(client, changed, **IN_NORWAY).main == page.main


def test_who_turns_out_to_be_a_child_is_asked_only_what_is_new(client: CheckedClient) -> None:
    page = result_of(client, Language.NB, "norway", "myself", IN_NORWAY)
    page = send(client, page, concerns="child")
    assert page.with_class("ds-error-summary") == []
    assert {name: values[0] for name, values in fields_of(page).items() if name in IN_NORWAY} == IN_NORWAY
    assert {"serious", "welfare"} <= set(asked(page)) - set(fields_of(page))
    assert send(client, page, serious="yes", welfare="yes").with_class("finding")


def test_another_country_has_other_questions(client: CheckedClient) -> None:
    page = send(client, client.get(url()), country="norway", concerns="myself")
    danish = send(client, page, country="denmark")
    assert "reduced" in asked(danish)
    assert "health_care" not in asked(danish)
    assert danish.with_class("ds-error-summary") == []


@EVERY_LANGUAGE
def test_the_page_leads_to_itself_in_the_other_languages(client: CheckedClient, language: Language) -> None:
    page = result_of(client, language, "norway", "myself", IN_NORWAY)
    urls = {link.get("lang"): link.get("href", "") for link in page.all(".//nav[@class='languages']//a")}
    assert urls == {str(one): url(one) for one in Language}
    for other in urls.values():
        assert asked(client.get(other)) == ["country", "concerns"]


@pytest.mark.parametrize("wrong", ["/nb/skjema/tjek", "/da/skema/sjekk", "/nb/skema/sjekk", "/da/skjema/tjek"])
def test_the_address_is_in_the_words_of_its_language(client: CheckedClient, wrong: str) -> None:
    client.get(wrong, status=404)


@pytest.mark.parametrize(
    "typed", [{}, {"country": ["mars"]}, {"concerns": ["nobody"]}, {"concerns": ["child", "other"]}]
)
def test_what_no_browser_sends_is_answered_kindly(client: CheckedClient, typed: dict[str, list[str]]) -> None:
    page = client.post(url(), typed)
    assert page.status in (200, 422)
    assert asked(page)[:2] == ["country", "concerns"]


@pytest.mark.parametrize("language", list(Language))
def test_the_start_of_the_application_leads_to_the_check_and_says_how_long_it_takes(
    client: CheckedClient, language: Language
) -> None:
    start = client.get(form_url(language, "application"))
    assert url(language) in [link.get("href") for link in start.all(".//main//a")]
    assert " 20 " in start.main
    complaint = client.get(form_url(language, "complaint"))
    assert url(language) not in [link.get("href") for link in complaint.all(".//main//a")]


def _served(deployment: Deployment, country: Country, **contact: str) -> Deployment:
    served = tuple(replace(one, contact=Contact(**contact)) for one in deployment.of_country(country))
    return replace(deployment, municipalities=served)


@EVERY_LANGUAGE
@pytest.mark.parametrize("country", list(Country))
def test_where_one_country_is_served_its_law_is_taken_without_asking(
    make_app: Callable[[Settings], Flask], settings: Settings, language: Language, country: Country
) -> None:
    deployment = _served(settings.deployment, country, phone="40 50 16 00")
    client = CheckedClient(make_app(replace(settings, deployment=deployment)))
    first = client.get(url(language))
    assert asked(first) == ["concerns"]
    page = send(client, send(client, first, concerns="myself"), **(IN_NORWAY | IN_DENMARK))
    links = [link.get("href", "") for link in page.all(".//main//a")]
    assert [link for link in links if link in {one.address for one in rules_for(country).statutes.values()}]
    assert f"{deployment.municipalities[0].name}: 40 50 16 00" in page.main
