"""A draft begun with one version of a form goes on with the next: nothing typed is lost in silence, and what is asked
otherwise is said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from checked_client import CheckedClient, Page, words_of
from form_journeys import Journey, fields_of, reference_of

from forms_app.forms.definition import FormDefinition, FormKey, StepForm
from forms_app.forms.questions import Line, Paragraphs
from forms_app.forms.registry import FORMS
from forms_app.intake import receipts
from forms_app.language import Language
from forms_app.sealing.codes import Code

START = "/nb/skjema/soknad/"
APPLICATION = FORMS[FormKey.APPLICATION]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Deploys the next version of the application, with other questions on some pages."""

    def deploy(forms: Mapping[str, type[StepForm]]) -> None:
        steps = tuple(replace(step, form=forms.get(step.key, step.form)) for step in APPLICATION.steps)
        new = replace(APPLICATION, version=APPLICATION.version + 1, steps=steps)
        monkeypatch.setitem(FORMS, FormKey.APPLICATION, new)  # type: ignore[misc]

    return deploy


def changed(step: str, *, without: str = "", **more: Any) -> type[StepForm]:
    """The form of a page without one of its questions and with others at its end."""
    old = next(one.form for one in APPLICATION.steps if one.key == step)
    return type("Changed", (old,), {**({without: None} if without else {}), **more})


def step_of(definition: FormDefinition, slug: str) -> str:
    found = definition.step_at(Language.NB, slug)
    assert found
    return found.key


def notice(page: Page) -> str:
    """What the page says about the change; empty where it says nothing."""
    return " ".join("".join(one.itertext()) for one in page.with_class("changes"))


SITUATION = step_of(APPLICATION, "situasjonen")
CONTACT = step_of(APPLICATION, "kontakt")


def test_while_the_form_is_the_same_nothing_is_said(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", words="Blåbær")
    journey.to_review()
    assert not [page.url for page in journey.seen if notice(page)]


def test_a_new_question_is_named_and_the_draft_goes_on(client: CheckedClient, change: Any) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    change({SITUATION: changed(SITUATION, pets=Line("Har du hund?"))})
    review = client.get(START + "se-over")
    assert "Har du hund?" in notice(review)
    assert START + "situasjonen" in [one.get("href") for one in review.with_class("changes")[0].iter("a")]
    page = client.get(START + "situasjonen?back_to_review")
    assert "Har du hund?" in notice(page)
    answered = client.follow(client.post(page.url, fields_of(page) | {"pets": ["Ja, to"]}))
    assert "Har du hund?" not in notice(answered)
    assert "Ja, to" in answered.main
    assert reference_of(journey.confirm(answered))


def test_a_new_question_that_must_be_answered_is_come_to_before_sending(client: CheckedClient, change: Any) -> None:
    Journey(client, Language.NB, "application").to_review()
    change({SITUATION: changed(SITUATION, pets=Line("Har du hund?", missing="Skriv om du har hund."))})
    led = client.follow(client.get(START + "se-over", status=303))
    assert led.url == START + "situasjonen"
    assert "Skriv om du har hund." in led.main


def test_an_answer_that_is_asked_for_no_more_is_shown_and_not_sent(
    client: CheckedClient, change: Any, app: Any
) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Linje en\r\nLinje <to>"})
    journey.to_review()
    change({SITUATION: changed(SITUATION, without="situation")})
    page = client.get(START + "situasjonen")
    assert "Linje <to>" in notice(page)
    label = next(line for line in page.words(".//main//section//dt"))
    # Saving the page again, and other pages too, keeps it.
    client.post(page.url, fields_of(page), status=303)
    review = client.get(START + "se-over")
    assert label in notice(review)
    assert "Linje <to>" in notice(client.get("/da/skema/anmodning/gennemse"))
    receipt = journey.confirm(review)
    assert "Linje" not in receipt.main
    sent = receipts.find(app.extensions["portal"].desk.engine, Code.parse(client.cookie("draft-application") or ""))
    assert sent
    assert "Linje" not in str(sent.answers)
    assert sent.binding.form_version == APPLICATION.version + 1


def test_a_question_that_nobody_answered_goes_without_a_word(client: CheckedClient, change: Any) -> None:
    Journey(client, Language.NB, "application").to_review()
    change({SITUATION: changed(SITUATION, without="situation")})
    assert notice(client.get(START + "se-over")) == ""


def test_an_answer_moves_with_its_question_to_another_page(client: CheckedClient, change: Any) -> None:
    Journey(client, Language.NB, "application", {"situation": "Vi sover ikke"}).to_review()
    change(
        {
            SITUATION: changed(SITUATION, without="situation"),
            CONTACT: changed(CONTACT, situation=Paragraphs("Hvordan er det?")),
        }
    )
    review = client.get(START + "se-over")
    assert "Vi sover ikke" not in notice(review)
    assert "Vi sover ikke" in review.main
    page = client.get(START + "kontakt")
    assert fields_of(page)["situation"][0].strip() == "Vi sover ikke"


def test_an_answer_that_moves_to_a_page_nobody_has_seen_waits_there(client: CheckedClient, change: Any) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Vi sover ikke"})
    journey.to("hvem-hjelper")
    change(
        {
            SITUATION: changed(SITUATION, without="situation"),
            CONTACT: changed(CONTACT, situation=Paragraphs("Hvordan er det?")),
        }
    )
    page = journey.on(client.get(START + "hvem-hjelper"), "kontakt")
    assert fields_of(page)["situation"][0].strip() == "Vi sover ikke"
    assert not page.with_class("ds-error-summary")


def test_what_was_typed_into_a_page_that_was_open_while_the_form_changed_is_shown(
    client: CheckedClient, change: Any
) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    typed = fields_of(page) | {"situation": ["Lang tekst"], "goals": ["Søvn"]}
    change({SITUATION: changed(SITUATION, without="situation")})
    shown = client.post(page.url, typed, status=409)
    assert "Lang tekst" in shown.main
    assert fields_of(shown)["goals"] == ["Søvn"]
    assert client.post(shown.url, fields_of(shown)).status == 303


def test_what_was_typed_into_a_page_of_another_country_is_shown_with_its_question(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "complaint", {"municipality": "arendal", "service": "health"})
    page = journey.to("endring")
    for slug, choice in (("kommune", {"municipality": ["rudersdal"]}), ("tjeneste", {"service": ["social_dk"]})):
        other = client.get(journey.start + slug)
        client.post(other.url, fields_of(other) | choice, status=303)
    shown = client.post(page.url, fields_of(page) | {"suspend": ["y"], "why": ["Fordi"]}, status=409)
    (told,) = shown.with_class("not-asked")
    assert ["Ja" in words_of(one) for one in told.iter("dd")] == [True]
    assert "Uten spørsmål" not in words_of(told)
    assert fields_of(shown)["why"] == ["Fordi"]
    assert client.post(page.url, fields_of(shown)).status == 303


def test_adding_a_row_shows_what_is_not_asked_any_more(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("hvem-hjelper")
    fields = fields_of(page) | {"gone": ["Lang tekst"], "action": ["add-row:bodies"]}
    assert "Lang tekst" in client.post(page.url, fields, status=200).main
